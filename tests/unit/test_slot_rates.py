"""Slots: rates fall, whether or not the rule says so, since the best welfare is told for falling rates."""

import pytest
from sympy import S

from mechanism.errors import InputError
from mechanism.language import ForAll, Rank, agents, parameter, report, slots
from mechanism.registry import rule
from mechanism.rule import Rule
from mechanism.setting import positions
from mechanism.writing.words import describe
from properties.registry import property_of

i, j = agents("i j")
s = slots("s")
b = report("b")
place = Rank(b[j], j, at=i)


def by_rank(rate, *assumptions):
    return Rule(
        id="by-rank",
        agent=i,
        reports=b,
        setting_of=lambda r: positions(r, rate, place),
        sizes={"slot": (1, 2)},
        allocation=rate[place],
        payment=S.Zero,
        assumptions=assumptions,
    )


@pytest.mark.parametrize("least", [0, -1])
def test_rates_are_assumed_to_fall(least):
    rate = parameter("rate", over="slot", at_least=least)
    made = by_rank(rate)
    assert len(made.assumptions) == 1
    assert "assumes: for every slot q: rate[q] ≥ rate[q + 1]" in describe(made)
    assert made.assumptions[0] in property_of("efficiency").on(made).rule.assumptions
    assert made.with_parameters(rate=[3, 1]).run([2, 5]).allocation == (1, 3)
    for wrong in ([0, 1], [1, -1]):
        with pytest.raises(InputError, match=r"assumed is for every slot|outside its domain"):
            made.with_parameters(rate=wrong)
        with pytest.raises(InputError, match=r"assumes|outside its domain"):
            made.run([2, 5], rate=wrong)


def test_what_the_rule_says_itself_is_not_added_again():
    rate = parameter("rate", over="slot", at_least=0)
    own = ForAll(rate[s] >= rate[s + 1], s)
    assert by_rank(rate, own).assumptions == (own,)
    assert len(rule("gsp").assumptions) == len(rule("vcg-slots").assumptions) == 1


def test_rising_rates_are_refused_by_a_rule_of_the_catalogue():
    with pytest.raises(InputError, match="gsp: rate: assumed is for every slot q: rate"):
        rule("gsp").with_parameters(rate=[0, 1])


def test_a_parameter_that_dropped_out_is_told():
    with pytest.raises(InputError, match="'fitness' drops out for w2 = 0; leave it out"):
        rule("fmmra-one-task").with_parameters(w2=0, fitness=[1, 1])
