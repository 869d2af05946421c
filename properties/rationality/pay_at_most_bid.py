"""Pay at most the bid."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from properties.property import Check, Property
from properties.roles import I


def define(t: Any, i: Index) -> Check:
    return Check(t.payment("truth", i) - t.cap("truth", i))


PAY_AT_MOST_BID = Property(
    id="pay-at-most-bid",
    title="pays at most its bid",
    statement="No agent pays more than it bid (won or not, where one unit is at stake; else for what it gets); no seller gets less than it asked.",
    define=define,
    roles=(I,),
    story="agent {i} pays {margin} more than it bid",
    references=("Krishna, Auction Theory, 2nd ed., 2009, Ch. 2",),
)
