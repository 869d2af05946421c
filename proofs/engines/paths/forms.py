"""Polynomials over the reports: what a proxy number holds, and what a leaf's outcome is made of.

A monomial is a sorted tuple of variables, so that a linear form has monomials of length one. Variables
are numbers: those of the reports come first, then the auxiliary ones of a path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import frexp, isfinite, ulp
from typing import Any, NamedTuple

import numpy as np

Monomial = tuple[int, ...]
Terms = dict[Monomial, Any]  # coefficients are int or Fraction, never 0


class Form(NamedTuple):
    """A polynomial that does not change."""

    terms: tuple[tuple[Monomial, Any], ...]
    const: Any

    @property
    def variables(self) -> set[int]:
        return {v for monomial, _ in self.terms for v in monomial}

    def value(self, of: Mapping[int, Any]) -> Any:
        """The value where the variables have values."""
        total = self.const
        for monomial, coefficient in self.terms:
            product = coefficient
            for variable in monomial:
                product = product * of[variable]
            total = total + product
        return total

    def written(self, name: Callable[[int], str]) -> str:
        """In words, for messages."""
        parts = [
            ("" if c == 1 else "-" if c == -1 else f"{c}*") + "*".join(map(name, m))
            for m, c in self.terms
        ]
        if self.const or not parts:
            parts.append(str(self.const))
        return " + ".join(parts).replace("+ -", "- ")


def form(terms: Terms, const: Any) -> Form:
    """As a form, which does not change."""
    return Form(tuple(sorted(terms.items())), const)


def added(one: Terms, other: Terms, factor: Any = 1) -> Terms:
    """`one` + `factor` * `other`."""
    result = dict(one)
    for monomial, coefficient in other.items():
        total = result.get(monomial, 0) + factor * coefficient
        if total:
            result[monomial] = total
        else:
            del result[monomial]
    return result


def scaled(terms: Terms, factor: Any) -> Terms:
    """`factor` * `terms`."""
    return {m: c * factor for m, c in terms.items()} if factor else {}


def multiplied(one: Terms, a: Any, other: Terms, b: Any) -> tuple[Terms, Any]:
    """(one + a) * (other + b)."""
    result: Terms = added(scaled(one, b), scaled(other, a))
    for m, c in one.items():
        for n, d in other.items():
            key = tuple(sorted(m + n))
            total = result.get(key, 0) + c * d
            if total:
                result[key] = total
            else:
                del result[key]
    return result, a * b


def whole(value: Any) -> Any:
    """An int where it is one, which is faster."""
    return value.numerator if value.denominator == 1 else value


def rational(value: Any) -> Any:
    """The exact number that a finite int, Fraction, Decimal or float of any library stands for.

    A float is read as the simplest fraction that rounds to it: 0.1 is 1/10, and 1/3 is a third.
    """
    if isinstance(value, (bool, np.bool_)):
        return int(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return simplest(float(value))
    return whole(Fraction(value))


def simplest(value: float) -> Any:
    """The fraction with the smallest denominator among those that round to a float."""
    if not isfinite(value):
        raise OverflowError(f"{value} is not a number that can be computed with exactly")
    if value == int(value):
        return int(value)
    if value < 0:
        return -simplest(-value)
    exact, half = Fraction(value), Fraction(ulp(value)) / 2
    below = half / 2 if frexp(value)[0] == 0.5 else half  # floats are denser below a power of two
    return whole(_simplest_between(exact - below, exact + half))


def _simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator in an open interval, by continued fractions."""
    floor = low.numerator // low.denominator
    if floor + 1 < high:
        return Fraction(floor + 1)
    if low == floor:
        # high <= floor + 1: floor + 1/k for the smallest k that fits.
        k = int(1 / (high - floor)) + 1
        return floor + Fraction(1, k)
    return floor + 1 / _simplest_between(1 / (high - floor), 1 / (low - floor))
