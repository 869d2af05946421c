"""Weak group-strategyproofness."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index, Min
from properties.incentives.coalitions import coalition, gains
from properties.property import Check, Property


def define(t: Any, *members: Index) -> Check:
    each = gains(t, members)
    return Check(Min(*each), violation=sp.And(*(g > 0 for g in each)))


def weak_group_strategyproofness(size: int = 2) -> Property:
    """The property for coalitions of up to `size` agents."""
    roles, worlds = coalition(size)
    return Property(
        id="weak-group-strategyproofness",
        title=f"weakly group-strategyproof (coalitions of up to {size})",
        statement=f"No coalition of at most {size} agents has a joint misreport by which every member gains.",
        define=define,
        roles=roles,
        worlds=worlds,
        story="the coalition {members} misreports jointly and every member gains, at least {margin}",
        references=(
            "Moulin, Incremental Cost Sharing: Characterization by Coalition Strategy-Proofness, 1999",
        ),
    )


WEAK_GROUP_STRATEGYPROOFNESS = weak_group_strategyproofness()
