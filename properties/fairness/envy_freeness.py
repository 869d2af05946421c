"""Envy-freeness."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from properties.property import Check, Property
from properties.roles import I, J


def define(t: Any, i: Index, j: Index) -> Check:
    other = t.worth("truth", i, j) - t.payment("truth", j)
    return Check(other - t.utility("truth", i), premises=(sp.Ne(i, j), t.alike(i, j, t.carried)))


ENVY_FREENESS = Property(
    id="envy-freeness",
    title="envy-free",
    statement="No truthful agent would rather have what another one gets at what that one pays.",
    define=define,
    roles=(I, J),
    story="agent {i} would gain {margin} in the place of agent {j}",
    references=(
        "Foley, Resource Allocation and the Public Sector, 1967",
        "Varian, Equity, Envy, and Efficiency, JET 9, 1974",
    ),
)
