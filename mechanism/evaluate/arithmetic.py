"""Arithmetic on arrays: Fractions stay Fractions, whole numbers stay whole until they are divided.

Every branch of a rule is computed for every row, needed there or not. So nothing here fails on a row:
where a value does not exist (a division by zero), some number stands in its place. Whether the rule has
a value is asked with `mechanism.definedness`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from mechanism.errors import RuleError
from mechanism.evaluate.arrays import Array
from mechanism.virtual import Affine, PiecewiseLinear

fractions = np.frompyfunc(Fraction, 1, 1)


def constant(number: sp.Rational, exact: bool) -> Array:
    """A rational as an array of length 1."""
    if number.q == 1 and -(2**63) <= number.p < 2**63:
        return np.array([int(number.p)])
    if exact:
        return np.array([Fraction(int(number.p), int(number.q))], dtype=object)
    try:
        return np.array([int(number.p) / int(number.q)])
    except OverflowError:  # no double is as large
        return np.array([Fraction(int(number.p), int(number.q))], dtype=object)


def divide(above: Array, below: Array, exact: bool) -> Array:
    """The quotient, or the numerator where the denominator is 0."""
    below = np.where(below == 0, 1, below)
    return above / (fractions(below) if exact else below)


def power(base: Array, exponent: Array, exact: bool) -> Array:
    """A whole power; 0 to a negative power is 1."""
    exponent = whole(exponent, strictly=True)
    size = np.abs(exponent)
    raised = base ** (size.astype(object) if base.dtype == object else size)
    if (exponent >= 0).all():
        return raised
    return np.where(exponent < 0, divide(np.ones_like(raised), raised, exact), raised)


def whole(numbers: Array, strictly: bool = False) -> Array:
    """The whole numbers, towards zero, for use as places."""
    if numbers.dtype.kind in "iu":
        return numbers
    result = numbers.astype(np.int64)
    if strictly and (result != numbers).any():
        raise RuleError("only whole powers are exact")
    return result


def call(function: Any, numbers: Array, inverse: bool, exact: bool) -> Array:
    """Apply an increasing function, or its inverse, to every element."""
    if exact:
        numbers = numbers.astype(object)
    compute = function.inverse if inverse else function
    if isinstance(function, (Affine, PiecewiseLinear)):
        return compute(numbers)
    results = np.frompyfunc(lambda number: compute(Fraction(number)), 1, 1)(numbers)
    return results if exact else results.astype(np.float64)
