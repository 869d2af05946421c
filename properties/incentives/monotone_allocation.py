"""Monotone allocation."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from mechanism.rule import Rule
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I


def define(t: Any, i: Index) -> Check:
    if t.bundled:
        won, lost = t.got_something("truth", i), sp.Not(t.got_something("lie", i))
        return Check(t.rise(i), premises=(t.stronger(i),), violation=sp.And(won, lost))
    return Check(t.gets("truth", i) - t.gets("lie", i), premises=(t.stronger(i),))


def applies(rule: Rule) -> str:
    if rule.setting.single_parameter or rule.setting.id == "single-minded":
        return ""
    return "agents report more than one number, so that no report is simply higher than another"


MONOTONE_ALLOCATION = Property(
    id="monotone-allocation",
    title="monotone allocation",
    statement="An agent that bids more strongly does not get less (a seller that asks less does not sell less).",
    define=define,
    roles=(I,),
    worlds=(TRUTH, LIE),
    applies=applies,
    story="agent {i} bids more strongly and gets less",
    references=(
        "Myerson, Optimal Auction Design, MOR 6, 1981",
        "Archer, Tardos, Truthful Mechanisms for One-Parameter Agents, FOCS 2001",
    ),
)
