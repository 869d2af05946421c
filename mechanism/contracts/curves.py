"""Curves of one letter, as optimisers need them: lines where they are made of lines, tangents elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import sympy as sp

from mechanism.contracts.payoff import theirs
from mechanism.errors import InputError
from mechanism.language import Max, Min

PROBES = np.concatenate([[0.0], np.geomspace(1e-3, 1e4, 60)])


@dataclass(frozen=True)
class Curve:
    """A function of one letter, on the numbers from 0 on.

    Parameters
    ----------
    expr : expression in `letter`
    name : str
        Named in errors.
    """

    expr: Any
    letter: Any
    name: str

    @cached_property
    def lines(self) -> tuple[tuple[Fraction, Fraction], ...] | None:
        """Slope and height at 0 of each line, where the curve is the highest or lowest of lines."""
        parts = self.expr.args if isinstance(self.expr, Max) else (self.expr,)
        found = []
        for part in parts:
            poly = sp.Poly(part, self.letter) if part.is_polynomial(self.letter) else None
            if (
                poly is None
                or poly.degree() > 1
                or not all(c.is_Rational for c in poly.all_coeffs())
            ):
                return None
            slope, height = poly.coeff_monomial(self.letter), poly.coeff_monomial(1)
            found.append((_fraction(slope), _fraction(height)))
        return tuple(found)

    @cached_property
    def kinks(self) -> tuple[Fraction, ...]:
        """Where the lines meet."""
        lines = self.lines or ()
        meet = {(b - d) / (c - a) for n, (a, b) in enumerate(lines) for c, d in lines[:n] if a != c}
        return tuple(sorted(x for x in meet if x > 0))

    @cached_property
    def at(self) -> Callable[[Any], Any]:
        """In floats, for arrays."""
        return self._numeric(theirs(self.expr))

    @cached_property
    def slope(self) -> Callable[[Any], Any]:
        """Of a tangent, in floats."""
        if self.lines is not None:
            slopes, heights = (np.array([float(n) for n in part]) for part in zip(*self.lines))
            pick = np.argmin if isinstance(self.expr, Min) else np.argmax
            return lambda x: slopes[pick(np.multiply.outer(x, slopes) + heights, axis=-1)]
        return self._numeric(sp.diff(theirs(self.expr), self.letter))

    def _numeric(self, expr: Any) -> Callable[[Any], Any]:
        run = sp.lambdify(self.letter, expr, "numpy")
        return lambda x: np.broadcast_to(np.asarray(run(np.asarray(x, float)), float), np.shape(x))

    def exact(self, x: Fraction) -> Fraction | None:
        """The exact value, where it is rational."""
        found = theirs(self.expr).subs(self.letter, sp.Rational(x.numerator, x.denominator))
        return _fraction(found) if found.is_Rational else None

    def must_bend(self, concave: bool, rising: bool) -> None:
        """Refuse a curve that bends the wrong way, showing three points."""
        values = self.at(PROBES)
        if not np.all(np.isfinite(values)):
            raise InputError(f"{self.name}: {theirs(self.expr)} has no value at {PROBES[~np.isfinite(values)][0]:g}")  # fmt: skip
        slopes = np.diff(values) / np.diff(PROBES)
        bends = np.diff(slopes) * (1 if concave else -1)
        wrong = np.flatnonzero(bends > 1e-7 * (1 + np.abs(slopes[:-1])))
        if wrong.size:
            x = PROBES[wrong[0] + 1]
            word = "concave" if concave else "convex"
            raise InputError(f"{self.name}: {theirs(self.expr)} is not {word} around {self.letter} = {x:.3g}")  # fmt: skip
        if rising and np.any(slopes < -1e-12):
            raise InputError(f"{self.name}: {theirs(self.expr)} falls; it must not")

    def inverse(self, values: np.ndarray) -> np.ndarray:
        """Where a rising curve takes the values."""
        top = 1.0
        while top < 1e12 and float(self.at(top)) < values.max(initial=0.0):
            top *= 2
        low, high = np.zeros_like(values), np.full_like(values, top)
        for _ in range(80):
            middle = (low + high) / 2
            below = self.at(middle) < values
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return high


def best_quality(surplus: Curve, price: Callable[[float], float], top: float | None) -> float:
    """Where S(q) minus its price is highest.

    Raises
    ------
    InputError
        When it grows without limit.
    """
    gain = lambda q: float(surplus.at(q)) - price(q)  # noqa: E731
    high = 1.0
    if top is None:
        while gain(2 * high) > gain(high) + 1e-12:
            high *= 2
            if high > 1e9:
                raise InputError(
                    "the problem is unbounded: the surplus outgrows what quality costs; give max_quality"
                )
    low, high = 0.0, top if top is not None else 2 * high
    golden = (5**0.5 - 1) / 2
    for _ in range(120):
        one, other = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, other) if gain(one) >= gain(other) else (one, high)
    return (low + high) / 2


def midpoints(kinks: tuple[Fraction, ...], top: float) -> list[float]:
    """A point in each piece between kinks, and beyond the last."""
    edges = [0.0, *map(float, kinks)]
    return [(a + b) / 2 for a, b in pairwise([*edges, max(top, edges[-1]) + 1])]


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))


__all__ = ["Curve", "best_quality", "midpoints"]
