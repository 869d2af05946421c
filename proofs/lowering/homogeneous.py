"""Expressions that grow in proportion to a parameter: what scaling it by t > 0 does to them.

A number has a degree: scaled with t, it becomes t to that power times what it was. A condition must stay
as it is, which comparisons of two numbers of one degree do. If a margin has degree 1 in a parameter
without an upper bound, and what is assumed stays as it is, then from any violation there are others with a
margin as large as one likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
from proofs.engines.engine import NotAccepted
from properties.property import Obligation

ZERO = None  # the degree of 0, which is any


def proportional(obligation: Obligation) -> Family | None:
    """A parameter without an upper bound to which the margin is proportional, while nothing else changes."""
    rule = obligation.rule
    for family in rule.parameters:
        domain = family.domain
        free = family.kind == "parameter" and family.name not in rule.given and not domain.boolean
        if not free or domain.upper is not None or (domain.lower is not None and domain.lower < 0):
            continue
        scale = Scale(family)
        try:
            for fact in (*obligation.premises, *rule.assumptions, rule.admissible):
                scale.steady(fact)
            if scale.degree(obligation.margin) == 1:
                return family
        except NotAccepted:
            continue
    return None


class Scale:
    """Degrees in one parameter."""

    def __init__(self, family: Family) -> None:
        self.family = family

    def degree(self, expr: Any) -> int | None:
        """The degree of a number.

        Raises
        ------
        NotAccepted
            Where it has none, or where a condition inside would change.
        """
        if isinstance(expr, sp.Rational):
            return ZERO if expr == 0 else 0
        handler = DEGREES.get(type(expr))
        if handler is None:
            raise NotAccepted(f"{type(expr).__name__} does not scale")
        return handler(self, expr)

    def steady(self, expr: Any) -> None:
        """Pass if a condition, or an index expression, stays as it is."""
        if isinstance(expr, (sp.Gt, sp.Ge, sp.Lt, sp.Le, sp.Eq, sp.Ne)):
            if not all(isinstance(a, (Index, ArgMax, First, At)) for a in expr.args):
                self.same(expr.args)
                return
            for part in expr.args:
                self.element(part)
        elif isinstance(expr, (sp.And, sp.Or, sp.Not, sp.Implies, sp.Equivalent, sp.ITE)):
            for part in expr.args:
                self.steady(part)
        elif isinstance(expr, (Exists, ForAll)):
            self.steady(expr.body)
            self.steady(expr.where)
        elif isinstance(expr, Truth):
            self.steady(expr.expr)
            self.elements(a for _, a in expr.bindings)
        elif isinstance(expr, Flag):
            self.elements(expr.index)
        elif isinstance(expr, (Awards, Contains)):
            self.elements(expr.args)
        elif isinstance(expr, Greedy):
            self.degree(expr.body)
            self.steady(expr.conflict)
            self.steady(expr.where)
            self.element(expr.at)
        elif not isinstance(expr, BooleanAtom):
            raise NotAccepted(f"{type(expr).__name__} may change with the scale")

    def element(self, expr: Any) -> None:
        """An index, or a number that says a place."""
        if isinstance(expr, (ArgMax, First)):
            if isinstance(expr, ArgMax):
                self.degree(expr.body)  # the order of the candidates stays
            self.steady(expr.where)
        elif isinstance(expr, At) and isinstance(expr.expr, (ArgMax, First)):
            self.element(expr.expr)
            self.elements(a for _, a in expr.bindings)
        elif not isinstance(expr, Index) and self.degree(expr) not in (0, ZERO):
            raise NotAccepted(f"{expr} is a place that changes with the scale")

    def elements(self, exprs: Iterable[Any]) -> None:
        for expr in exprs:
            self.element(expr)

    def same(self, exprs: Iterable[Any]) -> int | None:
        """The degree that all of these have."""
        found = {self.degree(e) for e in exprs} - {ZERO}
        if len(found) > 1:
            raise NotAccepted("numbers of different degrees are put together")
        return found.pop() if found else ZERO

    def entry(self, expr: Entry) -> int:
        self.elements(expr.index)
        return int(expr.family == self.family)

    def product(self, expr: sp.Mul) -> int | None:
        degrees = [self.degree(a) for a in expr.args]
        return ZERO if ZERO in degrees else sum(d for d in degrees if d is not ZERO)

    def power(self, expr: sp.Pow) -> int | None:
        base = self.degree(expr.base)
        if not expr.exp.is_Integer or base is ZERO:
            raise NotAccepted(f"{expr} does not scale")
        return base * int(expr.exp)

    def cases(self, expr: Cases) -> int | None:
        for _, condition in expr.args:
            self.steady(condition)
        return self.same(value for value, _ in expr.args)

    def ranged(self, expr: Any) -> int | None:
        self.steady(expr.where)
        if isinstance(expr, KthHighest):
            self.element(expr.k)
        return self.same([expr.body, *([expr.default] if isinstance(expr, Highest) else [])])

    def rank(self, expr: Rank) -> int:
        self.degree(expr.body)
        self.steady(expr.where)
        self.element(expr.at)
        return 0

    def at(self, expr: At) -> int | None:
        self.elements(a for _, a in expr.bindings)
        return self.degree(expr.expr)

    def applied(self, expr: Applied) -> int:
        self.element(expr.index)
        if self.degree(expr.argument) not in (0, ZERO):
            raise NotAccepted("a function of what is scaled")
        return 0


DEGREES: dict[type, Callable[[Scale, Any], int | None]] = {
    Entry: Scale.entry,
    Index: lambda self, expr: 0,
    sp.Add: lambda self, expr: self.same(expr.args),
    Max: lambda self, expr: self.same(expr.args),
    Min: lambda self, expr: self.same(expr.args),
    sp.Abs: lambda self, expr: self.same(expr.args),
    sp.Mul: Scale.product,
    sp.Pow: Scale.power,
    Cases: Scale.cases,
    Sum: Scale.ranged,
    Highest: Scale.ranged,
    KthHighest: Scale.ranged,
    Rank: Scale.rank,
    At: Scale.at,
    Applied: Scale.applied,
    Inverse: Scale.applied,
}
