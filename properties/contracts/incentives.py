"""Incentive compatibility of menus, for every ordered pair of types."""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy as sp

from mechanism.language import Index
from properties.contracts.terms import A, B, C, MenuTerms, OnePeriod, TwoPeriods, after
from properties.property import Check, Property

MYERSON = "Myerson, Incentive Compatibility and the Bargaining Problem, Econometrica 47, 1979"
LAFFONT = "Laffont, Martimort, The Theory of Incentives, 2002, ch. 2 and 8"
DYNAMIC = "Bolton, Dewatripont, Contract Theory, 2005, ch. 9"


def first(t: Any, i: Index, j: Index) -> Check:
    return Check(t.first(i, j) - t.first(i, i), premises=(sp.Ne(i, j),))


def best(t: Any, i: Index, j: Index) -> Check:
    return Check(t.best(i, j) - t.truthful(i, i), premises=(sp.Ne(i, j),))


def truthful(t: Any, i: Index, j: Index) -> Check:
    return Check(t.truthful(i, j) - t.truthful(i, i), premises=(sp.Ne(i, j),))


menu_property = partial(Property, vocabulary=MenuTerms)

MENU_IC = menu_property(
    id="menu-ic",
    title="incentive compatible (one period)",
    statement="No type would rather have what is meant for another; all ordered pairs are looked at.",
    define=first,
    roles=(A, B),
    vocabulary=OnePeriod,
    story="type {i} gains {margin} by reporting type {j}",
    references=(MYERSON, LAFFONT),
)
FIRST_PERIOD_IC = menu_property(
    id="first-period-ic",
    title="incentive compatible in the first period by itself",
    statement="No type would rather have the first-period item of another, if there were no second period.",
    define=first,
    roles=(A, B),
    vocabulary=TwoPeriods,
    story="in the first period alone, type {i} gains {margin} by reporting type {j}",
    references=(LAFFONT,),
)
SECOND_PERIOD_IC = menu_property(
    id="second-period-ic",
    title="incentive compatible in the second period, after every history",
    statement="After no first report would a second-period type rather have what is meant for another.",
    define=after(first),
    roles=(C, A, B),
    vocabulary=TwoPeriods,
    story="after the first report {h}, second-period type {i} gains {margin} by reporting type {j}",
    references=(LAFFONT, DYNAMIC),
)
INTERTEMPORAL_IC = menu_property(
    id="intertemporal-ic",
    title="intertemporally incentive compatible (optimal continuation)",
    statement="No type gains in total by a first report of another type, even if it then reports whatever is best for it.",
    define=best,
    roles=(A, B),
    vocabulary=TwoPeriods,
    story="type {i} gains {margin} in total by reporting type {j} in the first period and then what is best for it",
    references=(
        DYNAMIC,
        "Baron, Besanko, Regulation and Information in a Continuing Relationship, 1984",
    ),
)
INTERTEMPORAL_IC_TRUTHFUL = menu_property(
    id="intertemporal-ic-truthful",
    title="intertemporally incentive compatible (truthful continuation)",
    statement="No type gains in total by a first report of another type after which it reports the truth.",
    define=truthful,
    roles=(A, B),
    vocabulary=TwoPeriods,
    story="type {i} gains {margin} in total by reporting type {j} in the first period and the truth in the second",
    references=(DYNAMIC,),
)
