"""Termination: an auction of several rounds ends, and when."""

from __future__ import annotations

from typing import Any

from mechanism.rule import Rule
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(t.rounds("truth") - t.most_rounds("truth"))


def applies(rule: Rule) -> str:
    if rule.rounds is None:
        return "there is only one round"
    return "" if rule.rounds.falling else "no bound on the number of rounds is declared"


TERMINATION = Property(
    id="termination",
    title="ends in time",
    statement="The auction ends within as many rounds as the rule declares: at most one for each agent, and, where tasks "
    "close, one for each task.",
    define=define,
    applies=applies,
    story="the auction takes {margin} rounds more than declared",
    references=("Floyd, Assigning Meanings to Programs, 1967 (an order that falls in every step)",),
)
