"""Conduct of code: repeatable."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.conduct.terms import CodeTerms
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=t.observed("truth", "varies"))


REPEATABILITY = Property(
    id="repeatability",
    title="repeatable",
    statement="Called twice in a row with the same bids, and the same global random state, the code gives the same answer.",
    define=define,
    vocabulary=CodeTerms,
    story="called twice in a row with the same bids, the code gives two answers",
    references=(
        "Caminati, Kerber, Lange, Rowat, Sound Auction Specification and Implementation, EC 2015",
    ),
)
