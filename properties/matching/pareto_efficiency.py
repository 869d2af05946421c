"""Pareto efficiency of a matching."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.matching.terms import MatchingTerms
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=t.dominated("truth"))


PARETO_EFFICIENCY = Property(
    id="pareto-efficiency",
    title="Pareto-efficient",
    statement="No other matching is better for somebody and worse for nobody, on either side.",
    define=define,
    vocabulary=MatchingTerms,
    story="another matching is better for somebody and worse for nobody",
    references=("Roth, Sotomayor, Two-Sided Matching, 1990, Ch. 2",),
)
