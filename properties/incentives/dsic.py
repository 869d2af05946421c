"""Dominant-strategy incentive compatibility (strategyproofness)."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I


def define(t: Any, i: Index) -> Check:
    return Check(t.utility("lie", i) - t.utility("truth", i))


DSIC = Property(
    id="dsic",
    title="dominant-strategy incentive compatible (strategyproof)",
    statement="No agent can gain by a misreport, whatever the others report.",
    define=define,
    roles=(I,),
    worlds=(TRUTH, LIE),
    story="agent {i} gains {margin} by misreporting",
    references=(
        "Nisan, Roughgarden, Tardos, Vazirani (eds.), Algorithmic Game Theory, 2007, Def. 9.14",
    ),
    aliases=("strategyproofness",),
)
