"""Totality of matchings: every profile of preferences has an outcome."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.matching.terms import MatchingTerms
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=sp.Not(t.defined("truth")))


MATCHING_TOTALITY = Property(
    id="matching-totality",
    title="total",
    statement="Every profile of preferences has an outcome: the code neither breaks, nor hangs, nor ends its process.",
    define=define,
    vocabulary=MatchingTerms,
    story="there is no outcome for this profile",
    references=(
        "Caminati, Kerber, Lange, Rowat, Sound Auction Specification and Implementation, EC 2015",
    ),
)
