"""The door for numbers: exact rationals come in, floats stay out.

Notes
-----
A float such as ``0.1`` is not one tenth, and a proof about it would be a proof about another rule.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from numbers import Rational as RationalNumber
from typing import Any

import sympy as sp

from mechanism.errors import InputError, RuleError


def exact(value: Any, where: str = "value") -> Fraction:
    """Read a number exactly.

    Parameters
    ----------
    value : int, Fraction, Decimal, str, sympy Rational or float
        A float is taken as the exact value of the double that was passed.
    where : str
        Named in the error.

    Returns
    -------
    Fraction

    Raises
    ------
    InputError
        For anything that is not one finite rational number.

    Examples
    --------
    >>> exact("3/7"), exact("0.1"), exact(0.5)
    (Fraction(3, 7), Fraction(1, 10), Fraction(1, 2))
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        if isinstance(value, sp.Rational):
            return Fraction(int(value.p), int(value.q))
        if isinstance(value, (RationalNumber, Decimal, str)):
            return Fraction(value)
        if hasattr(value, "__float__") and not isinstance(value, sp.Basic):
            number = float(value)
            if not math.isfinite(number):
                raise InputError(f"{where}: {value} is not a finite number; give a rational")
            return Fraction(number)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        pass
    raise InputError(f"{where}: {value!r} is not a number; write 3, '3/7' or '0.1'")


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


_THEIRS = (sp.Piecewise, sp.Max, sp.Min)


def _own(expr: sp.Basic) -> sp.Basic:
    """The same with the language's own `Cases`, `Max` and `Min` for sympy's."""
    from mechanism.language.operators import Cases, Max, Min

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
