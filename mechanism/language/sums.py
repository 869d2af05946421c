"""Sums over all agents, written so that less depends on what is chosen.

Three identities, used from left to right: a sum of sums is taken apart; the sum over everybody of what
the others have is one less than their number times the total; and the total at the best outcome is the
highest total. So the revenue of a VCG auction is seen not to depend on which of the best outcomes is
chosen.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language.index import Index
from mechanism.language.operators import ArgMax, Binder, Count, Highest, Sum
from mechanism.language.world import At, Truth


def taken_apart(total: Sum) -> Any:
    """The same sum over agents by the identities above, or itself where none fits."""
    if total.where != sp.true or total.var.sort != "agent":
        return total
    body, var = inlined(total.body), total.var
    terms = sp.Add.make_args(sp.expand(body, deep=False))
    return sp.Add(*(_term(term, var) for term in terms))


def _term(whole: Any, var: Index) -> Any:
    factor, term = whole.as_coeff_Mul()
    if (
        isinstance(term, Sum)
        and _others(term.where, term.var, var)
        and var not in term.body.free_symbols
    ):
        factor, term = factor * (Count(True, var) - 1), Sum(term.body, term.var)
        return factor * _at_best(term)
    return factor * _at_best(Sum(term, var))


def _others(where: Any, one: Index, other: Index) -> bool:
    return isinstance(where, sp.Ne) and set(where.args) == {one, other}


def _at_best(total: Sum) -> Any:
    """The highest total, if the sum is read at the outcome that makes it highest."""
    for chosen in total.body.atoms(ArgMax):
        best = chosen.body.xreplace({chosen.var: chosen}) if chosen.where == sp.true else None
        if isinstance(best, Sum) and best.where == sp.true and _same(total, best):
            return Highest(chosen.body, chosen.var)
    return total


def _same(total: Sum, best: Sum) -> bool:
    """Whether two sums are the same but for the name of the bound index."""
    if total.var.sort != best.var.sort or best.var in total.free_symbols:
        return False
    return total.body.xreplace({total.var: best.var}) == best.body


def inlined(expr: Any) -> Any:
    """The same with parts of a rule that are read in the same world written out."""
    if not expr.args or not expr.has(At, Truth):
        return expr
    if isinstance(expr, (At, Truth)):
        if expr.world:
            return expr
        taken = set().union(*(a.free_symbols for a in expr.args[3]))
        return _apart(inlined(expr.expr), taken).xreplace(dict(expr.bindings))
    return expr.func(*(inlined(a) for a in expr.args))


def _apart(expr: Any, taken: set) -> Any:
    """The same with bound indices renamed that would capture one of `taken`."""
    if not expr.args:
        return expr
    if isinstance(expr, Binder):
        fresh = {i: Index(f"{i.name}'", i.sort) for i in expr.bound_indices if i in taken}
        args = [
            a if name in expr.outer else a.xreplace(fresh)
            for name, a in zip(expr.names, expr.args, strict=True)
        ]
        return expr.func(*(_apart(a, taken) for a in args))
    return expr.func(*(_apart(a, taken) for a in expr.args))
