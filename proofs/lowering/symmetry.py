"""Agents that are alike, put in order: what is left of a question once new names are used up."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import z3

from proofs.lowering.obligation import Lowered, every_entry


def in_order(lowered: Lowered) -> list[Any]:
    """Conditions under which the agents that fill no role stand in the order of their entries.

    Where agents are told apart by nothing but their entries (an exchangeable rule, ties left open), any
    violation meets these conditions under other names.
    """
    named = set(lowered.roles.values())
    keys: dict[int, list[Any]] = {a: [] for a in range(lowered.sizes["agent"]) if a not in named}
    for family, index in every_entry(lowered.obligation, lowered.sizes, lowered.roles):
        if family.over[:1] == ("agent",) and family.kind != "lie" and index[0] in keys:
            keys[index[0]].append(lowered.fixed.constant(family, index))
    rows = list(keys.values())
    return [_not_before(one, other) for one, other in pairwise(rows)]


def _not_before(one: list[Any], other: list[Any]) -> Any:
    """Whether the first row is not below the second, entry by entry from the left."""
    fact: Any = z3.BoolVal(True)
    for a, b in zip(reversed(one), reversed(other), strict=True):
        above = z3.And(a, z3.Not(b)) if z3.is_bool(a) else a > b
        fact = z3.Or(above, z3.And(a == b, fact))
    return fact
