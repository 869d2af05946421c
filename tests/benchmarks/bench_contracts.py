"""Menus: screening against a plain loop, exact evaluation against Z3, designs of twenty types.

Run it as ``python tests/benchmarks/bench_contracts.py``, or with pytest. Times are of the process, because a busy
machine stretches the long side more.
"""

import sys
import time
from fractions import Fraction as F
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from mechanism.contracts import Menu, reward_minus_cost
from mechanism.contracts.design import design
from mechanism.contracts.problem import problem_from
from proofs.evaluated import margins
from proofs.repair import repair
from proofs.screen import exactly_feasible, screen
from properties.registry import property_of

SPREAD = [["8/10", "1/10", "1/10"], ["1/10", "8/10", "1/10"], ["1/10", "1/10", "8/10"]]
NONE = [(0, 0)] * 3
TWO = Menu(types=[1, 2, 3], prior=["1/3"] * 3, items=NONE, second=[NONE] * 3, transition=SPREAD,
           discount="9/10", payoff=reward_minus_cost("q**2"))  # fmt: skip
MENUS, LOOPED, EXACT = 100_000, 500, 5_000
NAMES = ("second-period-ic", "intertemporal-ic", "menu-ir")


def timed(function, *arguments):
    start = time.process_time()
    result = function(*arguments)
    return time.process_time() - start, result


def by_loop(items):
    """The margins of one menu as a reader of the definitions would write them, in floats."""
    types, chance, delta, every = (
        (1, 2, 3),
        [[0.8 if k == n else 0.1 for n in range(3)] for k in range(3)],
        0.9,
        range(3),
    )

    def u(k, item):
        return item[1] - item[0] ** 2 / types[k]

    def later(h):
        return items[3 + 3 * h : 6 + 3 * h]

    def total(k, m, best):
        then = (max(u(n, x) for x in later(m)) if best else u(n, later(m)[n]) for n in every)
        return u(k, items[m]) + delta * sum(p * x for p, x in zip(chance[k], then))

    second = max(
        u(k, later(h)[m]) - u(k, later(h)[k]) for h in every for k in every for m in every if m != k
    )
    first = max(total(k, m, True) - total(k, k, False) for k in every for m in every if m != k)
    return second, first, max(-total(k, k, False) for k in every)


def screening():
    batch = np.random.default_rng(0).random((MENUS, 12, 2))
    ours, found = timed(screen, TWO, batch)
    theirs, looped = timed(lambda: [by_loop(items) for items in batch[:LOOPED].tolist()])
    for n, name in enumerate(NAMES):
        assert np.allclose(found.margins[name][:LOOPED], [row[n] for row in looped])
    ratio = (theirs / LOOPED) / (ours / MENUS)
    print(
        f"screening: {MENUS / ours:,.0f} menus a second, a plain loop {LOOPED / theirs:,.0f}: {ratio:.0f} times as fast"
    )
    return MENUS / ours, ratio


def confirming():
    batch = np.random.default_rng(1).random((EXACT, 12, 2))
    spent, _ = timed(exactly_feasible, TWO, batch)
    print(f"confirming exactly: {EXACT / spent:,.0f} menus a second")
    spent, _ = timed(lambda: [repair(TWO, items) for items in batch[:50]])
    print(f"repairing exactly: {50 / spent:,.0f} menus a second")
    return EXACT / spent


def repairing():
    count, move = 20, F(1, 40)
    rows = [[F(1, 2) + move if k == n else move for n in range(count)] for k in range(count)]
    none = [(0, 0)] * count
    template = Menu(
        types=[1 + F(k, 5) for k in range(count)], prior=[F(1, count)] * count, items=none, discount="9/10",
        second=[none] * count, transition=rows, payoff=reward_minus_cost("q**2"),
    )  # fmt: skip
    rng = np.random.default_rng(1)
    q = np.tile(np.sort(rng.random(count) * 3), (count + 1, 1))
    r = np.cumsum(np.diff(q**2, axis=1, prepend=0) / (1 + np.arange(count) / 5), axis=1)
    menu = np.stack([q, r + 1e-3 * rng.random(r.shape)], axis=-1).reshape(-1, 2)
    spent, found = timed(repair, template, menu)
    print(
        f"repair, {count} types, two periods: {spent:.1f} s, rewards change by {float(found.change):.4f}, proved least"
    )
    return spent


TIGHT = {"participation": "per-history", "limited_liability": True, "budget": 6}
SMOOTH = {"family": "type-times-value-minus-cost", "value": "6*r/(2 + r)", "cost": "q**2"}
APART = {"family": "expression", "u": "r - q**2/theta - q/(3*theta**2)"}
PROBLEMS = {
    "without limits": {},
    "tight": TIGHT,  # a budget that binds, nobody leaves after any history, no reward is negative
    "tight, smooth value": {**TIGHT, "budget": 5, "payoff": SMOOTH},
    "no common cost": {"payoff": APART},
}


def designing(name):
    count = 20
    rows = [
        [F(1, 2) + F(1, 40) if k == n else F(1, 40) for n in range(count)] for k in range(count)
    ]
    asked = problem_from({
        "types": [1 + F(k, 5) for k in range(count)], "prior": [F(1, count)] * count, "surplus": "10*log(1 + q)",
        "payoff": {"family": "reward-minus-cost-over-type", "cost": "q**2"}, "transition": rows, "discount": "9/10",
        **PROBLEMS[name],
    })  # fmt: skip
    spent, found = timed(design, asked)
    print(
        f"design, {count} types, two periods, {name}: {spent:.1f} s, {found.rounds} rounds, loss {found.loss:.1e}"
    )
    audited, _ = timed(lambda: [margins(property_of(name).on(found.menu.rule)) for name in NAMES])
    print(f"its exact audit, {20**3 + 20**2 + 20:,} cases: {audited:.1f} s")
    return spent


def test_a_hundred_thousand_in_a_second():
    rate, ratio = screening()
    assert rate > 100_000
    assert ratio > 10


@pytest.mark.parametrize("name", PROBLEMS)
def test_twenty_types_in_half_a_minute(name):
    assert designing(name) < 30


def test_twenty_types_are_repaired_in_seconds():
    assert repairing() < 10


if __name__ == "__main__":
    screening()
    confirming()
    repairing()
    for name in PROBLEMS:
        designing(name)
