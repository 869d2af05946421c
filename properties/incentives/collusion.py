"""Collusion-proofness with side payments."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from properties.incentives.coalitions import coalition, total
from properties.property import Check, Property


def define(t: Any, *members: Index) -> Check:
    return Check(total(t, members))


def collusion_proofness(size: int = 2) -> Property:
    """The property for coalitions of up to `size` agents."""
    roles, worlds = coalition(size)
    return Property(
        id="collusion-proofness",
        title=f"collusion-proof with side payments (coalitions of up to {size})",
        statement=f"No coalition of at most {size} agents can raise the sum of its utilities by a joint misreport.",
        define=define,
        roles=roles,
        worlds=worlds,
        story="the coalition {members} misreports jointly and gains {margin} in total",
        references=(
            "Goldberg, Hartline, Collusion-Resistant Mechanisms for Single-Parameter Agents, SODA 2005",
        ),
    )


COLLUSION_PROOFNESS = collusion_proofness()
