"""Strictly increasing functions with an exact inverse: the virtual values of Myerson's auction.

An agent whose value has the distribution function F and the density f has the virtual value
``x - (1 - F(x)) / f(x)``. It is linear for a uniform prior, and piecewise linear functions come as
close to any other as wanted.

Text forms, as taken by `parse` and by ``--param phi="..."`` (see `parse_functions`)::

    uniform(0, 10)      the virtual value 2x - 10 of a value that is uniform on [0, 10]
    affine(2, -10)      slope and intercept
    0:-1, 1:1, 3:2      piecewise linear through the points (0, -1), (1, 1) and (3, 2), its first and
                        last pieces extended without end

References
----------
.. [1] R. B. Myerson, "Optimal auction design", Mathematics of Operations Research 6 (1981) 58-73.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from mechanism.errors import InputError
from mechanism.language.numbers import exact

__all__ = ["Affine", "PiecewiseLinear", "parse", "parse_functions", "uniform"]

_FORMS = "'uniform(0, 10)', 'affine(2, -10)' or points such as '0:-1, 1:1'"


@dataclass(frozen=True)
class Affine:
    """The function ``slope * x + intercept``.

    Parameters
    ----------
    slope : number
        Above 0.
    intercept : number

    Examples
    --------
    >>> phi = Affine(2, -10)
    >>> phi(Fraction(7)), phi.inverse(Fraction(4))
    (Fraction(4, 1), Fraction(7, 1))
    >>> print(phi)
    affine(2, -10)
    """

    slope: Fraction
    intercept: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        for name in ("slope", "intercept"):
            object.__setattr__(self, name, exact(getattr(self, name), f"affine: {name}"))
        if self.slope <= 0:
            raise InputError(f"affine: the slope must be above 0, not {self.slope}")

    def __call__(self, x: Any) -> Any:
        """The value at a Fraction, or at every element of an array."""
        slope, intercept = _constants((self.slope, self.intercept), x)
        return slope * x + intercept

    def inverse(self, y: Any) -> Any:
        """The argument at which the function takes the value."""
        slope, intercept = _constants((self.slope, self.intercept), y)
        return (y - intercept) / slope

    @property
    def knots(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """Two points it goes through."""
        return ((Fraction(0), self.intercept), (Fraction(1), self.slope + self.intercept))

    def __str__(self) -> str:
        return f"affine({self.slope}, {self.intercept})"


def uniform(low: Any, high: Any) -> Affine:
    """The virtual value ``2x - high`` of a value that is uniform on [low, high].

    Examples
    --------
    >>> uniform(0, 10)
    Affine(slope=Fraction(2, 1), intercept=Fraction(-10, 1))
    """
    low, high = exact(low, "uniform: low"), exact(high, "uniform: high")
    if low >= high:
        raise InputError(f"uniform: {low} is not below {high}; give the lower end first")
    return Affine(Fraction(2), -high)


@dataclass(frozen=True)
class PiecewiseLinear:
    """The function through some points, linear between them and beyond the first and the last.

    Parameters
    ----------
    knots : sequence of (x, y)
        At least two, both coordinates strictly increasing.

    Examples
    --------
    >>> phi = PiecewiseLinear([(0, -1), (1, 1), (3, 2)])
    >>> phi(Fraction(2)), phi.inverse(Fraction(3)), phi(Fraction(-1))
    (Fraction(3, 2), Fraction(5, 1), Fraction(-3, 1))
    >>> print(phi)
    0:-1, 1:1, 3:2
    """

    knots: tuple[tuple[Fraction, Fraction], ...]

    def __post_init__(self) -> None:
        try:
            points = [(x, y) for x, y in self.knots]
        except (TypeError, ValueError):
            raise InputError("piecewise linear: give points (x, y)") from None
        knots = tuple(
            (exact(x, "piecewise linear: x"), exact(y, "piecewise linear: y")) for x, y in points
        )
        if len(knots) < 2:
            raise InputError("piecewise linear: give at least two points")
        for (x0, y0), (x1, y1) in pairwise(knots):
            if x0 >= x1 or y0 >= y1:
                raise InputError(
                    "piecewise linear: both coordinates must rise from point to point, but "
                    f"({x1}, {y1}) follows ({x0}, {y0})"
                )
        object.__setattr__(self, "knots", knots)

    def __call__(self, x: Any) -> Any:
        """The value at a Fraction, or at every element of an array."""
        return _through(self.knots, x)

    def inverse(self, y: Any) -> Any:
        """The argument at which the function takes the value."""
        return _through(tuple((y, x) for x, y in self.knots), y)

    def __str__(self) -> str:
        return ", ".join(f"{x}:{y}" for x, y in self.knots)


def _constants(numbers: tuple[Fraction, ...], at: Any) -> tuple[Any, ...]:
    """The numbers as they go with the argument: exact for Fractions, else whole or double."""
    if not isinstance(at, np.ndarray) or at.dtype == object:
        return numbers
    if at.dtype.kind in "iu" and all(n.denominator == 1 for n in numbers):
        return tuple(int(n) for n in numbers)
    return tuple(float(n) for n in numbers)


def _through(points: tuple[tuple[Fraction, Fraction], ...], x: Any) -> Any:
    starts = [start for start, _ in points[1:-1]]  # of every piece but the first
    slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(points)]
    if isinstance(x, np.ndarray) and x.dtype != object:
        piece = np.searchsorted(np.array(starts, dtype=float), x, side="right")
        xs, ys = (np.array([float(p[n]) for p in points[:-1]])[piece] for n in (0, 1))
        return ys + (x - xs) * np.array([float(s) for s in slopes])[piece]

    def one(number: Any) -> Any:
        piece = bisect_right(starts, number)
        x0, y0 = points[piece]
        return y0 + (number - x0) * slopes[piece]

    return np.frompyfunc(one, 1, 1)(x) if isinstance(x, np.ndarray) else one(x)


_MAKERS: dict[str, Callable[[Any, Any], Any]] = {"uniform": uniform, "affine": Affine}


def parse(text: str) -> Affine | PiecewiseLinear:
    """Read one function from its text form.

    Raises
    ------
    InputError

    Examples
    --------
    >>> parse("uniform(0, 1/2)")
    Affine(slope=Fraction(2, 1), intercept=Fraction(-1, 2))
    >>> parse("0:-1, 1:1") == PiecewiseLinear([(0, -1), (1, 1)])
    True
    """
    called = re.fullmatch(r"\s*(\w+)\s*\(([^,()]*),([^,()]*)\)\s*", text)
    if called and called[1] in _MAKERS:
        return _MAKERS[called[1]](called[2].strip(), called[3].strip())
    points = [tuple(part.strip() for part in knot.split(":")) for knot in text.split(",")]
    if called or any(len(point) != 2 for point in points):
        raise InputError(f"{text.strip()!r} is not a function; write {_FORMS}")
    return PiecewiseLinear(points)  # type: ignore[arg-type]


def parse_functions(text: str) -> tuple[Affine | PiecewiseLinear, ...]:
    """Read one function for each agent, separated by semicolons.

    Examples
    --------
    >>> len(parse_functions("uniform(0, 1); uniform(10, 20)"))
    2
    """
    return tuple(parse(part) for part in text.split(";"))
