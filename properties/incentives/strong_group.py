"""Strong group-strategyproofness."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from properties.incentives.coalitions import coalition, gains, total
from properties.property import Check, Property


def define(t: Any, *members: Index) -> Check:
    each = gains(t, members)
    nobody_loses = sp.And(*(g >= 0 for g in each))
    somebody_gains = sp.Or(*(g > 0 for g in each))
    return Check(total(t, members), violation=sp.And(nobody_loses, somebody_gains))


def strong_group_strategyproofness(size: int = 2) -> Property:
    """The property for coalitions of up to `size` agents."""
    roles, worlds = coalition(size)
    return Property(
        id="strong-group-strategyproofness",
        title=f"strongly group-strategyproof (coalitions of up to {size})",
        statement=f"No coalition of at most {size} agents has a joint misreport by which some member gains and none loses.",
        define=define,
        roles=roles,
        worlds=worlds,
        story="the coalition {members} misreports jointly; nobody in it loses and together they gain {margin}",
        references=(
            "Moulin, Incremental Cost Sharing: Characterization by Coalition Strategy-Proofness, 1999",
        ),
    )


STRONG_GROUP_STRATEGYPROOFNESS = strong_group_strategyproofness()
