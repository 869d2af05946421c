"""Exact numbers: one rational, however it is written."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from numbers import Rational as RationalNumber
from typing import Any

import sympy as sp

from mechanism.errors import InputError


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
