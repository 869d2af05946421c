"""The door for matrices of numbers: integers over one common denominator, exactly.

In int64 when they fit, so that vectorised arithmetic stays exact; else in Python integers.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.errors import InputError
from mechanism.language.numbers import exact

LIMIT = 2**61  # below it in size, three numbers can be added or subtracted in int64
_WIDEST = 4096  # bits of a common denominator; past that, Fractions are the smaller evil
_SHAPE = "give one row per agent and one value per good (0 for a good the agent does not want)"


def read_matrix(values: Any) -> tuple[np.ndarray, int]:
    """Read a matrix exactly, as integers over one denominator.

    Parameters
    ----------
    values : array_like, shape (agents, goods)
        Whatever `exact` takes; a float is the exact value of its double.

    Returns
    -------
    matrix : ndarray, shape (agents, goods)
        int64 when all are below `LIMIT` in size, else Python integers (or Fractions, see `scale`).
    scale : int
        The denominator; 0 when it would be too wide and the matrix holds Fractions.

    Raises
    ------
    InputError
        Saying which entry or row is wrong, and what to write instead.

    Examples
    --------
    >>> matrix, scale = read_matrix([[0.5, "2/3"], [1, 0]])
    >>> matrix.tolist(), scale
    ([[3, 4], [6, 0]], 6)
    """
    if isinstance(values, np.ma.MaskedArray):
        raise InputError(
            "values: a masked array hides entries; fill them, with 0 for an unwanted good"
        )
    if hasattr(values, "__array__"):
        values = np.asarray(values)
        if values.ndim != 2:
            raise InputError(
                f"values: an array of {values.ndim} dimensions is not a matrix; {_SHAPE}"
            )
        if values.dtype.kind == "f" and values.itemsize <= 8:
            return _read_floats(values.astype(np.float64))
        elif values.dtype.kind in "iu":
            if values.size == 0 or (values.max() < LIMIT and values.min() > -LIMIT):
                return values.astype(np.int64), 1
        elif values.dtype != object:
            raise InputError(
                f"values: {values.dtype} is not supported; use int64, float64 or Fractions"
            )
        shape, flat = values.shape, values.ravel().tolist()
    else:
        shape, flat = _flatten(values)
        kinds = set(map(type, flat))
        if kinds == {float}:
            return _read_floats(np.array(flat).reshape(shape))
        if kinds == {int}:
            with contextlib.suppress(OverflowError):
                return read_matrix(np.array(flat, np.int64).reshape(shape))

    if set(map(type, flat)) == {int}:
        return _smallest(np.array(flat, object).reshape(shape)), 1
    ratios = []
    for k, x in enumerate(flat):
        if type(x) is int or type(x) is Fraction or (type(x) is float and math.isfinite(x)):
            ratios.append(x.as_integer_ratio())
        else:
            plain = x.item() if isinstance(x, np.generic) else x
            ratios.append(
                exact(plain, f"values[{k // shape[1]}][{k % shape[1]}]").as_integer_ratio()
            )
    scale = 1
    for q in {q for _, q in ratios}:
        scale = math.lcm(scale, q)
        if scale.bit_length() > _WIDEST:
            return np.array([Fraction(*ratio) for ratio in ratios], object).reshape(shape), 0
    ints = [n * (scale // q) for n, q in ratios]
    return _smallest(np.array(ints, object).reshape(shape)), scale


def _smallest(ints: np.ndarray) -> np.ndarray:
    """Python integers, in int64 where they fit."""
    small = max(ints.max(initial=0), -ints.min(initial=0)) < LIMIT
    return ints.astype(np.int64) if small else ints


def _read_floats(array: np.ndarray) -> tuple[np.ndarray, int]:
    """Read doubles exactly, as integers over a power of two."""
    top = float(np.abs(array).max(initial=0))
    if not math.isfinite(top):
        i, g = np.argwhere(~np.isfinite(array))[0]
        exact(float(array[i, g]), f"values[{i}][{g}]")  # raises
    shift = 60 - math.frexp(top)[1]  # the biggest takes 60 bits
    scaled = np.ldexp(array, shift)
    ints = scaled.astype(np.int64)
    if shift < 0 or (ints != scaled).any():
        return _read_wide(array)
    used = int(np.bitwise_or.reduce(ints, axis=None))
    spare = min(shift, (used & -used).bit_length() - 1) if used else shift
    return ints >> spare, 2 ** (shift - spare)


def _read_wide(array: np.ndarray) -> tuple[np.ndarray, int]:
    """The same where 60 bits do not hold them: mantissas without their last zeros, each shifted."""
    parts, exponents = np.frexp(array)
    mantissas = np.ldexp(parts, 53).astype(np.int64)
    zeros = np.frexp((mantissas & -mantissas).astype(np.float64))[1] - 1
    some = mantissas != 0
    mantissas, exponents = mantissas >> np.where(some, zeros, 0), exponents - 53 + zeros
    lowest = min(int(exponents[some].min()), 0)
    ints = mantissas.astype(object)
    for exponent in np.unique(exponents[some]).tolist():
        if exponent > lowest:
            here = exponents == exponent
            ints[here] = ints[here] << exponent - lowest
    return ints, 2**-lowest


def rounded(matrix: np.ndarray) -> np.ndarray:
    """The entries of an exact matrix in doubles, in another unit where they are too big for them."""
    if matrix.dtype == np.int64:
        return matrix
    top = max(matrix.max(initial=0), -matrix.min(initial=0))
    fits = isinstance(top, int) and top.bit_length() <= 1000
    return (matrix if fits else matrix / top).astype(np.float64)


def _flatten(values: Any) -> tuple[tuple[int, int], list[Any]]:
    """Read nested sequences: the shape, and the entries row by row."""
    if not isinstance(values, Sequence) or isinstance(values, (str, bytes)):
        raise InputError(f"values: {values!r} is not a matrix; {_SHAPE}")
    rows: list[Sequence[Any]] = []
    for i, row in enumerate(values):
        if isinstance(row, np.ndarray) and row.ndim == 1:
            row = row.tolist()
        if not isinstance(row, Sequence) or isinstance(row, (str, bytes)):
            raise InputError(f"values[{i}]: {row!r} is not a row; {_SHAPE}")
        if rows and len(row) != len(rows[0]):
            raise InputError(
                f"values[{i}]: {len(row)} values, but values[0] has {len(rows[0])}; {_SHAPE}"
            )
        rows.append(row)
    return (len(rows), len(rows[0]) if rows else 0), [x for row in rows for x in row]
