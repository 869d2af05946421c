"""Which expressions of the rule language do not know the agents by name.

Rename all agents in an auction: then what such an expression tells of the renamed agents is what it told
of them before. A value stays the same, an agent or an allocation of goods to agents is renamed. Nodes are
let in one by one, each for the reason given; whatever is not listed is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import sympy as sp
from sympy.logic.boolalg import BooleanAtom

from mechanism.language import (
    Applied,
    ArgMax,
    At,
    Awards,
    Cases,
    Contains,
    Entry,
    Exists,
    Family,
    First,
    Flag,
    ForAll,
    Greedy,
    Highest,
    Index,
    Inverse,
    KthHighest,
    Max,
    Min,
    Rank,
    Sum,
    Truth,
)
from mechanism.language.world import sort_of
from proofs.engines.engine import NotAccepted

RENAMED = ("agent", "matching", "partition")  # the sorts whose elements are, or name, agents
NUMBERED = ("slot", "rank")


class Equivariance:
    """Checks expressions that are read in one world.

    Parameters
    ----------
    alike : collection of Family
        The parameters that the renaming leaves as they are.
    untied : collection of expression
        The choices and rankings of which it is known that nothing in them is tied.
    """

    def __init__(self, alike: Collection[Family], untied: Collection[Any]) -> None:
        self.alike, self.untied = frozenset(alike), frozenset(untied)

    def value(self, expr: Any) -> None:
        """Pass if a number, a condition or an element of a sort without agents stays the same.

        Raises
        ------
        NotAccepted
        """
        if sort_of(expr) in RENAMED:
            raise NotAccepted(f"{expr} is used as a number")
        handler = HANDLERS.get(type(expr))
        if handler is None and not isinstance(expr, (sp.Rational, BooleanAtom)):
            raise NotAccepted(f"{type(expr).__name__} may know the agents by name")
        if handler is not None:
            handler(self, expr)

    def element(self, expr: Any) -> None:
        """Pass if an agent, a matching or a partition is renamed with the agents."""
        if isinstance(expr, At):
            self.at(expr)
        elif isinstance(expr, ArgMax):
            self.clear(expr)
        elif not (isinstance(expr, Index) and expr.sort in RENAMED):
            raise NotAccepted(f"{expr} is the same agent under every name")

    def place(self, sort: str, expr: Any) -> None:
        """An index expression where an element of a sort is asked for."""
        if sort in RENAMED and sort_of(expr) != sort:
            raise NotAccepted(f"{expr} stands where {sort}s do")
        (self.element if sort in RENAMED else self.value)(expr)

    # --- nodes ---------------------------------------------------------------------------------

    def parts(self, expr: Any) -> None:
        """Arithmetic and logic: the same of the same."""
        for part in expr.args:
            self.value(part)

    def cases(self, expr: Cases) -> None:
        for pair in expr.args:
            self.parts(pair)

    def entry(self, expr: Any) -> None:
        """Reports move with their agents, and so do the parameters that are alike."""
        family = expr.family
        if family.kind in ("truth", "lie"):
            raise NotAccepted(f"{family.name} is no part of what is reported")
        if family.kind != "report" and "agent" in family.over and family not in self.alike:
            raise NotAccepted(f"{family.name} stays where it is when agents change places")
        if any(sort in RENAMED for sort in family.over[1:]):
            raise NotAccepted(f"{family.name} relates an agent to others")
        indices = (expr.index,) if isinstance(expr, Applied) else expr.index
        for sort, index in zip(family.over, indices, strict=True):
            self.place(sort, index)

    def applied(self, expr: Applied) -> None:
        self.entry(expr)
        self.value(expr.argument)

    def ranged(self, expr: Any) -> None:
        """Everybody is in the range under the new name, and what is gathered does not ask in which order."""
        for name, part in zip(expr.names, expr.args, strict=True):
            if name not in expr.bound:
                self.value(part)

    def clear(self, expr: ArgMax) -> None:
        """A choice by numbers: where nothing is tied, no order of the candidates decides."""
        if expr not in self.untied:
            raise NotAccepted(f"a tie may be broken in {expr}")
        if any(s.sort in NUMBERED for s in expr.free_symbols if isinstance(s, Index)):
            raise NotAccepted(f"{expr} may be read at a place where there is nothing to choose")
        for part in (expr.body, expr.where):
            self.value(part)

    def ranking(self, expr: Any) -> None:
        """A place in an order by keys that all differ, or acceptance one by one in that order."""
        self.clear(expr)
        self.place(expr.var.sort, expr.at)
        if isinstance(expr, Greedy):
            self.value(expr.conflict)

    def queue(self, expr: First) -> None:
        if expr.var.sort in RENAMED:
            raise NotAccepted(f"{expr.var.sort}s stand in a fixed queue")
        self.value(expr.where)

    def at(self, expr: Any) -> None:
        """A part of the rule, with its indices set."""
        if expr.world:
            raise NotAccepted(f"the rule looks into the world '{expr.world}'")
        for formal, actual in expr.bindings:
            self.place(formal.sort, actual)
        (self.element if sort_of(expr.expr) in RENAMED else self.value)(expr.expr)

    def equal(self, expr: Any) -> None:
        """Two agents are the same under new names if they were under the old ones."""
        sorts = [sort_of(a) for a in expr.args]
        if any(sort in RENAMED for sort in sorts):
            for sort, part in zip(reversed(sorts), expr.args, strict=True):
                self.place(sort, part)
        else:
            self.parts(expr)

    def awards(self, expr: Awards) -> None:
        outcome, agent, good = expr.args
        self.element(outcome)
        self.place("agent", agent)
        self.value(good)


PARTS = (sp.Add, sp.Mul, sp.Pow, sp.Abs, Max, Min, Contains, sp.And, sp.Or, sp.Not, sp.Implies,
         sp.Equivalent, sp.ITE, sp.Gt, sp.Ge, sp.Lt, sp.Le)  # fmt: skip
RANGED = (Highest, KthHighest, Sum, Exists, ForAll)
HANDLERS: dict[type, Callable[[Equivariance, Any], None]] = {
    **dict.fromkeys(PARTS, Equivariance.parts),
    **dict.fromkeys(RANGED, Equivariance.ranged),
    Index: lambda self, expr: None,
    Cases: Equivariance.cases,
    Entry: Equivariance.entry,
    Flag: Equivariance.entry,
    Applied: Equivariance.applied,
    Inverse: Equivariance.applied,
    ArgMax: Equivariance.clear,
    Rank: Equivariance.ranking,
    Greedy: Equivariance.ranking,
    First: Equivariance.queue,
    At: Equivariance.at,
    Truth: Equivariance.at,
    sp.Eq: Equivariance.equal,
    sp.Ne: Equivariance.equal,
    Awards: Equivariance.awards,
}
