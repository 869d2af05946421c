"""Critical-value payment."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from mechanism.rule import Rule
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I


def define(t: Any, i: Index) -> Check:
    offer, price = t.lie_offer(i), t.payment("truth", i)
    won, wins = t.got_something("truth", i), t.got_something("lie", i)
    above = sp.And(offer > price, sp.Not(wins))
    below = sp.And(offer < price, wins)
    return Check(
        sp.Abs(offer - price),
        premises=(t.same_demand(i),),
        violation=sp.And(won, sp.Or(above, below)),
    )


def applies(rule: Rule) -> str:
    return "" if rule.setting.binary else "agents do not simply win or lose"


CRITICAL_PAYMENT = Property(
    id="critical-payment",
    title="critical-value payment",
    statement="A winner pays its critical value: it would win with any higher bid than its payment and lose with any lower one.",
    define=define,
    roles=(I,),
    worlds=(TRUTH, LIE),
    applies=applies,
    story="agent {i}'s payment is not the bid at which it starts to win, by {margin}",
    references=(
        "Myerson, Optimal Auction Design, MOR 6, 1981",
        "Lehmann, O'Callaghan, Shoham, JACM 49, 2002, Sec. 4",
    ),
)
