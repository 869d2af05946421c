"""Two-sided matchings without money: everybody ranks the other side.

A report ``b[i, k]`` is the place that agent i gives to agent k: 1 for the one it likes best, 0 for those on
its own side. The allocation ``x[i, k]`` is 1 where i and k are together.
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


@dataclass(frozen=True, kw_only=True)
class MatchingSetting(Setting):
    """What a matching is about.

    Parameters
    ----------
    liking : expression over OWNER and HOLDER
        How high OWNER, by its true preferences, places HOLDER: 0 for nobody, then 1 for the last.
    asked : condition over OWNER
        Whose strategyproofness is asked about.
    """

    kind: str = "matching"
    liking: Any = sp.S.Zero
    asked: Any = sp.true


def matching(rule: Rule, asked: Any) -> MatchingSetting:
    """Everybody is matched with at most one of the other side, and would rather be than not."""
    (b,) = rule.reports
    assert rule.good is not None
    together = lambda i, k: at("", rule.allocation, {rule.agent: i, rule.good: k})  # noqa: E731
    place = b.truth[OWNER, HOLDER]
    liking = Cases((0, sp.Eq(place, 0)), (Count(b.truth[OWNER, _L] > 0, _L) + 1 - place, True))
    liked = at("", liking, {OWNER: OWNER, HOLDER: _J})
    return MatchingSetting(
        id="matching",
        title="partners on two sides, without money",
        worth=Sum(liked * together(HOLDER, _J), _J),
        union=sp.S.Zero,
        optimum=sp.S.Zero,
        infeasible=sp.false,
        cap=sp.S.Zero,
        single_parameter=False,
        binary=False,
        liking=liking,
        asked=asked,
    )


def strict_preferences(agent: Index) -> Any:
    """The condition that an agent gives the places 1, 2, ... to those on the other side, each once."""
    own = PLACES[agent, _J]
    other_side = sp.Equivalent(own > 0, sp.Xor(PROPOSER[agent], PROPOSER[_J]).to_nnf())
    apart = ForAll(sp.Ne(own, PLACES[agent, _L]), _L, sp.And(sp.Ne(_L, _J), PLACES[agent, _L] > 0))
    within = own <= Count(PLACES[agent, _L] > 0, _L)
    return ForAll(sp.And(other_side, within, sp.Implies(own > 0, apart)), _J)
