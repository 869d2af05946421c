"""Menus as tables of payoffs in whole numbers, so that many are compared exactly at once.

What a type gains by a lie is a sum of payoffs, weighted by chances. With all payoffs of a menu over one
denominator, and all chances over another, the sign of such a sum is that of a sum of whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import numpy as np
import sympy as sp

from mechanism.contracts.general import UTILITY
from mechanism.contracts.menu_rule import CHANCE, QUALITY, REWARD, I
from mechanism.contracts.payoff import THETA, Payoff, Q, R, theirs
from mechanism.contracts.setting import MenuSetting
from mechanism.evaluate.batch import Batch
from mechanism.evaluate.profiles import families_read
from mechanism.language import exact, parameter
from mechanism.language.arithmetic import constant
from mechanism.rule import Rule
from mechanism.setting import EXTRA, HOLDER, OWNER

LATER = parameter("U2", over=("agent", "agent", "agent"))
Array = np.ndarray
_numerators = np.frompyfunc(lambda x: x.as_integer_ratio()[0], 1, 1)
_denominators = np.frompyfunc(lambda x: x.as_integer_ratio()[1], 1, 1)
_fraction = np.frompyfunc(Fraction, 1, 1)
_lcm = np.frompyfunc(math.lcm, 2, 1)
WORD = 2**62


@dataclass(frozen=True)
class Whole:
    """Payoffs of menus in whole numbers.

    Parameters
    ----------
    batch : Batch
        Of `rule`; the margins that it computes are those of the menus times a positive whole number.
    scale : array of int
        That number for each menu, for margins of second-period payoffs.
    more : int
        For other margins it is so many times as large.
    """

    batch: Batch
    scale: Array
    more: int

    def times(self, margin: Any) -> Array:
        """What a margin is times, for each menu."""
        return self.scale * (self.more if UTILITY in families_read(margin) else 1)


@lru_cache(maxsize=32)
def rule(count: int, two_periods: bool, discount: int) -> Rule:
    """A menu whose payoffs are tables, in whole numbers."""

    def setting(one: Rule) -> MenuSetting:
        later = {"second": LATER[EXTRA, OWNER, HOLDER], "chance": CHANCE[OWNER, HOLDER], "two_periods": True}  # fmt: skip
        return MenuSetting(
            id="menu", title="a menu as a table", worth=UTILITY[OWNER, HOLDER],
            union=UTILITY[OWNER, HOLDER], optimum=sp.S.Zero, infeasible=sp.false, cap=sp.S.Zero,
            single_parameter=False, binary=False, first=UTILITY[OWNER, HOLDER],
            discount=sp.Integer(discount), **(later if two_periods else {}),
        )  # fmt: skip

    return Rule(
        id="menu-table",
        title="a menu as a table of payoffs",
        reports=(),
        agent=I,
        allocation=UTILITY[I, I],
        payment=sp.S.Zero,
        setting_of=setting,
        called="type",
        min_agents=count,
        max_agents=count,
    )


def discount_of(given: Rule) -> Fraction:
    """What the second period counts."""
    setting = given.setting
    assert isinstance(setting, MenuSetting)
    return exact(setting.discount)


def whole(payoff: Payoff, given: Rule, items: Array) -> Whole:
    """The payoffs of menus as whole numbers.

    Parameters
    ----------
    payoff : Payoff
    given : Rule
        The template, which has the types and chances.
    items : array, shape (menus, items, 2)
        Of floats, whose values are taken as they are, or of Fractions.
    """
    types, count = given.given["theta"], len(given.given["theta"])
    table, scale = _payoffs(payoff, types, items)
    tables: dict[str, Any] = {"U": table[:, :, :count]}
    more = 1
    if items.shape[1] > count:
        chances, discount = given.given["P"], discount_of(given)
        over = reduce(math.lcm, (p.denominator for row in chances for p in row), 1)
        tables["P"] = np.array([[int(p * over) for p in row] for row in chances], dtype=object)
        later = table[:, :, count:].reshape(len(table), count, count, count)
        tables["U2"] = later.transpose(0, 2, 1, 3)
        more = over * discount.denominator
        tables["U"] = tables["U"] * more
        largest = _most(tables["U"]) + discount.numerator * over * _most(tables["U2"])
    else:
        largest = _most(tables["U"])
    if 4 * largest < WORD:  # a margin is the difference of two payoffs
        tables = {name: t.astype(np.int64) for name, t in tables.items()}
    return Whole(Batch({"agent": count}, tables), scale, more)


def _most(table: Array) -> int:
    return int(np.abs(table).max(initial=0))


def _payoffs(payoff: Payoff, types: Sequence[Fraction], items: Array) -> tuple[Array, Array]:
    """What each type gets from each item, times a number for each menu: [menu, type, item]."""
    above, below = _numerators(items), _denominators(items)
    common = reduce(_lcm, below.reshape(len(items), -1).T)
    q, r = np.moveaxis(above * (common[:, None, None] // below), 2, 0)
    terms = _terms(payoff, tuple(types))
    if terms is None:
        return _by_fractions(payoff, types, items)
    degree, over, each = terms
    made = [
        sum((c * q**a * r**b * common[:, None] ** (degree - a - b) for a, b, c in of_type), 0 * q)
        for of_type in each
    ]
    return np.stack(made, axis=1), over * common**degree


@lru_cache(maxsize=32)
def _terms(payoff: Payoff, types: tuple[Fraction, ...]) -> Any:
    """The degree, the common denominator, and for each type the powers of q and r with whole numbers."""
    u = theirs(payoff.u)
    each = [sp.expand(u.subs(THETA, constant(t))) for t in types]
    if not all(one.is_polynomial(Q, R) for one in each):
        return None
    polys = [sp.Poly(one, Q, R).terms() for one in each]
    over = reduce(math.lcm, (int(c.q) for terms in polys for _, c in terms), 1)
    degree = max(sum(powers) for terms in polys for powers, _ in terms)
    return degree, over, [[(a, b, int(c * over)) for (a, b), c in terms] for terms in polys]


def _by_fractions(payoff: Payoff, types: Sequence[Fraction], items: Array) -> tuple[Array, Array]:
    """The same for any payoff."""
    q, r = np.moveaxis(_fraction(items).astype(object), 2, 0)
    batch = Batch({"agent": items.shape[1]}, {"q": q, "r": r}, exact=True)
    each = [payoff.at(constant(t), QUALITY[I], REWARD[I]) for t in types]
    got = np.stack(batch.evaluate(each, axes=[(I,)] * len(each)), axis=1)
    common = reduce(_lcm, _denominators(got).reshape(len(items), -1).T)
    return _numerators(got) * (common[:, None, None] // _denominators(got)), common
