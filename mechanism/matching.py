"""Two-sided matchings without money: everybody ranks the other side.

A report ``b[i, k]`` is the place that agent i gives to agent k: 1 for the one it likes best, 0 for those on
its own side, and for those that it would rather not be with. The allocation ``x[i, k]`` is 1 where i and k are
together. Who has several seats likes its partners one by one (responsive preferences).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from mechanism.language import (
    Cases,
    Count,
    Domain,
    Exists,
    Family,
    ForAll,
    Index,
    Sum,
    agents,
    at,
    parameter,
)
from mechanism.rule import Rule
from mechanism.setting import HOLDER, OWNER, Setting

_J, _L = agents("j l")
PLACES = Family("b", "report", ("agent", "agent"), Domain(lower=Fraction(0), integer=True))
PROPOSER = parameter("proposer", over="agent", boolean=True)
SEATS = parameter("seats", over="agent", at_least=1)


@dataclass(frozen=True, kw_only=True)
class MatchingSetting(Setting):
    """What a matching is about.

    Parameters
    ----------
    liking : expression over OWNER and HOLDER
        How high OWNER, by its true preferences, places HOLDER: 0 for nobody, then 1 for the last, and -1 for
        those that it would rather not be with.
    asked : condition over OWNER
        Whose strategyproofness is asked about.
    seats : expression over OWNER
        How many partners it may have.
    """

    kind: str = "matching"
    liking: Any = sp.S.Zero
    asked: Any = sp.true
    seats: Any = sp.S.One


def matching(rule: Rule, asked: Any, seats: Any = sp.S.One) -> MatchingSetting:
    """Everybody is matched with those on the other side, with as many as it has seats for."""
    (b,) = rule.reports
    assert rule.good is not None
    together = lambda i, k: at("", rule.allocation, {rule.agent: i, rule.good: k})  # noqa: E731
    place = b.truth[OWNER, HOLDER]
    own_side = sp.Equivalent(PROPOSER[OWNER], PROPOSER[HOLDER]).to_nnf()
    listed = Count(b.truth[OWNER, _L] > 0, _L)
    liking = Cases((0, own_side), (-1, sp.Eq(place, 0)), (listed + 1 - place, True))
    liked = at("", liking, {OWNER: OWNER, HOLDER: _J})
    full = Sum(together(_J, _L), _L) > at("", seats, {OWNER: _J})
    odd = sp.Or(
        sp.Ne(together(_J, _L), together(_L, _J)),
        sp.And(together(_J, _L) > 0, sp.Equivalent(PROPOSER[_J], PROPOSER[_L]).to_nnf()),
    )
    return MatchingSetting(
        id="matching",
        title="partners on two sides, without money",
        worth=Sum(liked * together(HOLDER, _J), _J),
        union=sp.S.Zero,
        optimum=sp.S.Zero,
        infeasible=Exists(sp.Or(full, Exists(odd, _L)), _J),
        cap=sp.S.Zero,
        single_parameter=False,
        binary=False,
        liking=liking,
        asked=asked,
        seats=seats,
    )


def strict_preferences(agent: Index, complete: bool = True) -> Any:
    """The condition that an agent gives the places 1, 2, ... to those on the other side, or to some of them."""
    own = PLACES[agent, _J]
    across = sp.Xor(PROPOSER[agent], PROPOSER[_J]).to_nnf()
    other_side = sp.Equivalent(own > 0, across) if complete else sp.Implies(own > 0, across)
    apart = ForAll(sp.Ne(own, PLACES[agent, _L]), _L, sp.And(sp.Ne(_L, _J), PLACES[agent, _L] > 0))
    within = own <= Count(PLACES[agent, _L] > 0, _L)
    return ForAll(sp.And(other_side, within, sp.Implies(own > 0, apart)), _J)
