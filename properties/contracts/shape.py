"""The shape of a menu: monotone quality, separation, single crossing."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index, parameter
from mechanism.rule import Rule
from properties.contracts.incentives import LAFFONT, menu_property
from properties.contracts.terms import A, B, C, MenuTerms, TwoPeriods, after
from properties.property import Check

# Two items, whatever the menu holds: the second is at least as large.
X, MORE = parameter("x1", at_least=0), parameter("x2", at_least=0)
Y, PAID = parameter("y1"), parameter("y2")


def monotone(t: Any, i: Index, j: Index) -> Check:
    return Check(t.quality(i) - t.quality(j), premises=(t.theta(i) < t.theta(j),))


def separate(t: Any, i: Index, j: Index) -> Check:
    same = sp.And(sp.Eq(t.quality(i), t.quality(j)), sp.Eq(t.reward(i), t.reward(j)))
    return Check(t.theta(j) - t.theta(i), (t.theta(i) < t.theta(j),), same)


def crossing(t: Any, i: Index, j: Index) -> Check:
    low, high = (t.payoff(k, MORE, PAID) - t.payoff(k, X, Y) for k in (i, j))
    violation = sp.Or(sp.And(low >= 0, high < 0), sp.And(low > 0, high <= 0))
    return Check(low - high, (t.theta(i) < t.theta(j), X <= MORE), violation)


MILGROM_SHANNON = "Milgrom, Shannon, Monotone Comparative Statics, Econometrica 62, 1994"

MONOTONE_QUALITY = menu_property(
    id="monotone-quality",
    title="monotone quality",
    statement="A higher type is not given less quality (in the first period).",
    define=monotone,
    roles=(A, B),
    story="type {i} is given {margin} more quality than the higher type {j}",
    references=(LAFFONT,),
)
SECOND_PERIOD_MONOTONE = menu_property(
    id="second-period-monotone-quality",
    title="monotone quality in the second period",
    statement="After no first report is a higher second-period type given less quality.",
    define=after(monotone),
    roles=(C, A, B),
    vocabulary=TwoPeriods,
    story="after the first report {h}, second-period type {i} is given {margin} more quality than the higher type {j}",
    references=(LAFFONT,),
)
SEPARATION = menu_property(
    id="separation",
    title="separating",
    statement="No two types are given the same item (in the first period); where they are, they are pooled.",
    define=separate,
    roles=(A, B),
    story="types {i} and {j}, {margin} apart, are pooled",
    references=(LAFFONT,),
)
SECOND_PERIOD_SEPARATION = menu_property(
    id="second-period-separation",
    title="separating in the second period",
    statement="After no first report are two second-period types given the same item.",
    define=after(separate),
    roles=(C, A, B),
    vocabulary=TwoPeriods,
    story="after the first report {h}, second-period types {i} and {j}, {margin} apart, are pooled",
    references=(LAFFONT,),
)


def given(rule: Rule) -> str:
    """Why single crossing is no question."""
    return "" if MenuTerms(rule).setting.payoff else "the payoff is any that has it"


SINGLE_CROSSING = menu_property(
    id="single-crossing",
    title="single crossing of the payoff",
    statement="Whatever larger quality (x2 instead of x1) at another reward (y2 instead of y1) a type accepts, every higher type of the menu accepts, too, and strictly if the lower one does strictly.",
    define=crossing,
    roles=(A, B),
    applies=given,
    numbers=tuple(number.family for number in (X, MORE, Y, PAID)),
    story="type {i} would take the larger item and the higher type {j} would not: their gains differ by {margin}",
    references=(MILGROM_SHANNON, LAFFONT),
)
