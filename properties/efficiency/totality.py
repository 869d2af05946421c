"""Totality: every admissible profile has exactly one outcome."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=sp.Not(t.defined("truth")))


TOTALITY = Property(
    id="totality",
    title="total and deterministic",
    statement="Every admissible profile has an outcome, and given the tie policy only one: some case applies, no division is by zero, nobody is looked up who is not there.",
    define=define,
    story="there is no outcome for this profile",
    references=(
        "Caminati, Kerber, Lange, Rowat, Sound Auction Specification and Implementation, EC 2015",
    ),
)
