"""Repairs for many types: proposed in floats, proved in rationals, the same as by the simplex method in rationals."""

from fractions import Fraction as F

import numpy as np
import pytest

from mechanism.contracts import Menu, reward_minus_cost
from mechanism.exact_solve import solve
from proofs import least_change as module
from proofs.least_change import least_change, proved, simplex
from proofs.repair import constraints, repair
from proofs.screen import exactly_feasible


def template(count: int, two_periods: bool) -> Menu:
    none, move = [(0, 0)] * count, F(1, 2 * count)
    rows = [[F(1, 2) + move if k == n else move for n in range(count)] for k in range(count)]
    return Menu(
        types=[1 + F(k, 5) for k in range(count)], prior=[F(1, count)] * count, items=none, discount="9/10",
        second=[none] * count if two_periods else None, transition=rows if two_periods else None,
        payoff=reward_minus_cost("q**2"),
    )  # fmt: skip


def nearly_feasible(
    count: int, two_periods: bool, noise: float, falling: bool = False
) -> np.ndarray:
    """Menus whose local constraints bind up to rounding, and then some noise."""
    rng = np.random.default_rng(count)
    q = np.sort(rng.random((1 + count * two_periods, count)) * 3, axis=1)
    if falling:
        q[0] = q[0][::-1]
    steps = np.diff(q**2, axis=1, prepend=0) / (1 + np.arange(count) / 5)
    r = np.cumsum(steps, axis=1) + noise * rng.random(q.shape)
    return np.stack([q, r], axis=-1).reshape(-1, 2)


@pytest.mark.parametrize(("count", "two_periods"), [(20, False), (3, True), (6, True)])
@pytest.mark.parametrize("noise", [0, 1e-3, 1])
def test_repairs_are_proved_without_the_slow_method(count, two_periods, noise, monkeypatch):
    monkeypatch.setattr(module, "simplex", None)
    asked = template(count, two_periods)
    menu = nearly_feasible(count, two_periods, noise)
    found = repair(asked, menu)
    assert exactly_feasible(asked, np.array([found.items], dtype=object))[0]
    assert [q for q, _ in found.items] == [F(q) for q in menu[:, 0]]
    # By the multipliers no repair changes less: their sum of the constraints asks for so much.
    names, rows, limits = constraints(asked, menu)
    room = [b - sum(a * F(menu[j, 1]) for j, a in row.items()) for row, b in zip(rows, limits)]
    y = dict(found.multipliers)
    assert all(v > 0 for v in y.values())
    assert found.change == -sum(y.get(n, 0) * b for n, b in zip(names, room))
    for j in range(len(menu)):
        assert abs(sum(y.get(n, 0) * row.get(j, 0) for n, row in zip(names, rows))) <= 1


@pytest.mark.parametrize(("count", "two_periods"), [(20, False), (6, True)])
def test_that_there_is_no_repair_is_proved(count, two_periods, monkeypatch):
    monkeypatch.setattr(module, "simplex", None)
    asked, menu = (
        template(count, two_periods),
        nearly_feasible(count, two_periods, 0.1, falling=True),
    )
    found = repair(asked, menu)
    assert found.items is None
    names, rows, limits = constraints(asked, menu)
    y = dict(found.multipliers)
    assert all(v > 0 for v in y.values())
    assert sum(y.get(n, 0) * b for n, b in zip(names, limits)) < 0
    for j in range(len(menu)):
        assert sum(y.get(n, 0) * row.get(j, 0) for n, row in zip(names, rows)) == 0


@pytest.mark.parametrize("seed", range(12))
def test_both_methods_agree(seed):
    rng = np.random.default_rng(seed)
    size, count = 4, 7
    rows = [
        {j: F(int(a), 3) for j, a in enumerate(rng.integers(-3, 4, size)) if a}
        for _ in range(count)
    ]
    room = [F(int(b), 2) for b in rng.integers(-4, 5, count)]
    one, other = least_change(rows, room, size), simplex(rows, room, size)
    for found in (one, other):
        assert proved(found, rows, room, size)
    assert (one.change is None) == (other.change is None)
    if one.change is not None:
        assert sum(map(abs, one.change)) == sum(map(abs, other.change))


def test_a_wrong_proposal_is_not_believed():
    rows, room = [{0: F(-1)}], [F(-2)]
    assert proved(module.Least([F(2)], [F(1)]), rows, room, 1)
    assert not proved(module.Least([F(1)], [F(1)]), rows, room, 1)
    assert not proved(module.Least([F(3)], [F(1)]), rows, room, 1)
    assert not proved(module.Least(None, [F(1)]), rows, room, 1)


def test_equations_in_rationals():
    rng = np.random.default_rng(5)
    rows = [
        {j: F(int(a), 7) for j, a in enumerate(row) if a} for row in rng.integers(-9, 10, (30, 25))
    ]
    x = [F(int(a), int(b)) for a, b in rng.integers(1, 1000, (25, 2))]
    right = [sum((a * x[j] for j, a in row.items()), F(0)) for row in rows]
    assert solve(rows, right, 25) == x
    assert solve(rows, [*right[:-1], right[-1] + 1], 25) is None
    assert solve([{0: F(1)}, {0: F(2)}], [F(1), F(2)], 2) is None
    assert solve([{0: F(1, 3)}], [F(2) ** 200 / 7], 1) == [F(2) ** 200 * 3 / 7]
