"""Feasibility of matchings: partners are each other's, and nobody has too many."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.matching.terms import MatchingTerms
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=t.infeasible("truth"))


MATCHING_FEASIBILITY = Property(
    id="matching-feasibility",
    title="feasible",
    statement="Nobody has more partners than seats, and partners are each other's, from different sides.",
    define=define,
    vocabulary=MatchingTerms,
    story="somebody has a partner too many",
    references=("Roth, Sotomayor, Two-Sided Matching, 1990, Def. 2.1 and 5.1",),
)
