"""Problems that have no answer: one clear error each, and conflicts that are as small as they can be."""

from fractions import Fraction as F

import pytest

from mechanism.contracts.linear import Lowered
from mechanism.contracts.problem import problem_from
from mechanism.contracts.programme import Programme
from mechanism.errors import InputError, RuleError
from proofs.design import designed

BASE = {
    "types": [1, 2], "prior": ["1/2", "1/2"], "surplus": "4*q",
    "payoff": {"family": "reward-minus-cost-over-type", "cost": "q**2"},
}  # fmt: skip
TWO = {"transition": [["3/4", "1/4"], ["1/4", "3/4"]], "discount": "1/2"}
APART = {"family": "expression", "u": "r - q**2/theta - q/(3*theta**2)"}


def fails(**parts) -> str:
    with pytest.raises((InputError, RuleError)) as error:
        designed(problem_from({**BASE, **parts}))
    told = str(error.value)
    assert "\n" not in told
    return told


@pytest.mark.parametrize(("parts", "told"), [
    ({"prior": ["1/2", "1/3"]}, "prior: the chances sum to 5/6, not to 1"),
    ({"prior": [0.5, 0.4]}, "prior: write 0.5 exactly, as '3/7' or '0.1'"),
    ({"prior": ["3/2", "-1/2"]}, "prior: a chance is negative"),
    ({"prior": [1]}, "prior: there must be 2 entries, one for each type, not 1"),
    ({**TWO, "transition": [["3/4", "1/4"], ["1/2", "1/4"]]}, "transition row 1: the chances sum to 3/4, not to 1"),
    ({**TWO, "transition": [["3/4", "1/4"]]}, "transition: there must be 2 entries, one for each type, not 1"),
    ({**TWO, "transition": [["3/4", "1/4"], [1]]}, "transition row 1: there must be 2 entries"),
    ({"types": [2, 1]}, "types: 1 after 2 is out of order; types must increase"),
    ({"types": [1, 1]}, "types: 1 after 1 is repeated; types must increase"),
    ({"types": [0, 1]}, "types: 0 is not positive"),
    ({"types": [], "prior": []}, "types: a menu needs at least one type"),
    ({"min_quality": -1}, "min_quality: -1 is negative; a quality is at least 0"),
    ({"discount": "-1/2", "transition": TWO["transition"]}, "discount: -1/2 is negative"),
    ({"payoff": {"family": "expression", "u": "r - theta*q"}, "max_quality": 3}, "has no single crossing: see the items"),
    ({"payoff": {"family": "reward-minus-cost-over-type", "cost": "q"}}, "the problem is unbounded: the surplus outgrows what quality costs; give max_quality"),
    ({"payoff": {"family": "expression", "u": "r - q/theta"}}, "the problem is unbounded: the surplus outgrows what quality costs; give max_quality"),
    ({"payoff": {"family": "reward-minus-cost-over-type", "cost": "sqrt(q)"}}, "cost: the power sqrt(q) is not rational"),
    ({"payoff": {"family": "reward-minus-cost-over-type", "cost": "1 + q"}}, "cost: c(0) must be 0, not 1"),
    ({"surplus": "1/(1 - q)"}, "surplus: 1/(1 - q) has no value at q = 1"),
    ({"participation": "often"}, "participation: give one of total, per-period, per-history"),
    ({"budget": "much"}, "budget: 'much' is not a number"),
    ({"budget": "NaN"}, "budget: 'NaN' is not a number"),
], ids=lambda value: value if isinstance(value, str) else None)  # fmt: skip
def test_bad_input_is_one_clear_error(parts, told):
    assert told in fails(**parts)


def test_what_is_missing_is_told():
    for name in ("types", "prior", "payoff", "surplus"):
        with pytest.raises(InputError, match=f"'{name}' is missing from the problem"):
            problem_from({n: v for n, v in BASE.items() if n != name})


CONFLICTS = {
    "quality and budget": {"min_quality": 2, "budget": 3},
    "reservation and budget": {"reservation": 5, "budget": 4},
    "two periods": {**TWO, "min_quality": 1, "budget": "6/5"},
    "after every history": {**TWO, "participation": "per-history", "min_quality": 2, "budget": 4},
    "liability": {**TWO, "limited_liability": True, "budget": -1, "reservation": -9},
    "points of quality": {"payoff": APART, "surplus": "4*q", "min_quality": 2, "budget": 3},
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_a_conflict_is_one_and_none_of_it_can_be_spared(name):
    told = fails(**CONFLICTS[name])
    named = told.split("the smallest conflict is between: ")[1].split(" and ")
    assert "budget" in named
    asked = Programme(problem_from({**BASE, **CONFLICTS[name]}))
    lowered = Lowered(asked.named, asked.rewards, asked.quality, asked.weights)
    places = [lowered.names.index(one) for one in named]
    assert lowered._conflicts(places)
    for spared in places:
        assert not lowered._conflicts([n for n in places if n != spared])
    # And with more money there is a menu.
    roomy = {**BASE, **CONFLICTS[name], "budget": F(100)}
    assert designed(problem_from(roomy), references=False).design.menu


def test_what_the_conflicts_are_about():
    told = fails(**CONFLICTS["liability"])
    assert "limited liability" in told
    assert "participation" not in told
    told = fails(**CONFLICTS["points of quality"])
    assert "least quality: type 0" in told
    told = fails(**CONFLICTS["reservation and budget"])
    assert "participation: type 0" in told
    assert "participation: type 1" in told
    assert "quality" not in told
