"""Quality: the counterexample found is the one a person would have given."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from mechanism import ArgMax, Cases, Highest, Rule, agents, registry, report
from proofs.engines.engine import Budget
from proofs.engines.grids import grid
from proofs.enumerate import nonzero, smallest_with
from proofs.minimise import smallest
from proofs.robust import robust
from proofs.violations import Violations
from properties.check import check
from properties.registry import property_of

# The number of agents of the smallest violation.
SMALLEST = {
    ("first-price", "dsic"): 2,
    ("all-pay", "ex-post-ir"): 2,
    ("second-price", "non-bossiness"): 2,
    ("second-price", "collusion-proofness"): 2,
    ("fmmra-one-task", "dsic"): 2,
    ("average-price-double-auction", "dsic"): 2,
    ("kth-price", "envy-freeness"): 3,
}


def found(name, prop, agents_up_to=3):
    obligation = property_of(prop).on(registry.rule(name))
    return obligation, smallest(
        obligation, Budget(), range(obligation.min_agents, agents_up_to + 1)
    )


@pytest.mark.parametrize(("name", "prop"), sorted(SMALLEST))
def test_the_smallest_violation_is_small_and_replays(name, prop):
    obligation, result = found(name, prop)
    assert result.minimal, result.below
    assert check(obligation, result.instance).violated
    assert result.instance.sizes["agent"] == SMALLEST[name, prop]
    numbers = [
        x for t in result.instance.tables.values() for x in (t if isinstance(t, tuple) else (t,))
    ]
    assert all(abs(x) <= 3 for x in numbers)


def test_the_first_price_example_is_the_textbook_one():
    _, result = found("first-price", "dsic")
    assert result.instance.tables["v"] == (Fraction(1), Fraction(0))
    assert result.instance.tables["b'"] == (Fraction(0), Fraction(0))
    assert result.instance.roles["i"] == 0


def test_a_robust_twin_has_no_tie_and_room():
    obligation, result = found("first-price", "dsic")
    clear = robust(obligation, Budget(), result.instance)
    checked = check(obligation, clear)
    assert checked.violated
    assert checked.margin >= 1
    assert len(set(clear.tables["v"])) == len(clear.tables["v"])


def test_a_violation_on_a_knife_edge_is_found_and_made_small():
    """The price is wrong only when three times one bid is another plus 170001."""
    i, j = agents("i j")
    b = report("b")
    winner = ArgMax(b[j], j)
    rival = Highest(b[j], j, where=sp.Ne(j, i))
    edge = sp.Eq(3 * rival, b[i] + 170001)
    rule = Rule(
        id="knife-edge",
        agent=i,
        reports=b,
        allocation=Cases((1, sp.Eq(i, winner)), (0, True)),
        payment=Cases((b[i], sp.And(sp.Eq(i, winner), edge)), (rival, sp.Eq(i, winner)), (0, True)),
    )
    obligation = property_of("dsic").on(rule)
    result = smallest(obligation, Budget(), range(1, 3))
    assert check(obligation, result.instance).violated
    assert result.instance.sizes["agent"] == 2


def test_nothing_is_found_where_nothing_is():
    _, result = found("second-price", "dsic")
    assert result is None


def test_many_open_steps_are_one_doubt():
    search = object.__new__(Violations)
    search.doubts = []
    for _ in range(3):
        search._doubt("unknown", "smaller numbers")
    search._doubt("unsat", "small denominators")
    assert search.doubts == ["smaller numbers were not all ruled out"]


def test_no_profile_has_more_entries_than_there_are():
    obligation = property_of("ex-post-ir").on(registry.rule("all-pay"))
    assert smallest_with(obligation, {"agent": 2}, count=3, top=2) is None
    assert smallest_with(obligation, {"agent": 2}, count=1, top=0) is None
    assert nonzero(obligation, smallest_with(obligation, {"agent": 2}, count=2, top=2)) == 2


def test_types_of_those_who_are_absent_are_admissible_in_a_search():
    """Whoever takes part under a false name has a type all the same: without goods wanted it is none."""
    obligation = property_of("false-name-proofness").on(registry.rule("greedy-single-minded"))
    sizes = {"agent": 3, "good": 2}
    found = smallest_with(obligation, sizes, count=9, top=2)
    assert found is not None
    assert nonzero(obligation, found) == 9
    assert all(any(bundle) for bundle in found.tables["v_want"])


def test_a_grid_with_flags_stays_in_machine_integers():
    """Fractions come only with values that are fractions: arrays of objects cost three times as much."""
    obligation = property_of("dsic").on(registry.rule("mcafee"))
    tables, _ = grid(obligation, {"agent": 2}, 1, 10_000)
    assert {tables[name].dtype.kind for name in ("v", "b'")} == {"i"}
    assert tables["buyer"].dtype == bool
    halves, _ = grid(obligation, {"agent": 2}, 1, 10_000, (0, Fraction(1, 2)))
    assert Fraction(1, 2) in halves["v"]
