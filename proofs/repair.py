"""The least change of rewards that makes a menu incentive compatible and individually rational.

The margins are linear in the rewards (where the payoff is), so this is a linear programme, solved by
`proofs.least_change`: with a proof in rationals that no repair changes less, or that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from mechanism.contracts.menu import Menu
from mechanism.contracts.payoff import Q, R, theirs
from mechanism.errors import InputError
from mechanism.exact_solve import Row
from proofs.least_change import least_change
from proofs.screen import array_of, exact_margins

# Where the second period is incentive compatible, the best continuation of a lie is the truth.
ONE = ("menu-ic", "menu-ir")
TWO = ("second-period-ic", "intertemporal-ic-truthful", "menu-ir")
NONE = Fraction(0)


@dataclass(frozen=True)
class Repair:
    """A repaired menu, or why there is none.

    Parameters
    ----------
    items : array of Fraction or None
        The items with the new rewards, as `screen` takes them.
    change : Fraction or None
        The sum of what the rewards change by; no repair changes them by less.
    multipliers : tuple of (str, Fraction)
        The proof: constraints, and what they are multiplied by. Where there is no repair, the sum of
        their left sides is 0 whatever the rewards are, and it is asked to be at most a negative number
        (Farkas); the smallest of them is 1. Else a change of a reward by 1 changes the sum by at most 1, and it has to change by `change`.
    """

    items: np.ndarray | None
    change: Fraction | None
    multipliers: tuple[tuple[str, Fraction], ...] = ()


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
        For a payoff that is not linear in the reward.

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
    (one,) = array_of(template, menu[None] if isinstance(menu, np.ndarray) else [menu])
    names, rows, limits = constraints(template, one)
    now = [Fraction(r) for r in one[:, 1]]
    room = [b - sum((a * now[j] for j, a in row.items()), NONE) for row, b in zip(rows, limits)]
    found = least_change(rows, room, len(now))
    used = tuple((name, y) for name, y in zip(names, found.prices) if y)
    if found.change is None:
        least = min(y for _, y in used)
        return Repair(None, None, tuple((name, y / least) for name, y in used))
    rewards = [r + c for r, c in zip(now, found.change)]
    items = np.array([(Fraction(q), r) for q, r in zip(one[:, 0], rewards)], dtype=object)
    return Repair(items, sum(map(abs, found.change), NONE), used)


def constraints(template: Menu, menu: np.ndarray) -> tuple[list[str], list[Row], list[Fraction]]:  # fmt: skip
    """The constraints on the rewards of a menu with its qualities: names, ``rows @ r <= limits``, exact.

    The properties' margins are read at no rewards and at each reward by itself: at no quality, if what a
    reward is worth does not depend on it, so that the numbers are small.
    """
    size = len(menu)
    tried = np.zeros((size + 1, size, 2), dtype=object)
    if sp.diff(theirs(template.payoff.u), R).has(Q):
        tried[:, :, 0] = menu[:, 0]
    for n in range(size):
        tried[1 + n, n, 1] = 1
    here = tried[:1].copy()
    here[:, :, 0] = menu[:, 0]
    looked = TWO if template.two_periods else ONE
    names: list[str] = []
    rows: list[Row] = []
    limits: list[Fraction] = []
    _, bases, units = exact_margins(template, here, looked)
    obligations, margins, scales = exact_margins(template, tried, looked)
    for obligation, margin, scale, base, unit in zip(obligations, margins, scales, bases, units):
        # Whole numbers times scales: where the cross products agree there is nothing to divide.
        flat = margin.reshape(size + 1, -1).astype(object)
        moves = flat[1:] * scale[0] - flat[:1] * scale[1:, None]
        asked = base.reshape(-1)
        for column, place in enumerate(np.ndindex(margin.shape[1:])):
            at = np.flatnonzero(moves[:, column])
            if not asked[column] and not at.size:
                continue  # the premises are not met
            roles = ", ".join(f"{role} = {k}" for role, k in zip(obligation.roles, place))
            names.append(f"{obligation.property.id} ({roles})")
            rows.append({
                int(j): Fraction(int(moves[j, column]), int(scale[0] * scale[1 + j])) for j in at
            })  # fmt: skip
            limits.append(-Fraction(int(asked[column]), int(unit[0])))
    return names, rows, limits
