"""Losers pay nothing."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from mechanism.rule import Rule
from properties.property import Check, Property
from properties.roles import I


def define(t: Any, i: Index) -> Check:
    paid = t.payment("truth", i)
    return Check(
        sp.Abs(paid), violation=sp.And(sp.Not(t.got_something("truth", i)), sp.Ne(paid, 0))
    )


def applies(rule: Rule) -> str:
    return (
        "one decision is made for everybody, so nobody loses" if rule.setting.id == "public" else ""
    )


LOSERS_PAY_NOTHING = Property(
    id="losers-pay-nothing",
    title="losers pay nothing",
    statement="An agent that gets nothing pays nothing and receives nothing.",
    define=define,
    roles=(I,),
    applies=applies,
    story="agent {i} gets nothing and yet {margin} changes hands",
    references=(
        "Nisan, Roughgarden, Tardos, Vazirani (eds.), Algorithmic Game Theory, 2007, Sec. 9.5.6",
    ),
)
