"""Revenue monotonicity in the bids."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I


def define(t: Any, i: Index) -> Check:
    return Check(t.revenue("truth") - t.revenue("lie"), premises=(t.stronger(i),))


BID_REVENUE_MONOTONICITY = Property(
    id="bid-revenue-monotonicity",
    title="bid-revenue monotone",
    statement="A stronger bid never lowers revenue (no component weaker; for a seller, a lower ask).",
    define=define,
    roles=(I,),
    worlds=(TRUTH, LIE),
    story="when agent {i} bids more strongly, revenue falls by {margin}",
    references=(
        "Rastegari, Condon, Leyton-Brown, AIJ 175, 2011",
        "Beck, Ott, Revenue monotonicity in core-selecting package auctions, 2013",
    ),
)
