"""False-name-proofness with one extra identity."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index, World
from properties.property import Check, Property
from properties.roles import E, I


def define(t: Any, i: Index, e: Index) -> Check:
    together = t.union("lie", i, e) - t.payment("lie", i) - t.payment("lie", e)
    return Check(
        together - t.utility("truth", i),
        premises=(sp.Ne(i, e), t.alike(i, e), t.deliverable("lie", i, e)),
    )


FALSE_NAME_PROOFNESS = Property(
    id="false-name-proofness",
    title="false-name-proof (one extra identity)",
    statement="No agent gains by taking part under two names, whatever both report; the second name has the agent's own parameters.",
    define=define,
    roles=(I, E),
    worlds=(World("truth", absent=(E,)), World("lie", ((I, "lie", I), (E, "lie", E)))),
    extra_agents=1,
    story="agent {i} gains {margin} by also taking part as {e}",
    references=(
        "Yokoo, Sakurai, Matsubara, The effect of false-name bids in combinatorial auctions, GEB 46, 2004",
    ),
)
