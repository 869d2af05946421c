"""The analytic hierarchy process: importance weights from a judgment matrix (Equations 6 to 9).

References
----------
.. [1] T. L. Saaty, "A scaling method for priorities in hierarchical structures", Journal of
   Mathematical Psychology 15 (1977) 234-281.
.. [2] T. L. Saaty, "How to make a decision: the analytic hierarchy process", European Journal of
   Operational Research 48 (1990) 9-26.
.. [3] L. Collatz, "Einschliessungssatz fuer die charakteristischen Zahlen von Matrizen",
   Mathematische Zeitschrift 48 (1942) 221-226.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.errors import InputError
from mechanism.language.numbers import exact

Array = np.ndarray
Matrix = tuple[tuple[Fraction, ...], ...]

# The average consistency index of random reciprocal matrices, by their order [1]_.
RANDOM_INDEX = tuple(
    map(Fraction, ["0", "0", "0", "0.58", "0.90", "1.12", "1.24", "1.32", "1.41", "1.45", "1.49"])
)  # fmt: skip
LIMIT = Fraction(1, 10)
SCALE = 9
DIGITS = 12
_CLOSE = Fraction(1, 10**9)  # a third as a double times 3 is as close to 1


@dataclass(frozen=True)
class Priorities:
    """What a judgment matrix says, and how consistently.

    Parameters
    ----------
    weights : tuple of Fraction
        The principal eigenvector, positive and with the sum 1. *Rounded*: eigenvectors are
        irrational, so this is the floating-point one to so many digits, and exact from here on.
    eigenvalue : (Fraction, Fraction)
        Bounds of the largest eigenvalue. They hold exactly, whatever the rounding was.
    index : (Fraction, Fraction)
        Bounds of the consistency index, (eigenvalue - n) / (n - 1).
    ratio : (Fraction, Fraction)
        Bounds of the consistency ratio, index / random index; 0 for fewer than three criteria.
    """

    weights: tuple[Fraction, ...]
    eigenvalue: tuple[Fraction, Fraction]
    index: tuple[Fraction, Fraction]
    ratio: tuple[Fraction, Fraction]


def priorities(
    matrix: Any, *, limit: Any = LIMIT, scale: Any = SCALE, digits: int = DIGITS
) -> Priorities:
    """The importance weights that a judgment matrix stands for.

    Parameters
    ----------
    matrix : nested sequence of numbers
        ``matrix[k][l]`` says how many times as important criterion k is as criterion l. Strings such
        as ``"1/3"`` are exact; floats need be reciprocal only to nine digits.
    limit : number, optional
        Matrices with a consistency ratio that is not below it are refused; None takes them all.
    scale : number, optional
        The highest judgment; None for no limit.
    digits : int
        To how many decimal digits the eigenvector is rounded.

    Raises
    ------
    InputError
        If the matrix is not a square of positive numbers on the scale, not reciprocal, or not
        consistent enough.

    Notes
    -----
    For any positive vector w, the largest eigenvalue lies between the least and the greatest of
    ``(H w)[k] / w[k]`` [3]_. With rational w these are exact bounds, so that a matrix is accepted or
    refused by exact arithmetic, though its eigenvector is a rounded one.

    Examples
    --------
    >>> found = priorities([[1, 3, 5], ["1/3", 1, 3], ["1/5", "1/3", 1]])
    >>> [f"{float(w):.3f}" for w in found.weights], f"{float(found.ratio[1]):.3f}"
    (['0.637', '0.258', '0.105'], '0.033')
    """
    judged = judgment_matrix(matrix, scale=scale)
    size = len(judged)
    weights = _rounded(principal(np.array(judged, dtype=np.float64))[0], digits)
    rows = [sum(h * w for h, w in zip(row, weights)) / weights[k] for k, row in enumerate(judged)]
    bounds = min(rows), max(rows)
    spread = max(size - 1, 1)
    index = (max(bounds[0] - size, Fraction(0)) / spread, (bounds[1] - size) / spread)
    average = RANDOM_INDEX[size]
    ratio = (index[0] / average, index[1] / average) if average else (Fraction(0), Fraction(0))
    if limit is not None and ratio[1] >= exact(limit, "limit"):
        raise InputError(
            f"the judgment matrix has the consistency ratio {float(ratio[1]):.3f}, which is not below "
            f"{float(exact(limit)):g}: {_worst(judged, weights)}; judge again"
        )
    return Priorities(weights, bounds, index, ratio)


def judgment_matrix(matrix: Any, *, scale: Any = SCALE) -> Matrix:
    """Read a judgment matrix: square, positive, reciprocal, and on the scale.

    Raises
    ------
    InputError
        Naming the entry, counted from 1 as in ``h[2,1]``.
    """
    rows = matrix.tolist() if isinstance(matrix, np.ndarray) else matrix
    if not _is_sequence(rows) or len(rows) == 0 or not all(map(_is_sequence, rows)):
        raise InputError(f"{matrix!r} is not a judgment matrix; give one row for each criterion")
    size = len(rows)
    for k, row in enumerate(rows):
        if len(row) != size:
            raise InputError(
                f"a judgment matrix is square: row {k + 1} has {len(row)} entries and there are {size} rows"
            )
    if size >= len(RANDOM_INDEX):
        raise InputError(
            f"{size} criteria: Saaty's random index is known up to {len(RANDOM_INDEX) - 1}; group them"
        )
    read = tuple(
        tuple(exact(x, f"h[{k + 1},{m + 1}]") for m, x in enumerate(row))
        for k, row in enumerate(rows)
    )
    highest = None if scale is None else exact(scale, "scale")
    for k in range(size):
        for m in range(size):
            name, entry = f"h[{k + 1},{m + 1}]", read[k][m]
            if entry <= 0:
                raise InputError(f"{name} = {entry} is not positive; judgments are 1, 3, '1/3' ...")
            if k == m and entry != 1:
                raise InputError(
                    f"{name} = {entry}; a criterion is as important as itself: write 1"
                )
            far = abs(entry * read[m][k] - 1)
            told = isinstance(rows[k][m], (float, np.floating)) or isinstance(
                rows[m][k], (float, np.floating)
            )
            if far > (_CLOSE if told else 0):
                raise InputError(
                    f"the judgment matrix is not reciprocal: {name} = {entry} and "
                    f"h[{m + 1},{k + 1}] = {read[m][k]}; write {1 / entry} for the second"
                )
            if highest is not None and entry > highest * (1 + (_CLOSE if told else 0)):
                raise InputError(
                    f"{name} = {entry} is not on the scale from 1/{highest} to {highest}"
                )
    return read


def principal(
    matrices: Array, *, tolerance: float = 1e-13, most: int = 1000
) -> tuple[Array, Array]:
    """The principal eigenvectors of positive matrices, with the sum 1, and their eigenvalues.

    Parameters
    ----------
    matrices : array of float, shape (..., n, n)

    Returns
    -------
    vectors : array, shape (..., n)
    eigenvalues : array, shape (...)

    Notes
    -----
    Power iteration, which converges for positive matrices, and fast for the nearly consistent ones.
    """
    size = matrices.shape[-1]
    vectors = np.full(matrices.shape[:-1], 1 / size)
    for _ in range(most):
        images = (matrices @ vectors[..., None])[..., 0]
        totals = images.sum(axis=-1)
        images /= totals[..., None]
        moved = np.abs(images - vectors).max(initial=0)
        vectors = images
        if moved <= tolerance:
            break
    return vectors, (matrices @ vectors[..., None])[..., 0].sum(axis=-1)


def consistency_ratios(eigenvalues: Array, size: int) -> Array:
    """The consistency ratios of many judgment matrices of one order, in floating point."""
    if size < 3:
        return np.zeros_like(eigenvalues)
    return (eigenvalues - size) / (size - 1) / float(RANDOM_INDEX[size])


def _rounded(vector: Array, digits: int) -> tuple[Fraction, ...]:
    """Rationals near the entries, with the sum 1; what rounding left over goes to the largest."""
    unit = 10**digits
    whole = [max(round(float(x) * unit), 1) for x in vector]
    whole[whole.index(max(whole))] += unit - sum(whole)
    return tuple(Fraction(n, unit) for n in whole)


def _worst(matrix: Matrix, weights: Sequence[Fraction]) -> str:
    """The judgment that is furthest from what all of them together say."""
    size = len(matrix)
    pairs = [(k, m) for k in range(size) for m in range(size) if k != m]
    k, m = max(pairs, key=lambda p: matrix[p[0]][p[1]] * weights[p[1]] / weights[p[0]])
    implied = float(weights[k] / weights[m])
    return (
        f"h[{k + 1},{m + 1}] = {matrix[k][m]} where the others together imply about {implied:.2g}"
    )


def _is_sequence(value: Any) -> bool:
    return isinstance(value, (Sequence, np.ndarray)) and not isinstance(value, (str, bytes))
