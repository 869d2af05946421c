"""Stability of a matching."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from properties.matching.terms import MatchingTerms
from properties.property import Check, Property
from properties.roles import I, K


def define(t: Any, i: Index, k: Index) -> Check:
    apart = sp.Eq(t.together("truth", i, k), 0)
    blocks = sp.And(apart, t.wants("truth", i, k), t.wants("truth", k, i))
    return Check(
        sp.Integer(1), violation=sp.Or(blocks, t.unwelcome("truth"), t.infeasible("truth"))
    )


STABILITY = Property(
    id="stability",
    title="stable",
    statement="It is a matching; nobody has a partner that it would rather not be with; and no two agents of different sides like each other better than their partners.",
    define=define,
    roles=(I, K),
    vocabulary=MatchingTerms,
    story="agents {i} and {k} like each other better than their partners, or somebody has a partner too many",
    references=("Gale, Shapley, College Admissions and the Stability of Marriage, 1962",),
)
