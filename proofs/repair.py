"""The least change of rewards that makes a menu incentive compatible and individually rational.

The margins are linear in the rewards (where the payoff is), so this is a linear programme. It is solved by
the dual simplex method in rationals: no change costs nothing, so that the method starts where nothing is
changed, and ends at the least change that meets all constraints or at a row that shows that none does, a
combination of constraints that holds no reward and asks for less than nothing (Lemke 1954, Farkas 1902).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.contracts.menu import Menu
from mechanism.contracts.payoff import R, theirs
from mechanism.errors import InputError
from proofs.screen import array_of, exact_margins

# Where the second period is incentive compatible, the best continuation of a lie is the truth.
ONE = ("menu-ic", "menu-ir")
TWO = ("second-period-ic", "intertemporal-ic-truthful", "menu-ir")
LARGEST = 6  # types; in rationals more take too long
PATIENT = 300  # pivots by the steepest row; then by the first, which cannot cycle


@dataclass(frozen=True)
class Repair:
    """A repaired menu, or why there is none.

    Parameters
    ----------
    items : array of Fraction or None
        The items with the new rewards, as `screen` takes them.
    change : Fraction or None
        The sum of what the rewards change by; no repair changes them by less.
    farkas : tuple of (str, Fraction)
        Where there is none, constraints and multipliers: the sum of the left sides is 0 whatever the
        rewards are, and it is asked to be at most a negative number.
    """

    items: np.ndarray | None
    change: Fraction | None
    farkas: tuple[tuple[str, Fraction], ...] = ()


def repair(template: Menu, menu: Any) -> Repair:
    """The smallest repair of one menu by its rewards alone.

    Parameters
    ----------
    template : Menu
        As for `proofs.screen.screen`.
    menu : Menu or array, shape (items, 2)

    Raises
    ------
    InputError
        For a payoff that is not linear in the reward, or too many types.

    Examples
    --------
    >>> from mechanism.contracts import Menu, reward_minus_cost
    >>> menu = Menu(types=[1, 2], prior=["1/2", "1/2"], items=[(1, 1), (2, 3)],
    ...             payoff=reward_minus_cost("q"))
    >>> found = repair(menu, menu)
    >>> found.change
    Fraction(1, 1)
    """
    u = theirs(template.payoff.u)
    if not u.is_polynomial(R) or u.as_poly(R).degree() > 1:
        raise InputError(f"payoff: {u} is not linear in the reward, so that rewards alone are no linear programme")  # fmt: skip
    if len(template.types) > LARGEST:
        raise InputError(f"repairs are exact, and for up to {LARGEST} types")
    (one,) = array_of(template, menu[None] if isinstance(menu, np.ndarray) else [menu])
    names, matrix, limits = constraints(template, one)
    now = [Fraction(r) for r in one[:, 1]]
    room = [
        b - sum((a * r for a, r in zip(row, now)), Fraction(0)) for row, b in zip(matrix, limits)
    ]
    change, multipliers = _least_change(matrix, room)
    if change is None:
        used = [(name, y) for name, y in zip(names, multipliers) if y]
        return Repair(None, None, tuple(used))
    rewards = [r + c for r, c in zip(now, change)]
    items = np.array([(Fraction(q), r) for q, r in zip(one[:, 0], rewards)], dtype=object)
    return Repair(items, sum(map(abs, change), Fraction(0)))


def constraints(template: Menu, menu: np.ndarray) -> tuple[list[str], list[list[Fraction]], list[Fraction]]:  # fmt: skip
    """The constraints on the rewards of a menu with its qualities, as ``matrix @ r <= limits``, exact.

    The properties' margins are read at no rewards and at each reward by itself.
    """
    size = len(menu)
    tried = np.zeros((size + 1, size, 2), dtype=object)
    tried[:, :, 0] = menu[:, 0]
    for n in range(size):
        tried[1 + n, n, 1] = 1
    names, matrix, limits = [], [], []
    obligations, margins, scales = exact_margins(
        template, tried, TWO if template.two_periods else ONE
    )
    for obligation, margin, scale in zip(obligations, margins, scales):
        for place in np.ndindex(margin.shape[1:]):
            base, *each = (
                Fraction(int(m), int(s)) for m, s in zip(margin[(slice(None), *place)], scale)
            )
            row = [m - base for m in each]
            if not base and not any(row):
                continue  # the premises are not met
            roles = ", ".join(f"{role} = {k}" for role, k in zip(obligation.roles, place))
            names.append(f"{obligation.property.id} ({roles})")
            matrix.append(row)
            limits.append(-base)
    return names, matrix, limits


def _least_change(
    matrix: list[list[Fraction]], room: list[Fraction]
) -> tuple[list[Fraction] | None, list[Fraction]]:
    """The change c of least sum of sizes with ``matrix @ c <= room``, or multipliers that show that none is.

    Columns are the rises, the falls, and the slack of each row, in this order.
    """
    size, rows = len(matrix[0]), len(matrix)
    table = [
        [*row, *(-a for a in row), *(Fraction(k == n) for k in range(rows)), b]
        for n, (row, b) in enumerate(zip(matrix, room))
    ]
    costs = [Fraction(1)] * (2 * size) + [Fraction(0)] * rows
    basis = [2 * size + n for n in range(rows)]
    pivots = 0
    while any(row[-1] < 0 for row in table):
        short = [n for n in range(rows) if table[n][-1] < 0]
        leaving = min(short, key=lambda n: (table[n][-1], n) if pivots < PATIENT else (basis[n], n))
        row = table[leaving]
        candidates = [c for c in range(len(costs)) if row[c] < 0]
        if not candidates:
            return None, row[2 * size : -1]
        entering = min(candidates, key=lambda c: (costs[c] / -row[c], c))
        _pivot(table, costs, leaving, entering)
        basis[leaving] = entering
        pivots += 1
    change = [Fraction(0)] * size
    for n, column in enumerate(basis):
        if column < 2 * size:
            change[column % size] += table[n][-1] if column < size else -table[n][-1]
    return change, []


def _pivot(table: list[list[Fraction]], costs: list[Fraction], at: int, column: int) -> None:
    lead = table[at][column]
    table[at] = row = [a / lead for a in table[at]]
    used = [c for c, a in enumerate(row) if a]
    for n, other in enumerate(table):
        if n != at and (factor := other[column]):
            for c in used:
                other[c] -= factor * row[c]
    if factor := costs[column]:
        for c in used:
            if c < len(costs):
                costs[c] -= factor * row[c]
