"""Optimal menus of every payoff family: certified bounds, exact audits, and nothing better by search."""

import itertools
from fractions import Fraction as F

import numpy as np
import pytest

from mechanism.contracts.design import design
from mechanism.contracts.payoff import THETA, Q, R, expression, reward_minus_cost
from mechanism.contracts.problem import problem_from
from mechanism.contracts.programme import Programme
from mechanism.contracts.separable import parts_of
from mechanism.errors import InputError
from proofs.design import designed
from proofs.verdict import Verdict

OVER = "reward-minus-cost-over-type"
FAMILIES = {
    "cost over type": {"family": OVER, "cost": "q**2 + q**3/5"},
    "smooth value": {
        "family": "type-times-value-minus-cost", "value": "6*r/(2 + r)", "cost": "q**2",
    },
    "points": {
        "family": "type-times-value-minus-cost", "value": [[0, 0], [1, 2], [3, 3]], "cost": "q",
    },
    "expression with a common cost": {"family": "expression", "u": "r - q*(1 + q)/theta"},
    "expression without one": {"family": "expression", "u": "r - q**2/theta - q/(3*theta**2)"},
    "everything bent": {"family": "expression", "u": "6*theta*r/(2 + r) - q**2 - q/theta"},
}  # fmt: skip
STATIC = {"types": [1, "3/2", 2], "prior": ["1/2", "1/4", "1/4"], "surplus": "5*q - q**2/3"}
SPREAD = [["8/10", "1/10", "1/10"], ["1/10", "8/10", "1/10"], ["1/10", "1/10", "8/10"]]
TWO = {**STATIC, "transition": SPREAD, "discount": "9/10"}


def by_definition(asked, quality: np.ndarray) -> np.ndarray:
    """What menus with these rising qualities bring, one a row: the lowest type gets 0, the others what keeps them."""
    parts = asked.parts
    worth = parts.burdens[0].at(quality[:, 0])
    total = np.zeros(len(quality))
    for k in range(quality.shape[1]):
        if k:
            own, other = (parts.burdens[k].at(quality[:, n]) for n in (k, k - 1))
            worth = worth + own - other
        reward = parts.value.inverse(worth)
        total += float(asked.prior[k]) * (asked.worth.at(quality[:, k]) - reward)
    return total


@pytest.mark.parametrize("name", FAMILIES)
def test_no_menu_for_one_period_found_by_search_is_better(name):
    asked = problem_from({**STATIC, "payoff": FAMILIES[name]})
    found = designed(asked, references=False)
    assert {f.verdict for f in found.findings} == {Verdict.PROVED}
    rng = np.random.default_rng(0)
    near = np.array([float(q) for q in found.design.menu.rule.given["q"]])
    grid = np.array(list(itertools.combinations_with_replacement(np.linspace(0, 5, 21), 3)))
    around = np.sort(np.abs(near * (1 + rng.normal(0, 0.05, (2000, 3)))), axis=1)
    values = by_definition(asked, np.vstack([grid, around]))
    assert values.max() <= float(found.design.payoff) + 1e-6
    assert found.design.loss < 1e-5
    # And the search comes close, so that it is not the search that is wrong.
    assert values.max() > found.design.bound - 0.02


TIGHT = {"participation": "per-history", "limited_liability": True, "budget": 4}


@pytest.mark.parametrize(("name", "options"), [
    ("cost over type", TIGHT),
    ("smooth value", TIGHT),
    ("expression without one", {}),
    ("expression without one", TIGHT),
    ("everything bent", {}),
], ids=str)  # fmt: skip
def test_no_menu_for_two_periods_found_by_search_is_better(name, options):
    asked = problem_from({**TWO, "payoff": FAMILIES[name], **options})
    found = designed(asked, references=False)
    assert all(f.verdict in (Verdict.PROVED, Verdict.VACUOUS) for f in found.findings)
    given = found.design.menu.rule.given
    near = np.array([float(q) for q in (*given["q"], *(q for row in given["q2"] for q in row))])
    rng = np.random.default_rng(1)
    tried = 0
    for size in (0.01, 0.1, 0.3) * 2:
        quality = np.abs(near * (1 + rng.normal(0, size, near.shape)))
        quality[3:].reshape(3, 3).sort(axis=1)
        try:
            value = Programme(asked, fixed=quality).solve(explain=False).value
        except InputError:
            continue  # no rewards make these qualities incentive compatible, or within the budget
        tried += 1
        assert value <= float(found.design.payoff) + found.design.loss + 1e-6
    assert tried
    assert found.design.loss < 1e-4


def test_an_expression_that_is_a_family_in_disguise_gives_the_same():
    for plain, disguised in (
        (FAMILIES["cost over type"], "r - (q**2 + q**3/5)/theta"),
        (FAMILIES["smooth value"], "theta*(6*r/(2 + r)) - q**2"),
    ):
        one, other = (
            design(problem_from({**STATIC, "payoff": payoff}), references=False)
            for payoff in (plain, {"family": "expression", "u": disguised})
        )
        assert one.bound == pytest.approx(other.bound, rel=1e-8)
        assert other.problem.parts.cost is not None


def test_a_constant_of_the_type_is_part_of_what_it_must_get():
    # Type k gets theta for nothing, so participation costs so much less.
    plain, paid = (
        design(
            problem_from({**STATIC, "payoff": {"family": "expression", "u": u}}), references=False
        )
        for u in ("r - q**2/theta", "r - q**2/theta + 1")
    )
    assert paid.bound == pytest.approx(plain.bound + 1, rel=1e-9)


def test_menus_by_lot_can_be_better_and_the_gap_is_told():
    # Within a budget, a mixture of qualities is better than any one where the cost is not convex.
    asked = problem_from({
        "types": [1, 2], "prior": ["1/2", "1/2"], "surplus": "4*q - q**2/2", "max_quality": 4,
        "payoff": {"family": "expression", "u": "r - 4*q**2/(theta*(1 + q**2)) - q/theta**2"},
    })  # fmt: skip
    found = designed(asked, references=False)
    grid = np.array(list(itertools.combinations_with_replacement(np.linspace(0, 4, 161), 2)))
    best = by_definition(asked, grid).max()
    assert best <= found.design.bound + 1e-9
    assert float(found.design.payoff) + found.design.loss >= best - 1e-9


@pytest.mark.parametrize(("u", "told"), [
    ("theta*r/(1 + q)", "does not enter apart from quality"),
    ("-r - q/theta", "value: -r falls"),
    ("-q/theta", "does not enter apart from quality"),
    ("(2 - theta)*r - q", "does not enter apart from quality"),
    ("r**2 - q/theta", "value: r**2 is not concave"),
    ("r - q/(theta*(1 - q))", "has no value at q = 1"),
    ("r - theta*q**2", "no single crossing: see the items"),
    ("w*r - q", "the names are q, r, theta"),
])  # fmt: skip
def test_payoffs_that_no_menu_can_be_designed_for_are_told(u, told):
    with pytest.raises(InputError) as error:
        designed(problem_from({**STATIC, "payoff": {"family": "expression", "u": u}}))
    assert told in str(error.value)


def test_a_payoff_is_taken_apart_and_put_together_again():
    types = (F(1), F(2))
    for payoff in (reward_minus_cost("q**2"), expression("theta*r/(1 + r) - q**2 - q/theta + 3")):
        parts = parts_of(payoff, types)
        for k, theta in enumerate(types):
            for q, r in ((F(1), F(2)), (F(3, 7), F(1, 2))):
                whole = F(str(payoff.u.subs({THETA: theta, Q: q, R: r})))
                assert whole == parts.weights[k] * (parts.value.exact(r) - parts.burden(k, q))


def test_items_that_nobody_is_given_are_items_still():
    # Type 1 never comes, and type 0 never stays what it is; the value of rewards has a least upper bound.
    asked = problem_from({
        "types": ["3/2", 2], "prior": [1, 0], "transition": [[0, 1], [1, 0]], "surplus": "4*q - q**2",
        "payoff": FAMILIES["smooth value"], "participation": "per-period",
    })  # fmt: skip
    assert designed(asked, references=False).design.loss < 1e-4


def test_where_lots_are_of_use_the_gap_is_told_and_the_menu_is_as_good_as_any_of_a_grid():
    asked = problem_from({
        "types": ["5/4", "5/2", "11/4"], "prior": ["1/9", "4/9", "4/9"], "surplus": "4*sqrt(1 + q) - 4",
        "payoff": {"family": "expression", "u": "r + theta*q/(1 + q) - q**2"},
        "limited_liability": True, "min_quality": "1/4",
    })  # fmt: skip
    found = designed(asked).design
    assert 1e-3 < found.loss < found.complete_information - float(found.payoff)
    for quality in itertools.combinations_with_replacement(np.linspace(0.5, 1.5, 5), 3):
        value = Programme(asked, fixed=np.array(quality)).solve(explain=False).value
        assert value <= float(found.payoff) + 1e-6
