"""Do the constraints between neighbouring types imply all others?

For one period and single crossing they do; for two periods they need not.

References
----------
J.-J. Laffont, D. Martimort, The Theory of Incentives, 2002, ch. 3.
M. Battaglini, R. Lamba, Optimal Dynamic Contracting: The First-Order Approach and Beyond, 2019.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Exists, ForAll, Index, agents
from properties.contracts import incentives
from properties.contracts.incentives import DYNAMIC, LAFFONT, menu_property
from properties.contracts.terms import A, After, B, OnePeriod, TwoPeriods, after
from properties.property import Chain, Check

_K, _L, _M, _H = agents("k l m h'")


def neighbours(t: Any, i: Any, j: Any) -> Any:
    """Whether no type lies between two different ones."""
    between = sp.Or(
        sp.And(t.theta(i) < t.theta(_M), t.theta(_M) < t.theta(j)),
        sp.And(t.theta(j) < t.theta(_M), t.theta(_M) < t.theta(i)),
    )
    return sp.And(sp.Ne(i, j), sp.Not(Exists(between, _M)))


def _everywhere(condition: Any, *indices: Index) -> Any:
    for index in indices:
        condition = ForAll(condition, index)
    return condition


def static_chain(t: Any, i: Index, j: Index) -> Check:
    rising = sp.Implies(t.theta(i) < t.theta(j), t.quality(i) <= t.quality(j))
    return Check(t.first(i, j) - t.first(i, i), premises=(rising,))


def static(t: Any, i: Index, j: Index) -> Check:
    link = static_chain(t, _K, _L)
    local = sp.Implies(neighbours(t, _K, _L), link.margin <= 0)
    premises = [sp.Ne(i, j), *(_everywhere(p, _L, _K) for p in (*link.premises, local))]
    return Check(static_chain(t, i, j).margin, tuple(premises))


def dynamic(t: Any, i: Index, j: Index) -> Check:
    local = sp.Implies(neighbours(t, _K, _L), incentives.best(t, _K, _L).margin <= 0)
    later = after(incentives.first)(t, _H, _K, _L).margin <= 0
    below = t.theta(_K) < t.theta(_L)
    rising, rising2 = (
        sp.Implies(below, menu.quality(_K) <= menu.quality(_L)) for menu in (t, After(t, _H))
    )
    return Check(
        incentives.best(t, i, j).margin,
        premises=(
            sp.Ne(i, j),
            *(_everywhere(p, _L, _K) for p in (local, rising)),
            *(_everywhere(p, _L, _K, _H) for p in (later, rising2)),
        ),
    )


LOCAL_IC_SUFFICES = menu_property(
    id="local-ic-suffices",
    title="local incentive constraints suffice (one period)",
    statement="Where quality rises with the type and no type gains by reporting a neighbour, none gains by reporting any other.",
    define=static,
    chain=Chain(lambda t, i: t.theta(i), static_chain),
    roles=(A, B),
    vocabulary=OnePeriod,
    story="nobody gains by reporting a neighbour, and yet type {i} gains {margin} by reporting type {j}",
    references=(LAFFONT,),
)
LOCAL_INTERTEMPORAL_IC_SUFFICES = menu_property(
    id="local-intertemporal-ic-suffices",
    title="local intertemporal incentive constraints suffice",
    statement="Where the second period is incentive compatible, quality rises with the type in both, and no type gains in total by first reporting a neighbour, none gains by first reporting any other.",
    define=dynamic,
    roles=(A, B),
    vocabulary=TwoPeriods,
    story="nobody gains by first reporting a neighbour, and yet type {i} gains {margin} in total by first reporting type {j}",
    references=(
        "Battaglini, Lamba, Optimal Dynamic Contracting, Theoretical Economics 14, 2019",
        DYNAMIC,
    ),
)
