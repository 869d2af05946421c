"""When the choices in an expression are clear: none is between equals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from mechanism.language.index import Index
from mechanism.language.operators import ArgMax, Binder, ForAll, Greedy, Highest, Rank
from mechanism.language.procedure import Computed
from mechanism.language.world import at


def clear_choices(parts: Iterable[Any]) -> Any:
    """The condition that no choice in some expressions is between equals."""
    nodes = {node for part in parts for node in _choices(part)}
    return sp.And(*(_close(_clear_choice(node), node) for node in sorted(nodes, key=str)))


def _choices(expr: Any) -> set[Any]:
    """The choices an expression makes itself; those inside a procedure are told by the procedure."""
    if isinstance(expr, Computed):
        return set()
    own = {expr} if isinstance(expr, (ArgMax, Rank, Greedy)) else set()
    return own.union(*(_choices(a) for a in expr.args))


def _clear_choice(node: Any) -> Any:
    if isinstance(node, ArgMax):
        best = Highest(node.body, node.var, node.where)
        return ForAll(sp.Or(sp.Eq(node.var, node), node.body < best), node.var, node.where)
    rival = Index(f"{node.var.name}'", node.var.sort)
    other = {node.var: rival}
    apart = sp.Ne(node.body, at("", node.body, other))
    where = sp.And(sp.Ne(node.var, rival), at("", node.where, other))
    return ForAll(ForAll(apart, rival, where), node.var, node.where)


def _close(condition: Any, node: Binder) -> Any:
    free = sorted((s for s in condition.free_symbols if isinstance(s, Index)), key=lambda s: s.name)
    for index in free:
        condition = ForAll(condition, index)
    return condition
