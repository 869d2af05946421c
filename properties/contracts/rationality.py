"""Who takes part: individual rationality in total, per period and per history; liability and budget."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from mechanism.rule import Rule
from properties.contracts.incentives import DYNAMIC, LAFFONT, menu_property
from properties.contracts.terms import A, C, MenuTerms, TwoPeriods, after
from properties.property import Check


def total(t: Any, i: Index) -> Check:
    return Check(-t.truthful(i, i))


def first(t: Any, i: Index) -> Check:
    return Check(-t.first(i, i))


def liability(t: Any, i: Index) -> Check:
    return Check(-t.reward(i))


def spent(t: Any) -> Check:
    return Check(t.spending() - t.limit())


def limited(rule: Rule) -> str:
    """Why the budget does not apply."""
    return "" if MenuTerms(rule).setting.limited else "no budget is given"


MENU_IR = menu_property(
    id="menu-ir",
    title="individually rational in total",
    statement="Every type that reports the truth gets at least 0, over both periods where there are two.",
    define=total,
    roles=(A,),
    story="type {i} reports the truth and loses {margin} in total",
    references=(LAFFONT, DYNAMIC),
)
FIRST_PERIOD_IR = menu_property(
    id="first-period-ir",
    title="individually rational in the first period",
    statement="Every type that reports the truth gets at least 0 in the first period.",
    define=first,
    roles=(A,),
    vocabulary=TwoPeriods,
    story="type {i} loses {margin} in the first period",
    references=(LAFFONT,),
)
SECOND_PERIOD_IR = menu_property(
    id="second-period-ir",
    title="individually rational in the second period, after every history",
    statement="After every first report every type that reports the truth gets at least 0, so that nobody leaves.",
    define=after(first),
    roles=(C, A),
    vocabulary=TwoPeriods,
    story="after the first report {h}, second-period type {i} loses {margin}",
    references=(LAFFONT,),
)
LIMITED_LIABILITY = menu_property(
    id="limited-liability",
    title="limited liability",
    statement="No (first-period) reward is negative.",
    define=liability,
    roles=(A,),
    story="type {i} pays {margin} instead of being rewarded",
    references=(LAFFONT,),
)
SECOND_PERIOD_LIABILITY = menu_property(
    id="second-period-liability",
    title="limited liability in the second period",
    statement="No second-period reward is negative, after any first report.",
    define=after(liability),
    roles=(C, A),
    vocabulary=TwoPeriods,
    story="after the first report {h}, second-period type {i} pays {margin} instead of being rewarded",
    references=(LAFFONT,),
)
MENU_BUDGET = menu_property(
    id="menu-budget",
    title="within the budget in expectation",
    statement="The expected rewards, those of the second period discounted, are within the budget.",
    define=spent,
    applies=limited,
    story="the expected rewards are {margin} above the budget",
    references=(DYNAMIC,),
)
