"""How the quality of items enters a linear programme: given, or under the tangents of a common cost.

Where all types have a cost in common, an item has a cost z = c(q) and a surplus t, at most S(c^-1(z)): a
concave function of z, whose tangents are added where a solution touches none (Kelley 1960), so that each
solution bounds the optimum from above. They are all there from the start where c and S are made of lines.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from mechanism.contracts.curves import midpoints
from mechanism.contracts.problem import Problem

WIDEST, NARROW = 0.3, 1e-6
# With more tangents than that for each item, those are dropped that are further away, relative to the surplus.
MANY, SLACK = 24, 1e-6


def bracket(rounds: int) -> tuple[float, ...]:
    """Around a solution, the next one is likely to be inside; narrower, tangents are nearly the same."""
    width = WIDEST**rounds
    return (-width, 0.0, width) if width > NARROW else (0.0,)


class Quality(Protocol):
    """A part of a programme: variables of its own, and what they come to."""

    @property
    def columns(self) -> int: ...

    def burdens(self) -> tuple[Any, np.ndarray]:
        """What the items cost each type, item by item: a matrix on the variables, and what is added."""

    def gains(self, weights: np.ndarray) -> tuple[np.ndarray, float]:
        """The surplus, weighted: on the variables, and what is added."""

    def bounds(self) -> list[tuple[float | None, float | None]]: ...

    def named(self) -> tuple[list[str], Any, np.ndarray]:
        """Constraints that a conflict may be about: names, matrix and limits."""

    def rows(self) -> tuple[Any, np.ndarray]:
        """All others."""

    def sums(self) -> tuple[Any, np.ndarray] | None:
        """Equations."""

    def read(self, x: np.ndarray) -> np.ndarray:
        """The qualities of a solution."""

    def refine(self, x: np.ndarray, prices: Any, weights: np.ndarray, rounds: int, close: float) -> float:  # fmt: skip
        """Make the programme more precise there; by how much the value of this one may be off."""


class Tangents:
    """A concave function y of x for each item, under lines that are added as needed.

    Parameters
    ----------
    items : int

    Attributes
    ----------
    lines : array, shape (lines, 3)
        An item, a slope and a height each.
    """

    def __init__(self, items: int) -> None:
        self.items = items
        self.lines = np.zeros((0, 3))

    def add(self, items: Any, slopes: Any, heights: Any) -> None:
        self.lines = np.vstack([self.lines, np.column_stack(np.broadcast_arrays(items, slopes, heights))])  # fmt: skip

    def drop(self, x: np.ndarray, y: np.ndarray) -> None:
        """Leave out what is far from a solution, where there are many: it can come back."""
        if len(self.lines) <= MANY * self.items:
            return
        item = self.lines[:, 0].astype(int)
        spare = self.lines[:, 1] * x[item] + self.lines[:, 2] - y[item]
        self.lines = self.lines[spare <= SLACK * (1 + np.abs(y[item]))]

    def rows(self, x: int, y: int, columns: int) -> tuple[Any, np.ndarray]:
        """``y - slope * x <= height``, with the first columns of x and y."""
        from scipy.sparse import csr_array

        item, every = self.lines[:, 0].astype(int), np.arange(len(self.lines))
        cells = np.concatenate([np.ones(len(item)), -self.lines[:, 1]])
        places = (np.concatenate([every, every]), np.concatenate([y + item, x + item]))
        return csr_array((cells, places), shape=(len(item), columns)), self.lines[:, 2]


class Given:
    """Qualities that are fixed, so that only rewards are found."""

    columns = 0

    def __init__(self, problem: Problem, quality: np.ndarray) -> None:
        self.problem, self.quality = problem, quality

    def burdens(self) -> tuple[Any, np.ndarray]:
        from scipy.sparse import csr_array

        each = np.stack([b.at(self.quality) for b in self.problem.parts.burdens], axis=1).ravel()
        return csr_array((len(each), 0)), each

    def gains(self, weights: np.ndarray) -> tuple[np.ndarray, float]:
        return np.zeros(0), float(weights @ self.problem.worth.at(self.quality))

    def bounds(self) -> list[tuple[float | None, float | None]]:
        return []

    def named(self) -> tuple[list[str], Any, np.ndarray]:
        return [], *self.rows()

    def rows(self) -> tuple[Any, np.ndarray]:
        from scipy.sparse import csr_array

        return csr_array((0, 0)), np.zeros(0)

    def sums(self) -> tuple[Any, np.ndarray] | None:
        return None

    def read(self, x: np.ndarray) -> np.ndarray:
        return self.quality

    def refine(self, x: np.ndarray, prices: Any, weights: np.ndarray, rounds: int, close: float) -> float:  # fmt: skip
        return 0.0


class Searched:
    """Qualities that are searched for.

    Parameters
    ----------
    problem : Problem
    names : list of str
        Of the items.
    near : array, optional
        Qualities that the solution is expected around.
    """

    def __init__(self, problem: Problem, names: list[str], near: np.ndarray | None = None) -> None:
        self.problem, self.names, self.items, self.near = problem, names, len(names), near

    def least_names(self) -> list[str]:
        """What the constraints are called that an item has the least quality."""
        return [f"least quality: {name}" for name in self.names]


class Common(Searched):
    """Qualities of a cost that all types have in common; the variables are z and t of each item."""

    def __init__(self, problem: Problem, names: list[str], near: np.ndarray | None = None) -> None:
        super().__init__(problem, names, near)
        self.columns = 2 * self.items
        self.cost, self.worth = problem.cost, problem.worth
        self.lines = Tangents(self.items)
        self.known = self.cost.lines is not None and self.worth.lines is not None
        top = problem.top
        if self.known:
            points = midpoints(tuple(sorted({*self.cost.kinks, *self.worth.kinks})), top)
        else:
            best = np.quantile(problem.efficient, (0, 0.5, 1))
            points = sorted({*best, *np.linspace(top / 8, top, 6)})
        for q in points:
            if q > 0:
                self.cut(np.arange(self.items), np.full(self.items, q))
        if self.near is not None and not self.known:
            for step in (-1e-3, 0.0, 1e-3):
                self.cut(np.arange(self.items), np.maximum(self.near * (1 + step), 1e-9))

    def cut(self, items: np.ndarray, quality: np.ndarray) -> None:
        """Tangents of the surplus over the cost."""
        cost, worth = self.cost, self.worth
        slopes = worth.slope(quality) / np.maximum(cost.slope(quality), 1e-12)
        if not self.problem.concave:
            # Then quality may be thrown away where the surplus falls, which still bounds the optimum.
            quality = np.minimum(quality, self.problem.enough)
            slopes = np.maximum(worth.slope(quality), 0) / np.maximum(cost.slope(quality), 1e-12)
        self.lines.add(items, slopes, worth.at(quality) - slopes * cost.at(quality))

    def burdens(self) -> tuple[Any, np.ndarray]:
        from scipy.sparse import csr_array

        parts = self.problem.parts
        count = len(parts.ease)
        rows = np.arange(self.items * count)
        ease = np.tile([float(e) for e in parts.ease], self.items)
        return (
            csr_array((ease, (rows, rows // count)), shape=(len(rows), self.columns)),
            np.tile([float(b) for b in parts.base], self.items),
        )

    def gains(self, weights: np.ndarray) -> tuple[np.ndarray, float]:
        return np.concatenate([np.zeros(self.items), weights]), 0.0

    def bounds(self) -> list[tuple[float | None, float | None]]:
        most = self.problem.max_quality
        top = None if most is None else float(self.cost.at(float(most)))
        return [(0.0, top)] * self.items + [(None, None)] * self.items

    def named(self) -> tuple[list[str], Any, np.ndarray]:
        from scipy.sparse import csr_array, eye_array

        least = float(self.cost.at(float(self.problem.min_quality)))
        if least <= 0:
            return [], csr_array((0, self.columns)), np.zeros(0)
        matrix = -eye_array(self.items, self.columns, format="csr")
        return self.least_names(), matrix, np.full(self.items, -least)

    def rows(self) -> tuple[Any, np.ndarray]:
        return self.lines.rows(0, self.items, self.columns)

    def sums(self) -> tuple[Any, np.ndarray] | None:
        return None

    def read(self, x: np.ndarray) -> np.ndarray:
        return self.cost.inverse(np.maximum(x[: self.items], 0))

    def refine(self, x: np.ndarray, prices: Any, weights: np.ndarray, rounds: int, close: float) -> float:  # fmt: skip
        if self.known:
            return 0.0
        z, t = x[: self.items], x[self.items :]
        quality = self.read(x)
        over = weights * (t - self.worth.at(quality))
        if over.sum() > close:
            self.lines.drop(z, t)
            where = np.flatnonzero(over > close / self.items / 4)
            for width in bracket(rounds):
                self.cut(where, np.maximum(quality[where] * (1 + width), 1e-9))
        return float(over.sum())


__all__ = ["Common", "Given", "Quality", "Searched", "Tangents", "bracket"]
