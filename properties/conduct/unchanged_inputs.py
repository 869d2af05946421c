"""Conduct of code: leaves its inputs as they are."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.conduct.terms import CodeTerms
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=t.observed("truth", "mutates"))


UNCHANGED_INPUTS = Property(
    id="unchanged-inputs",
    title="leaves its inputs as they are",
    statement="The code does not change the bids that it is given.",
    define=define,
    vocabulary=CodeTerms,
    story="the code changes the bids that it is given",
    references=(
        "Caminati, Kerber, Lange, Rowat, Sound Auction Specification and Implementation, EC 2015",
    ),
)
