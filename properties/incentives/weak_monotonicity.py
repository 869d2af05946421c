"""Weak monotonicity: what any payment needs, where agents report several numbers."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from mechanism.rule import Rule
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I


def define(t: Any, i: Index) -> Check:
    kept = t.worth("truth", i, i) + t.said_worth("lie", i)
    exchanged = t.worth("lie", i, i) + t.said_worth("truth", i)
    return Check(exchanged - kept)


def applies(rule: Rule) -> str:
    if rule.setting.single_parameter or rule.setting.id == "single-minded":
        return "agents report one number, for which it is monotone-allocation"
    return ""


WEAK_MONOTONICITY = Property(
    id="weak-monotonicity",
    title="weakly monotone allocation",
    statement="Of two types, each is given what the two together value most: no payment is truthful otherwise.",
    define=define,
    roles=(I,),
    worlds=(TRUTH, LIE),
    applies=applies,
    story="whatever agent {i} pays, two of its types would gain {margin} together by each reporting the other",
    references=(
        "Bikhchandani, Chatterji, Lavi, Mu'alem, Nisan, Sen, Econometrica 74, 2006",
        "Saks, Yu, Weak Monotonicity Suffices for Truthfulness on Convex Domains, EC 2005",
    ),
)
