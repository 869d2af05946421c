"""Menus that stand for many: with any number of types, or with open items.

`ANY_MENU` is every menu for one period whose payoff has single crossing, in the ordinal sense of Milgrom
and Shannon (1994): what a type gets from an item is a table of which nothing else is known.

`CORRELATED` is every menu for two periods for three types of which each stays what it is with chance 9/10.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from mechanism.contracts.menu_rule import QUALITY, REWARD, THETA_T, I, menu_rule
from mechanism.contracts.payoff import reward_minus_cost
from mechanism.contracts.setting import MenuSetting
from mechanism.language import ForAll, agents, parameter
from mechanism.rule import Rule
from mechanism.setting import HOLDER, OWNER

_K, _L, _M, _N = agents("k l m n")
UTILITY = parameter("U", over=("agent", "agent"))


def _setting(rule: Rule) -> MenuSetting:
    item = UTILITY[OWNER, HOLDER]
    return MenuSetting(
        id="menu", title="a menu for one period", worth=item - REWARD[HOLDER], union=item,
        optimum=sp.S.Zero, infeasible=sp.false, cap=sp.S.Zero, single_parameter=False, binary=False,
        theta=THETA_T[OWNER], first=item, quality=QUALITY[HOLDER], reward=REWARD[HOLDER],
    )  # fmt: skip


def _single_crossing() -> Any:
    """What a lower type accepts more of, a higher one accepts, and strictly if it does strictly."""
    more = lambda k: UTILITY[k, _N] - UTILITY[k, _M]  # noqa: E731
    weak = sp.Implies(more(_K) >= 0, more(_L) >= 0)
    strict = sp.Implies(more(_K) > 0, more(_L) > 0)
    ordered = sp.And(THETA_T[_K] < THETA_T[_L], QUALITY[_M] <= QUALITY[_N])
    found: Any = sp.Implies(ordered, sp.And(weak, strict))
    for index in (_N, _M, _L, _K):
        found = ForAll(found, index)
    return found


ANY_MENU = Rule(
    id="any-menu",
    title="any menu for one period whose payoff has single crossing",
    reports=(),
    agent=I,
    allocation=QUALITY[I],
    payment=-REWARD[I],
    setting_of=_setting,
    called="type",
    assumptions=(_single_crossing(),),
    references=("Milgrom, Shannon, Monotone Comparative Statics, Econometrica 62, 1994",),
)

_STAY, _MOVE = Fraction(9, 10), Fraction(1, 20)
CORRELATED = menu_rule(
    reward_minus_cost("q"),
    two_periods=True,
    size=3,
    given={
        "theta": tuple(map(Fraction, ("1/3", "1/2", "1"))),
        "prior": (Fraction(1, 3),) * 3,
        "P": tuple(tuple(_STAY if k == n else _MOVE for n in range(3)) for k in range(3)),
    },
    id="correlated-types",
    title="any menu for two periods, three types that mostly stay what they are",
)
