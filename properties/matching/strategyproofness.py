"""Strategyproofness of a matching for one side."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from properties.matching.terms import MatchingTerms
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I


def define(t: Any, i: Index) -> Check:
    return Check(t.content("lie", i) - t.content("truth", i), premises=(t.asked(i),))


MATCHING_STRATEGYPROOFNESS = Property(
    id="matching-strategyproofness",
    title="strategyproof for one side",
    statement="Nobody on the side that is asked about gets a partner it likes better by misreporting its preferences.",
    define=define,
    roles=(I,),
    worlds=(TRUTH, LIE),
    vocabulary=MatchingTerms,
    story="agent {i} gets a partner {places} higher by misreporting",
    references=("Roth, The Economics of Matching: Stability and Incentives, 1982",),
)
