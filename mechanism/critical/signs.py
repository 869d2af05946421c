"""Signs of expressions, seen from their shape and from the domains of what they are made of."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Binder, Cases, Entry, Max


def not_negative(expr: Any) -> bool:
    """Whether an expression is never negative; False where the shape does not tell.

    Examples
    --------
    >>> from mechanism.language import Highest, agents, parameter, report
    >>> j, b, w = agents("j"), report("b"), parameter("w", at_least=0)
    >>> not_negative(w * Highest(b[j], j)), not_negative(w - 1)
    (True, False)
    """
    if isinstance(expr, sp.Rational):
        return bool(expr >= 0)
    if isinstance(expr, Entry):
        lower = expr.family.domain.lower
        return lower is not None and lower >= 0
    if isinstance(expr, Cases):
        return all(not_negative(value) for value, _ in expr.args)
    if isinstance(expr, (sp.Add, sp.Mul)):
        return all(not_negative(a) for a in expr.args)
    if isinstance(expr, sp.Pow):
        return not_negative(expr.base)
    if isinstance(expr, Max):  # the smaller one is a kind of it
        return (any if type(expr) is Max else all)(not_negative(a) for a in expr.args)
    if isinstance(expr, Binder) and "body" in expr.names:
        return not_negative(expr.body) and all(
            not_negative(getattr(expr, n)) for n in ("default",) if n in expr.names
        )
    return False


def positive(expr: Any) -> bool:
    """Whether an expression is above 0 wherever it has a value."""
    if isinstance(expr, sp.Rational):
        return bool(expr > 0)
    if isinstance(expr, Entry):
        domain = expr.family.domain
        return domain.lower is not None and (
            domain.lower > 0 or (domain.strict and domain.lower == 0)
        )
    if isinstance(expr, sp.Mul):
        return all(positive(a) for a in expr.args)
    if isinstance(expr, sp.Add):
        return all(not_negative(a) for a in expr.args) and any(positive(a) for a in expr.args)
    if isinstance(expr, sp.Pow):  # what divides is not 0
        return not_negative(expr.base) if expr.exp.is_negative else positive(expr.base)
    return False
