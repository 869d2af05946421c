"""Revenue monotonicity in the bidders."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from properties.property import Check, Property
from properties.roles import TRUTH, WITHOUT, E


def define(t: Any, e: Index) -> Check:
    return Check(t.revenue("without") - t.revenue("truth"))


REVENUE_MONOTONICITY = Property(
    id="revenue-monotonicity",
    title="revenue monotone",
    statement="Adding an agent never lowers revenue.",
    define=define,
    roles=(E,),
    worlds=(TRUTH, WITHOUT),
    extra_agents=1,
    story="when agent {e} joins, revenue falls by {margin}",
    references=(
        "Ausubel, Milgrom, Ascending Auctions with Package Bidding, 2002",
        "Rastegari, Condon, Leyton-Brown, Revenue Monotonicity in Deterministic, Dominant-Strategy Combinatorial Auctions, AIJ 175, 2011",
    ),
)
