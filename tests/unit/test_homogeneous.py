"""What grows in proportion to a parameter, and a number that says it is unbounded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from mechanism import registry
from mechanism.language import (
    Cases,
    Highest,
    KthHighest,
    Max,
    Rank,
    Sum,
    agents,
    parameter,
    report,
    slots,
)
from proofs.audit import audit
from proofs.engines.engine import NotAccepted
from proofs.lowering.homogeneous import Scale, proportional
from proofs.regret import scaled
from proofs.report.json import finding_from, finding_json
from proofs.verdict import Number, Verdict
from properties.check import check
from properties.registry import property_of

i, j = agents("i j")
q = slots("q")
b = report("b")
rate = parameter("rate", over="slot", at_least=0)
place = Rank(b[j], j, at=i)
ONE = {
    "an entry": rate[place],
    "times what stays": rate[place] * KthHighest(place + 1, b[j], j),
    "a sum": Sum((rate[q] - rate[q + 1]) * b[i], q, where=q >= place),
    "cases": Cases((rate[place] * b[i], b[i] > 1), (0, True)),
    "the larger": Max(rate[place], 2 * rate[place + 1]),
    "a comparison of its own kind": Cases((rate[1], rate[1] > rate[2]), (0, True)),
    "a quotient": rate[1] ** 2 / rate[2],
}
NONE = {
    "plus what stays": rate[place] + b[i],
    "a comparison with what stays": Cases((rate[1], rate[1] > b[i]), (0, True)),
    "a place that moves": rate[rate[place]],
    "a k that moves": KthHighest(rate[1], rate[1] * b[j], j),
    "at least something": Highest(rate[1] * b[j], j, default=1),
}


@pytest.mark.parametrize("what", ONE)
def test_degree_one(what):
    assert Scale(rate).degree(ONE[what]) == 1


@pytest.mark.parametrize("what", NONE)
def test_what_does_not_scale(what):
    with pytest.raises(NotAccepted):
        Scale(rate).degree(NONE[what])


def test_only_slots_have_gains_in_proportion():
    regret = property_of("regret")
    found = {
        name: str(proportional(regret.on(registry.rule(name))))
        for name in registry.RULES
        if not regret.applies(registry.rule(name))
    }
    assert {n for n, f in found.items() if f != "None"} == {"gsp", "vcg-slots"}


def test_bounded_rates_have_no_such_family():
    gsp = registry.rule("gsp")
    bounded = replace(gsp, assumptions=(*gsp.assumptions, rate[1] <= 1))
    assert proportional(property_of("regret").on(bounded)) is None


def test_gsp_is_unbounded_and_both_profiles_replay():
    (found,) = audit("gsp", properties=["regret"], cache=False)
    (finding,) = found.findings
    number = finding.evidence
    assert finding.verdict is Verdict.PROVED
    assert isinstance(number, Number)
    assert number.values == ((1, Fraction(0), True), *((n, None, False) for n in (2, 3, 4)))
    question = property_of("regret").on(registry.rule("gsp"))
    margins = [check(question, c.instance).margin for c in (number.witness, number.twice)]
    assert margins == [number.witness.margin, 2 * number.witness.margin]
    assert scaled(number.witness.instance, "rate", 2) == number.twice.instance
    for factor in (3, 10, 1000):
        larger = check(question, scaled(number.witness.instance, "rate", factor))
        assert larger.violated
        assert larger.margin == factor * number.witness.margin
    assert finding_from(finding_json(finding), "gsp").evidence == number


def test_rates_of_one_are_no_reason():
    assert (
        proportional(
            property_of("regret").on(registry.rule("gsp").with_parameters(rate=["1", "1/2"]))
        )
        is None
    )
    assert Scale(rate).degree(sp.Integer(3)) == 0
