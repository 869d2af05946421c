"""Linear equations in rationals, solved exactly: by lifting a solution modulo a prime.

References
----------
J. D. Dixon, "Exact solution of linear equations using p-adic expansions", Numerische Mathematik 40 (1982)
137-141.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

PRIME = 2**31 - 1
FIRST = 4  # digits before the first attempt to read a solution, then twice as many, and so on
Row = Mapping[int, Fraction]


def solve(rows: Sequence[Row], right: Sequence[Fraction], size: int) -> list[Fraction] | None:
    """The one solution of ``sum of row[j] * x[j] = right`` for all rows.

    Parameters
    ----------
    rows : sequence of mapping of int to Fraction
        What is not 0. There may be more rows than unknowns.
    right : sequence of Fraction
    size : int
        How many unknowns there are.

    Returns
    -------
    list of Fraction, or None
        None where there is no solution or more than one, and where a coincidence modulo the prime
        leaves that open.

    Examples
    --------
    >>> one, two = Fraction(1), Fraction(2)
    >>> solve([{0: one, 1: one}, {0: two, 1: -one}], [Fraction(3), Fraction(1)], 2)
    [Fraction(4, 3), Fraction(5, 3)]
    """
    if not size:
        return [] if not any(right) else None
    whole = [_whole(row, b) for row, b in zip(rows, right)]
    modular = np.zeros((len(whole), size), dtype=np.int64)
    for n, (row, _) in enumerate(whole):
        for j, a in row.items():
            modular[n, j] = a % PRIME
    chosen = _independent(modular)
    if len(chosen) < size:
        return None
    inverse = _inverse(modular[chosen])
    found = _lifted([whole[n] for n in chosen], inverse)
    if found is None:
        return None
    holds = all(sum(a * found[j] for j, a in row.items()) == b for row, b in whole)
    return found if holds else None


def _whole(row: Row, right: Fraction) -> tuple[dict[int, int], int]:
    over = math.lcm(right.denominator, *(a.denominator for a in row.values()))
    return {j: int(a * over) for j, a in row.items() if a}, int(right * over)


def _independent(matrix: np.ndarray) -> list[int]:
    """As many rows as possible that are independent modulo the prime, the first ones first."""
    kept: list[int] = []
    basis = np.zeros((0, matrix.shape[1]), dtype=np.int64)
    leads: list[int] = []
    for n, row in enumerate(matrix):
        rest = row.copy()
        for lead, other in zip(leads, basis):
            if rest[lead]:
                rest = (rest - rest[lead] * other) % PRIME
        nonzero = np.flatnonzero(rest)
        if nonzero.size:
            lead = int(nonzero[0])
            rest = rest * pow(int(rest[lead]), -1, PRIME) % PRIME
            basis, leads, kept = np.vstack([basis, rest]), [*leads, lead], [*kept, n]
        if len(kept) == matrix.shape[1]:
            break
    return kept


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """The inverse modulo the prime (Gauss, Jordan)."""
    size = len(matrix)
    table = np.hstack([matrix, np.eye(size, dtype=np.int64)])
    for column in range(size):
        lead = column + int(np.flatnonzero(table[column:, column])[0])
        table[[column, lead]] = table[[lead, column]]
        table[column] = table[column] * pow(int(table[column, column]), -1, PRIME) % PRIME
        factors = table[:, column].copy()
        factors[column] = 0
        used = np.flatnonzero(factors)
        table[used] = (table[used] - factors[used, None] * table[column]) % PRIME
    return table[:, size:]


def _lifted(whole: list[tuple[dict[int, int], int]], inverse: np.ndarray) -> list[Fraction] | None:
    """The solution, from its digits to the base of the prime."""
    size = len(whole)
    rest, found, power = [b for _, b in whole], [0] * size, 1
    # By Cramer and Hadamard no numerator or denominator has more bits than that.
    bits = sum(max(*(abs(a).bit_length() for a in row.values()), abs(b).bit_length()) + size.bit_length() for row, b in whole)  # fmt: skip
    digits, look = 0, FIRST
    while digits <= 2 * bits // 30 + FIRST:
        modular = np.array([b % PRIME for b in rest], dtype=np.int64)
        digit = [int(d) for d in (inverse * modular % PRIME).sum(axis=1) % PRIME]
        found = [x + d * power for x, d in zip(found, digit)]
        rest = [(b - sum(a * digit[j] for j, a in row.items())) // PRIME for (row, _), b in zip(whole, rest)]  # fmt: skip
        power *= PRIME
        digits += 1
        if digits == look or not any(rest):
            look *= 2
            read = [_rational(x, power) for x in found]
            known = [x for x in read if x is not None]
            if len(known) == size and all(sum(a * known[j] for j, a in row.items()) == b for row, b in whole):  # fmt: skip
                return known
    return None


def _rational(residue: int, modulus: int) -> Fraction | None:
    """The fraction of small numerator and denominator that a residue stands for (Wang 1981)."""
    bound = math.isqrt(modulus // 2)
    low, high, x, y = residue % modulus, modulus, 1, 0
    while low > bound:
        quotient = high // low
        low, high, x, y = high - quotient * low, low, y - quotient * x, x
    if not x or abs(x) > bound:
        return None
    return Fraction(low, x)


__all__ = ["solve"]
