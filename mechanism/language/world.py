"""Worlds: the same auction under different reports or with different participants.

A property compares worlds: the truthful one with one in which an agent lies, or is absent, or has
swapped reports with another. Agents that a world does not name report the truth in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.logic.boolalg import Boolean

from mechanism.language.index import NUMBERED_FROM_ONE, Index
from mechanism.language.operators import ArgMax, First
from mechanism.language.procedure import Computed


@dataclass(frozen=True)
class World:
    """One world.

    Parameters
    ----------
    name : str
    reports : tuple of (who, kind, whose)
        The agent bound to `who` reports what the agent bound to `whose` has as ``"truth"`` or as
        ``"lie"``. The first entry that fits decides.
    absent : tuple of Index
        Agents that do not take part.
    """

    name: str
    reports: tuple[tuple[Index, str, Index], ...] = ()
    absent: tuple[Index, ...] = ()

    def said(self, agent: int, roles: Mapping[Index, int]) -> tuple[str, int]:
        """What an agent reports: the truth or the lie, and of which agent."""
        for who, kind, whose in self.reports:
            if roles[who] == agent:
                return kind, roles[whose]
        return "truth", agent


class At(sp.Expr):
    """A part of a rule, read in a named world, with its indices set.

    ``At(world, expr, formals, actuals)`` is `expr` with each index of `formals` standing for the one
    of `actuals`. An empty world name means the world the node itself is read in.
    """

    is_real = True
    is_commutative = True

    def __new__(cls, world: Any, expr: Any, formals: Any = (), actuals: Any = ()) -> At:
        return sp.Basic.__new__(
            cls,
            world if isinstance(world, Str) else Str(world),
            expr,
            sp.Tuple(*formals),
            sp.Tuple(*actuals),
        )

    @property
    def world(self) -> str:
        return self.args[0].name

    @property
    def expr(self) -> Any:
        return self.args[1]

    @property
    def bindings(self) -> tuple[tuple[Index, Any], ...]:
        return tuple(zip(self.args[2], self.args[3], strict=True))

    @property
    def free_symbols(self) -> set:
        inner = self.expr.free_symbols - set(self.args[2])
        return inner.union(*(a.free_symbols for a in self.args[3]))


class Truth(Boolean):
    """The same as `At`, for a condition."""

    def __new__(cls, world: Any, expr: Any, formals: Any = (), actuals: Any = ()) -> Truth:
        return At.__new__(cls, world, expr, formals, actuals)

    world = At.world
    expr = At.expr
    bindings = At.bindings
    free_symbols = At.free_symbols


def at(world: str, expr: Any, bindings: dict[Index, Any]) -> Any:
    """`At` or `Truth`, whichever fits the expression."""
    kind = Truth if isinstance(expr, Boolean) else At
    return kind(world, expr, tuple(bindings), tuple(bindings.values()))


def is_index(expr: Any) -> bool:
    """Whether an expression names an agent, a good or an outcome rather than a number."""
    return bool(sort_of(expr))


def sort_of(expr: Any) -> str:
    """The sort of an expression that names an agent, a good or an outcome; empty for all others."""
    if isinstance(expr, At):
        return sort_of(expr.expr)
    if isinstance(expr, Computed):
        return "" if expr.index else "outcome"  # a public decision
    if isinstance(expr, Index):
        return "" if expr.sort in NUMBERED_FROM_ONE else expr.sort
    return expr.var.sort if isinstance(expr, (ArgMax, First)) else ""
