"""Coverage: nothing is left over."""

from __future__ import annotations

from typing import Any

from mechanism.rule import Rule
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(t.left_over("truth"))


def applies(rule: Rule) -> str:
    return "there is only one round" if rule.rounds is None else ""


COVERAGE = Property(
    id="coverage",
    title="leaves no task without an agent",
    statement="When an auction of several rounds ends, somebody has every good (every task is done).",
    define=define,
    applies=applies,
    story="nobody gets {margin} of the goods",
    references=("Zhou et al., Frontiers in Physics 13:1617607, 2026, constraint 22",),
)
