"""Coalitions: what their members gain together.

A coalition is non-empty; the roles need not be distinct agents, so that smaller coalitions are included.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Cases, Index, World, agents
from properties.roles import TRUTH

MEMBERS = agents("i k l m n")


def coalition(size: int) -> tuple[tuple[Index, ...], tuple[World, ...]]:
    """The roles and worlds for coalitions of up to `size` agents."""
    members = MEMBERS[:size]
    return members, (TRUTH, World("lie", tuple((a, "lie", a) for a in members)))


def gains(t: Any, members: tuple[Index, ...]) -> list[Any]:
    """What each member gains by the joint misreport."""
    return [t.utility("lie", a) - t.utility("truth", a) for a in members]


def total(t: Any, members: tuple[Index, ...]) -> Any:
    """What the coalition gains, counting an agent that fills several roles once."""
    terms = []
    for n, gain in enumerate(gains(t, members)):
        fresh = sp.And(*(sp.Ne(members[n], other) for other in members[:n]))
        terms.append(gain if n == 0 else Cases((gain, fresh), (0, True)))
    return sp.Add(*terms)
