"""Critical values in double auctions where the best buyers and sellers trade, as many as is efficient, or fewer.

With K efficient trades, a buyer that trades would still trade with any bid above the next buyer's and above the
ask of the last seller; a seller likewise. With c >= 1 trades fewer, the bids and asks that decide K do not move
while the agent trades, so that the next one of its own side sets its price.

References
----------
.. [1] R. P. McAfee, "A dominant strategy double auction", Journal of Economic Theory 56 (1992) 434-450.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.critical.report import NotDerived
from mechanism.language import (
    Binder,
    Cases,
    Count,
    Flag,
    Index,
    KthHighest,
    KthLowest,
    Max,
    Min,
    Rank,
    Sum,
    agents,
    ranks,
)
from mechanism.rule import Rule
from mechanism.setting import OWNER

_J, _Q = agents("j"), ranks("q")


def trading_payment(rule: Rule) -> Any:
    """The critical payment of each side; see `mechanism.critical.critical_payment`."""
    (b,) = rule.reports
    buyer = _buyers(rule)
    high = lambda k: KthHighest(k, b[_J], _J, buyer[_J])  # noqa: E731
    low = lambda k: KthLowest(k, b[_J], _J, ~buyer[_J])  # noqa: E731
    buyers, sellers = Count(buyer[_J], _J), Count(~buyer[_J], _J)
    efficient = Count(sp.And(_Q <= buyers, _Q <= sellers, high(_Q) >= low(_Q)), _Q)
    place = Cases(
        (Rank(b[_J], _J, rule.agent, buyer[_J]), buyer[rule.agent]),
        (Rank(-b[_J], _J, rule.agent, ~buyer[_J]), True),
    )
    fewer = _fewer(rule.allocation, place, efficient)
    if fewer == 0:
        last = efficient
        bid = Max(low(last), high(last + 1))
        ask = Cases((Min(high(last), low(last + 1)), last < sellers), (high(last), True))
    else:
        bid, ask = high(efficient - fewer + 1), low(efficient - fewer + 1)
    return Cases((0, place > efficient - fewer), (bid, buyer[rule.agent]), (-ask, True))


def _buyers(rule: Rule) -> Any:
    (side, *_) = rule.setting.direction.atoms(Flag) or [None]
    if side is None or side.index != (OWNER,):
        raise NotDerived("it does not say who buys and who sells")
    return side.family


def _fewer(allocation: Any, place: Any, efficient: Any) -> int:
    """How many trades fewer than is efficient are made: c in ``place <= K - c``."""
    whole = isinstance(allocation, Cases) and [v for v, _ in allocation.args] == [1, 0]
    test = allocation.args[0][1] if whole else None
    if not isinstance(test, (sp.Le, sp.Ge)):
        raise NotDerived("the best of each side do not just trade, up to a number of trades")
    mine, number = (test.lhs, test.rhs) if isinstance(test, sp.Le) else (test.rhs, test.lhs)
    counts = [n for n in number.atoms(Sum) if _named(n) == _named(efficient)]
    fewer = counts[0] - number if counts else sp.nan
    if _named(mine) != _named(place) or not (fewer.is_Integer and fewer >= 0):
        raise NotDerived("the number of trades is not the efficient one, or a fixed number less")
    return int(fewer)


def _named(expr: Any, depth: int = 0) -> Any:
    """The same expression whatever its bound indices are called."""
    if not expr.args:
        return expr
    if isinstance(expr, Binder):
        fresh = {old: Index(f"_{depth}", old.sort) for old in expr.bound_indices}
        args = [
            a if name in expr.outer else a.xreplace(fresh)
            for name, a in zip(expr.names, expr.args, strict=True)
        ]
        return expr.func(*(_named(a, depth + 1) for a in args))
    return expr.func(*(_named(a, depth) for a in expr.args))
