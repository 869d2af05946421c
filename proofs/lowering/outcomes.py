"""The cases of which matching or partition is chosen, up to new names for agents and goods.

With ties left open, agents that a property does not name are alike, and so are goods. So one choice stands
for all that new names make of it, and with the choice given what is left is linear.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from math import prod
from typing import Any

from mechanism.language import First, Nth
from proofs.lowering.obligation import Lowered

MAX_CASES = 20_000  # choices that are looked through, before new names are thought of


def outcome_cases(lowered: Lowered) -> Iterator[tuple[Any, ...]]:
    """For each choice that stands for all of its kind, the conditions that it is made; one empty case
    where there is nothing to choose, or too much.
    """
    picks = [p for p in lowered.fixed.picks if p.sort in ("matching", "partition") and p.alone]
    if not picks or prod(len(p.elements) for p in picks) > MAX_CASES:
        yield ()
        return
    names = list(_names(lowered))
    seen: set[tuple] = set()
    for chosen in product(*(p.elements for p in picks)):
        if chosen not in seen:
            seen |= {tuple(_renamed(o, *name) for o in chosen) for name in names}
            yield tuple(p.elements[o] for p, o in zip(picks, chosen, strict=True))


def _names(lowered: Lowered) -> Iterator[tuple[dict[Any, Any], tuple[int, ...]]]:
    """New names for the agents that fill no role, and for the goods where none is singled out."""
    rule, sizes = lowered.obligation.rule, lowered.sizes
    unnamed = sorted(set(range(sizes["agent"])) - set(lowered.roles.values()))
    goods = range(sizes.get("good", 0))
    alike = not rule.given and not any(part.has(First, Nth) for part in rule.parts())
    for agents in permutations(unnamed) if rule.exchangeable else [tuple(unnamed)]:
        for order in permutations(goods) if alike else [tuple(goods)]:
            yield dict(zip(unnamed, agents, strict=True)), order


def _renamed(outcome: tuple, agents: dict[Any, Any], goods: tuple[int, ...]) -> tuple:
    return tuple(agents.get(outcome[g], outcome[g]) for g in goods)
