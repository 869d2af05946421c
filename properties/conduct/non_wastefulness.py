"""Non-wastefulness: no task is left beside somebody idle who would gain by it."""

from __future__ import annotations

from typing import Any

from sympy import Not

from mechanism.language import Cases, Index
from mechanism.rule import Rule
from properties.property import Check, Property
from properties.roles import I


def define(t: Any, i: Index) -> Check:
    return Check(
        Cases((t.left_over_worth("truth", i), Not(t.got_something("truth", i))), (0, True))
    )


def applies(rule: Rule) -> str:
    return "there is only one round" if rule.rounds is None else ""


NON_WASTEFULNESS = Property(
    id="non-wastefulness",
    title="leaves no task beside somebody idle who gains by it",
    statement="When an auction of several rounds ends, nobody who gets nothing would gain by a good that nobody gets.",
    define=define,
    roles=(I,),
    applies=applies,
    story="agent {i} gets nothing, and would gain {margin} by a good that nobody gets",
    references=(
        "Balinski, Sönmez, A Tale of Two Mechanisms: Student Placement, JET 84, 1999 (here of those who get nothing)",
    ),
)
