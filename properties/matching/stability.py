"""Stability of a matching."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from properties.matching.terms import MatchingTerms
from properties.property import Check, Property
from properties.roles import I, K


def define(t: Any, i: Index, k: Index) -> Check:
    rather = t.liking(i, k) > t.content("truth", i)
    likewise = t.liking(k, i) > t.content("truth", k)
    return Check(sp.Integer(1), violation=sp.And(rather, likewise))


STABILITY = Property(
    id="stability",
    title="stable",
    statement="No two agents of different sides like each other better than their partners.",
    define=define,
    roles=(I, K),
    vocabulary=MatchingTerms,
    story="agents {i} and {k} like each other better than their partners",
    references=("Gale, Shapley, College Admissions and the Stability of Marriage, 1962",),
)
