"""Feasibility."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=t.infeasible("truth"))


FEASIBILITY = Property(
    id="feasibility",
    title="feasible",
    statement="Nothing is given out that is not there, and nothing twice.",
    define=define,
    story="more is given out than there is",
    references=(
        "Caminati, Kerber, Lange, Rowat, Sound Auction Specification and Implementation, EC 2015",
    ),
)
