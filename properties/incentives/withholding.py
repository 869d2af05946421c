"""Withholding: bidding on another good than the one that promises most."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from properties.incentives.scaling import applies
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I


def define(t: Any, i: Index) -> Check:
    return Check(t.utility("lie", i) - t.utility("truth", i), premises=(t.withheld(i),))


WITHHOLDING_PROOFNESS = Property(
    id="withholding-proofness",
    title="the prescribed choice of task is a best reply",
    statement="No agent gains by staying away from some goods and bidding on the others as prescribed.",
    define=define,
    roles=(I,),
    worlds=(TRUTH, LIE),
    applies=applies,
    story="agent {i} gains {margin} by staying away from some goods",
    references=(
        "Ausubel, Cramton, Demand Reduction and Inefficiency in Multi-Unit Auctions, 1998",
    ),
)
