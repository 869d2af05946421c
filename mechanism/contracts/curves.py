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
from mechanism.language import Max, Min, exact
from mechanism.language.arithmetic import constant

EXTREMES = (Max, sp.Max, sp.Min)  # the language's Min is a Max, too
LOWEST = (Min, sp.Min)
FARTHEST = 1e12
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
        parts = self.expr.args if isinstance(self.expr, EXTREMES) else (self.expr,)
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
            found.append((exact(slope), exact(height)))
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
            pick = np.argmin if isinstance(self.expr, LOWEST) else np.argmax
            return lambda x: slopes[pick(np.multiply.outer(x, slopes) + heights, axis=-1)]
        return self._numeric(sp.diff(theirs(self.expr), self.letter))

    def _numeric(self, expr: Any) -> Callable[[Any], Any]:
        run = sp.lambdify(self.letter, expr, "numpy")
        return lambda x: np.broadcast_to(np.asarray(run(np.asarray(x, float)), float), np.shape(x))

    @cached_property
    def _ratio(self) -> tuple[list[Fraction], list[Fraction]] | None:
        """Coefficients above and below the line, where the curve is a rational function."""
        parts = sp.fraction(sp.together(theirs(self.expr)))
        if not all(p.is_polynomial(self.letter) for p in parts):
            return None
        each = [sp.Poly(p, self.letter).all_coeffs() for p in parts]
        if not all(c.is_Rational for coefficients in each for c in coefficients):
            return None
        above, below = ([exact(c) for c in coefficients] for coefficients in each)
        return above, below

    @cached_property
    def _known(self) -> dict[Fraction, Fraction | None]:
        return {}

    def exact(self, x: Fraction) -> Fraction | None:
        """The exact value, where it is rational."""
        if x not in self._known:
            self._known[x] = self._exact(x)
        return self._known[x]

    def _exact(self, x: Fraction) -> Fraction | None:
        if self._ratio is not None:
            above, below = (_horner(coefficients, x) for coefficients in self._ratio)
            return above / below if below else None
        found = theirs(self.expr).subs(self.letter, constant(x))
        return exact(found) if found.is_Rational else None

    def must_exist(self) -> np.ndarray:
        """Refuse a curve that has no value somewhere; the values at the probes."""
        with np.errstate(all="ignore"):
            values = self.at(PROBES)
        wrong = [*PROBES[~np.isfinite(values)], *self._poles()]
        if wrong:
            raise InputError(
                f"{self.name}: {theirs(self.expr)} has no value at {self.letter} = {wrong[0]:g}"
            )
        return values

    def _poles(self) -> list[float]:
        """Where a rational function divides by 0, from 0 on."""
        below = sp.fraction(sp.together(theirs(self.expr)))[1]
        if not below.is_polynomial(self.letter) or not below.has(self.letter):
            return []
        return [float(root) for root in sp.Poly(below, self.letter).real_roots() if root >= 0]

    def rises(self) -> bool | None:
        """Whether it falls nowhere from 0 on, exactly; None where that is not looked at."""
        slope = sp.fraction(sp.cancel(sp.together(sp.diff(theirs(self.expr), self.letter))))
        if not all(part.is_polynomial(self.letter) for part in slope):
            return None
        # The sign of a ratio is that of the product, which changes at roots of odd multiplicity only.
        lead, factors = sp.Poly(slope[0] * slope[1], self.letter).sqf_list()
        signs = [part for part, power in factors if power % 2]
        if any(root > 0 for part in signs for root in part.real_roots()):
            return False
        return bool(lead * sp.prod([part.eval(1) for part in signs]) >= 0)

    def bends(self, concave: bool, rising: bool) -> bool:
        """Whether the curve bends and rises as it must, as far as probes tell."""
        try:
            self.must_bend(concave, rising)
        except InputError:
            return False
        return True

    def must_bend(self, concave: bool, rising: bool) -> None:
        """Refuse a curve that bends the wrong way, showing three points."""
        slopes = np.diff(self.must_exist()) / np.diff(PROBES)
        bends = np.diff(slopes) * (1 if concave else -1)
        wrong = np.flatnonzero(bends > 1e-7 * (1 + np.abs(slopes[:-1])))
        if wrong.size:
            x = PROBES[wrong[0] + 1]
            word = "concave" if concave else "convex"
            raise InputError(f"{self.name}: {theirs(self.expr)} is not {word} around {self.letter} = {x:.3g}")  # fmt: skip
        if rising and np.any(slopes < -1e-12):
            raise InputError(f"{self.name}: {theirs(self.expr)} falls; it must not")

    @cached_property
    def _plain(self) -> Callable[[float], float]:
        """In floats, one at a time."""
        return sp.lambdify(self.letter, theirs(self.expr), "math")

    def reaches(self, value: float) -> float:
        """Where a curve that rises from 0 on takes one value."""
        low, high = 0.0, 1.0
        while high < FARTHEST and self._plain(high) < value:
            high *= 2
        while low < (middle := (low + high) / 2) < high:
            low, high = (middle, high) if self._plain(middle) < value else (low, middle)
        return high

    def inverse(self, values: np.ndarray) -> np.ndarray:
        """Where a rising curve takes the values; from 0 on, or anywhere if it is made of lines."""
        if self.lines is not None:
            slopes, heights = (np.array([float(n) for n in part]) for part in zip(*self.lines))
            if np.all(slopes > 0):
                each = (np.asarray(values)[..., None] - heights) / slopes
                return each.max(axis=-1) if isinstance(self.expr, LOWEST) else each.min(axis=-1)
        top = 1.0
        while top < FARTHEST and float(self.at(top)) < np.max(values, initial=0.0):
            top *= 2
        low, high = np.zeros(np.shape(values)), np.full(np.shape(values), top)
        for _ in range(80):
            middle = (low + high) / 2
            below = self.at(middle) < values
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return high


def best_quality(gain: Callable[[np.ndarray], np.ndarray], top: float | None) -> float:
    """Where what is gained from quality is highest.

    Raises
    ------
    InputError
        When it grows without limit.
    """
    high = 1.0
    if top is None:
        while gain(np.array([2 * high]))[0] > gain(np.array([high]))[0] + 1e-12:
            high *= 2
            if high > 1e9:
                raise InputError(
                    "the problem is unbounded: the surplus outgrows what quality costs; give max_quality"
                )
    low, high = 0.0, top if top is not None else 2 * high
    for _ in range(24):  # each round looks at the neighbourhood of the best of some points
        points = np.linspace(low, high, 33)
        best = int(np.argmax(gain(points)))
        low, high = points[max(best - 1, 0)], points[min(best + 1, 32)]
    return float((low + high) / 2)


def midpoints(kinks: tuple[Fraction, ...], top: float) -> list[float]:
    """A point in each piece between kinks, and beyond the last."""
    edges = [0.0, *map(float, kinks)]
    return [(a + b) / 2 for a, b in pairwise([*edges, max(top, edges[-1]) + 1])]


def _horner(coefficients: list[Fraction], x: Fraction) -> Fraction:
    found = Fraction(0)
    for c in coefficients:
        found = found * x + c
    return found


__all__ = ["Curve", "best_quality", "midpoints"]
