"""The arithmetic of the rule language: exact constants, `Cases`, `Max` and `Min`.

Notes
-----
A float such as ``0.1`` is not one tenth, and a proof about it would be a proof about another rule.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sympy as sp

from mechanism.errors import RuleError
from mechanism.language.numbers import exact


def constant(value: Any, where: str = "rule") -> sp.Basic:
    """Turn a value that appears in a rule into sympy, refusing floats.

    Parameters
    ----------
    value : sympy expression, int, Fraction, Decimal or str
        Strings are read as rationals, never as formulas.
    where : str
        Named in the error.

    Raises
    ------
    RuleError
        If the value is, or holds, a float.

    Examples
    --------
    >>> constant("0.1")
    1/10
    """
    if isinstance(value, sp.Basic):
        floats = value.atoms(sp.Float)
        if floats:
            raise _no_float(where, floats.pop())
        return _own(value) if value.has(*_THEIRS) else value
    if isinstance(value, bool):
        return sp.true if value else sp.false
    if isinstance(value, float):
        raise _no_float(where, value)
    number = exact(value, where)
    return sp.Rational(number.numerator, number.denominator)


class Cases(sp.Expr):
    """The value of the first pair whose condition holds: ``Cases((price, wins), (0, True))``.

    The same as sympy's `Piecewise`, which a rule may use too, except that it is never rewritten:
    sympy moves conditions out of nested pieces, and so out of the scope of a bound index.
    """

    is_real = True
    is_commutative = True

    def __new__(cls, *pairs: Any) -> Cases:
        made = [sp.Tuple(*(constant(part, cls.__name__) for part in pair)) for pair in pairs]
        if not made or any(len(pair) != 2 for pair in made):
            raise RuleError("Cases takes pairs (value, condition)")
        return sp.Basic.__new__(cls, *made)


class Max(sp.Expr):
    """The larger of some numbers. Not evaluated: sympy's own takes minutes on a rule."""

    is_real = True
    is_commutative = True

    def __new__(cls, *numbers: Any) -> Max:
        return sp.Basic.__new__(cls, *(constant(n, cls.__name__) for n in numbers))


class Min(Max):
    """The smaller of some numbers. Not evaluated."""


_THEIRS = (sp.Piecewise, sp.Max, sp.Min)


def _own(expr: sp.Basic) -> sp.Basic:
    """The same with the language's own `Cases`, `Max` and `Min` for sympy's."""
    if not expr.args or not expr.has(*_THEIRS):
        return expr
    args = [_own(a) for a in expr.args]
    own = {sp.Piecewise: Cases, sp.Max: Max, sp.Min: Min}.get(expr.func, expr.func)
    return own(*args)


def _no_float(where: str, number: Any) -> RuleError:
    if not math.isfinite(float(number)):
        return RuleError(f"{where}: {number} is not a finite number; give a rational")
    text = str(Decimal(str(number)).normalize())
    fraction = Fraction(text)
    return RuleError(
        f"{where}: the float {text} may not enter a rule, whose numbers are exact; "
        f'write Rational({fraction.numerator}, {fraction.denominator}) or "{text}"'
    )
