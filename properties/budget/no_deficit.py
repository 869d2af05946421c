"""No deficit (weak budget balance)."""

from __future__ import annotations

from typing import Any

from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(-t.revenue("truth"))


NO_DEFICIT = Property(
    id="no-deficit",
    title="no deficit (weak budget balance)",
    statement="The payments never sum to less than zero.",
    define=define,
    story="the auctioneer pays {margin} out of its own pocket",
    references=("Krishna, Auction Theory, 2nd ed., 2009, Sec. 5.3",),
)
