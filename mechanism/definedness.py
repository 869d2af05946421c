"""Where a rule has a value: no division by zero, some case applies, nobody is looked up who is not there."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp

from mechanism.language import (
    ArgMax,
    At,
    Binder,
    Cases,
    Computed,
    Entry,
    Exists,
    First,
    Flag,
    ForAll,
    Index,
    Truth,
    at,
)


@lru_cache(maxsize=256)
def well_defined(allocation: Any, payment: Any, agent: Index, good: Index | None) -> Any:
    """The condition that the allocation and the payment have a value for every agent (and good).

    Returns
    -------
    sympy condition
        To be read in a world.
    """
    parts = []
    for part in (allocation, payment):
        condition = defined(part)
        for index in (good, agent):
            if index is not None:
                condition = for_all(condition, index)
        parts.append(condition)
    return sp.And(*parts)


def defined(expr: Any) -> Any:
    """The condition that an expression of the rule language has a value."""
    if isinstance(expr, Computed):
        return expr.procedure.defined()
    if isinstance(expr, Cases):
        return _cases(expr)
    if isinstance(expr, Binder):
        return _bound(expr)
    if isinstance(expr, (At, Truth)):
        return at(expr.world, defined(expr.expr), dict(expr.bindings))
    conditions = [defined(a) for a in expr.args]
    if isinstance(expr, sp.Pow) and not expr.exp.is_nonnegative and not _positive(expr.base):
        conditions.append(sp.Ne(expr.base, 0))
    if isinstance(expr, (Entry, Flag)):
        conditions += [_exists(i) for i in expr.index if isinstance(i, (ArgMax, First))]
    return sp.And(*conditions)


def _positive(expr: Any) -> bool:
    """Whether an entry is above 0 wherever it is, by its domain."""
    if not isinstance(expr, Entry) or expr.family.domain.lower is None:
        return False
    lower, strict = expr.family.domain.lower, expr.family.domain.strict
    return lower > 0 or (lower == 0 and strict)


def _cases(expr: Cases) -> Any:
    earlier: list[Any] = []
    conditions = []
    for value, condition in expr.args:
        here = sp.And(condition, *(sp.Not(c) for c in earlier))
        conditions += [defined(condition), sp.Implies(here, defined(value))]
        earlier.append(condition)
    return sp.And(*conditions, sp.Or(*earlier))


def _bound(expr: Binder) -> Any:
    inner = sp.And(defined(expr.where), sp.Implies(expr.where, defined(expr.body)))
    outer = [defined(getattr(expr, name)) for name in expr.outer]
    return sp.And(for_all(inner, expr.var), *outer)


def for_all(condition: Any, index: Any) -> Any:
    """A condition for every index; what the index does not reach is stated once."""
    parts = condition.args if isinstance(condition, sp.And) else (condition,)
    inside = sp.And(*(p for p in parts if index in p.free_symbols))
    outside = sp.And(*(p for p in parts if index not in p.free_symbols))
    if isinstance(inside, sp.Implies) and index not in inside.args[1].free_symbols:
        premise, consequence = inside.args
        outside = sp.And(outside, sp.Or(consequence, sp.Not(Exists(premise, index))))
        inside = sp.true
    return sp.And(outside, ForAll(inside, index) if inside != sp.true else sp.true)


def _exists(chosen: Any) -> Any:
    # No sort is empty: somebody takes part, and there is some outcome.
    return sp.true if chosen.where == sp.true else Exists(chosen.where, chosen.var)


__all__ = ["defined", "well_defined"]
