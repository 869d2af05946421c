"""Scaling: bidding another share of what one expects."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from mechanism.rule import Rule
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I


def define(t: Any, i: Index) -> Check:
    return Check(t.utility("lie", i) - t.utility("truth", i), premises=(t.scaled(i),))


def applies(rule: Rule) -> str:
    if rule.rounds is None:
        return "there is only one round, in which this is a misreport like any other"
    return "" if rule.good is not None else "values are not told by goods"


SCALING_PROOFNESS = Property(
    id="scaling-proofness",
    title="the prescribed share is a best reply",
    statement="No agent gains by multiplying all its values by one factor, that is, by always bidding another share of "
    "what it expects than the one the procedure prescribes.",
    define=define,
    roles=(I,),
    worlds=(TRUTH, LIE),
    applies=applies,
    story="agent {i} gains {margin} by bidding another share of what it expects",
    references=("Krishna, Auction Theory, 2nd ed., 2009, Ch. 2 (bid shading)",),
)
