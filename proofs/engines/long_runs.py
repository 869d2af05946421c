"""Long runs of auctions of several rounds: where somebody loses as often as can be.

A random profile is soon over, for agents spread over the goods. Here all agents rank the goods alike and
are themselves ranked, without any tie, so that in every round one wins and all others lose. Either all
goods are worth something, or only the first, on which everybody then bids to the end. What goes wrong only
after many lost rounds is found so, with many agents, where no solver goes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mechanism.instance import Instance
from mechanism.language import Family
from proofs.engines.grids import given_table, lowest_value
from proofs.engines.search import violations
from properties.check import families
from properties.property import Obligation

LARGEST = 10  # agents


def search(obligation: Obligation) -> Instance | None:
    """The first violation in a long run, in the order of the number of agents; or None."""
    rule = obligation.rule
    if set(rule.sizes) - {"good"}:
        return None
    fixed, (fewest, most) = rule.fixed_size, rule.sizes.get("good", (1, LARGEST))
    for agents in range(obligation.min_agents, LARGEST + 1) if fixed is None else (fixed,):
        free = {(1, 1), (2, 1), (2, 2), (agents, agents)}
        for goods, wanted in sorted({(most, 1), (most, most)} if fewest == most else free):
            sizes = {"agent": agents, "good": goods}
            tables = {f.name: _table(obligation, f, sizes, wanted) for f in families(obligation)}
            roles = {
                role: np.roll(np.arange(agents), place)
                for place, role in enumerate(obligation.roles)
            }
            _, found = violations(obligation, sizes, tables, roles)
            if found is not None:
                return found
    return None


def _table(obligation: Obligation, family: Family, sizes: dict[str, int], wanted: int) -> Any:
    """One row of entries for each agent in the first role; the first goods are `wanted`."""
    if family.name in obligation.rule.given:
        return given_table(obligation.rule.given[family.name])
    rows = sizes["agent"] if obligation.roles else 1
    if family.kind in ("truth", "lie") and family.over == ("agent", "good"):
        agents, goods = np.arange(sizes["agent"]), np.arange(sizes["good"])
        ranked = np.multiply.outer(LARGEST + agents, 2 * LARGEST - goods).astype(object)  # exact
        ranked[:, wanted:] = lowest_value(family)
        return np.broadcast_to(ranked, (rows, *ranked.shape))
    shape = tuple(len(Instance(sizes).domain(sort)) for sort in family.over)
    return np.full((rows, *shape), lowest_value(family))
