"""No positive transfers."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from mechanism.rule import Rule
from properties.property import Check, Property
from properties.roles import I


def define(t: Any, i: Index) -> Check:
    return Check(-t.payment("truth", i))


def applies(rule: Rule) -> str:
    return "sellers are meant to receive money" if rule.setting.two_sided else ""


NO_POSITIVE_TRANSFERS = Property(
    id="no-positive-transfers",
    title="no positive transfers",
    statement="No agent is ever paid.",
    define=define,
    roles=(I,),
    applies=applies,
    story="agent {i} is paid {margin}",
    references=(
        "Nisan, Roughgarden, Tardos, Vazirani (eds.), Algorithmic Game Theory, 2007, Def. 9.18",
    ),
)
