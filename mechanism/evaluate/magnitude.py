"""How large the numbers of a computation can get, so that int64 never overflows unnoticed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from mechanism.evaluate.profiles import sort_size
from mechanism.language import (
    Applied,
    At,
    Binder,
    Cases,
    Entry,
    Flag,
    Index,
    Inverse,
    KthHighest,
    Max,
    Nth,
    Rank,
    Sum,
    Truth,
)

_UNKNOWN = 2**63


class Magnitude:
    """Bounds on absolute values.

    Parameters
    ----------
    sizes : mapping of str to int
    bounds : mapping of str to int
        By the name of a family, a bound on its entries.
    functions : mapping of str to collection of function
        By the name of a function-valued family, the functions in it.

    Attributes
    ----------
    largest : int
        A bound on everything seen so far, intermediate results included.
    """

    def __init__(
        self, sizes: Mapping[str, int], bounds: Mapping[str, int], functions: Mapping[str, Any]
    ) -> None:
        self.sizes, self.bounds, self.functions = sizes, bounds, functions
        self.largest = 1
        self._known: dict[sp.Basic, Any] = {}

    def of(self, expr: Any) -> Any:
        """A bound on one expression; 1 for a condition or whatever names an agent."""
        if expr not in self._known:
            self._known[expr] = bound = self._of(expr)
            self.largest = max(self.largest, bound)
        return self._known[expr]

    def _of(self, expr: Any) -> Any:
        if isinstance(expr, sp.Rational):
            return max(abs(int(expr.p)), int(expr.q))
        if isinstance(expr, Index):
            return sort_size(expr.sort, self.sizes)
        if isinstance(expr, (Entry, Flag)):
            for index in expr.index:
                self.of(index)
            family = expr.family.truth if expr.family.kind == "report" else expr.family
            return self.bounds.get(family.name, 1)
        if isinstance(expr, Applied):
            return self._function(expr)
        if isinstance(expr, (At, Truth)):
            return self.of(expr.expr)
        if isinstance(expr, sp.Pow):
            return self.of(expr.base) ** abs(int(expr.exp)) if expr.exp.is_Integer else _UNKNOWN
        parts = [self.of(a) for a in expr.args if isinstance(a, sp.Basic)]
        if isinstance(expr, sp.Add):
            return sum(parts)
        if isinstance(expr, sp.Mul):
            return math.prod(parts)
        if isinstance(expr, Sum):
            return self.of(expr.body) * sort_size(expr.var.sort, self.sizes)
        if isinstance(expr, Rank):
            return sort_size(expr.var.sort, self.sizes) + 1
        if isinstance(expr, KthHighest):
            return self.of(expr.body)
        numbers = (Binder, Cases, Nth, Max, sp.Abs, sp.Tuple)
        return max(parts, default=1) if isinstance(expr, numbers) else 1

    def _function(self, expr: Applied) -> Any:
        end = Fraction(self.of(expr.argument))
        functions = self.functions.get(expr.family.name, ())
        if isinstance(expr, Inverse):
            functions = [function.inverse for function in functions]
        return max((1 + int(abs(f(x))) for f in functions for x in (-end, end)), default=1)
