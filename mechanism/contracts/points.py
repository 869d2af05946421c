"""Qualities whose cost differs between types in more than a factor: points, mixed, and added as needed.

An item is a mixture of points of quality. That bounds the optimum from above, and is a linear programme
whose dual prices say which point is missing (Dantzig, Wolfe 1960); by how much the missing ones could
raise the value is known in every round. Where mixtures are of use to the principal, the bound is that of
menus by lot, which the menu without a lot may fall short of.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mechanism.contracts.problem import Problem
from mechanism.contracts.quality import Searched

GRID, ZOOMS, PLACES = 400, 5, 9
FIRST, FEW = 25, 9  # points of each item to begin with, anywhere and near a solution
REACH = 4  # times the largest quality that is efficient, where no largest quality is given


class Points(Searched):
    """The mixtures of all items; the variables are the shares of their points.

    Parameters
    ----------
    width : float, optional
        Nothing further away than that from where the solution is expected is looked at.
    """

    def __init__(
        self,
        problem: Problem,
        names: list[str],
        near: np.ndarray | None = None,
        width: float | None = None,
    ) -> None:
        super().__init__(problem, names, near)
        self.least = float(problem.min_quality)
        most = problem.max_quality
        self.most = float(most) if most is not None else REACH * max(problem.top, self.least)
        every = np.arange(self.items)
        self.low, self.high = np.full(self.items, self.least), np.full(self.items, self.most)
        if near is not None and width is not None:
            self.low = np.clip(near - width, self.least, self.most)
            self.high = np.clip(near + width, self.least, self.most)
            start = np.linspace(self.low, self.high, FEW, axis=1)
        else:
            ends = self.least, min(problem.top, self.most)
            start = np.tile(np.linspace(*ends, FIRST), (self.items, 1))
        if self.least:
            start = np.column_stack([np.zeros(self.items), start])
        self.item, self.quality = np.repeat(every, start.shape[1]), start.ravel()
        if near is not None and width is None:
            for step in (0.99, 1.0, 1.01):
                self._add(every, np.clip(near * step, self.least, self.most))

    @property
    def columns(self) -> int:
        return len(self.item)

    def _add(self, items: np.ndarray, quality: np.ndarray) -> None:
        self.item = np.concatenate([self.item, items])
        self.quality = np.concatenate([self.quality, quality])

    def _costs(self, quality: np.ndarray) -> np.ndarray:
        """What qualities cost, one row for each type."""
        return np.stack([b.at(quality) for b in self.problem.parts.burdens])

    def burdens(self) -> tuple[Any, np.ndarray]:
        from scipy.sparse import csr_array

        costs = self._costs(self.quality)
        count = len(costs)
        rows = self.item[None] * count + np.arange(count)[:, None]
        columns = np.broadcast_to(np.arange(self.columns), rows.shape)
        shape = (self.items * count, self.columns)
        matrix = csr_array((costs.ravel(), (rows.ravel(), columns.ravel())), shape=shape)
        return matrix, np.zeros(shape[0])

    def gains(self, weights: np.ndarray) -> tuple[np.ndarray, float]:
        return weights[self.item] * self.problem.worth.at(self.quality), 0.0

    def bounds(self) -> list[tuple[float | None, float | None]]:
        return [(0.0, None)] * self.columns

    def named(self) -> tuple[list[str], Any, np.ndarray]:
        from scipy.sparse import csr_array

        small = np.flatnonzero(self.quality < self.least)
        if not small.size:
            return [], csr_array((0, self.columns)), np.zeros(0)
        cells = (np.ones(len(small)), (self.item[small], small))
        matrix = csr_array(cells, shape=(self.items, self.columns))
        return self.least_names(), matrix, np.zeros(self.items)

    def rows(self) -> tuple[Any, np.ndarray]:
        from scipy.sparse import csr_array

        return csr_array((0, self.columns)), np.zeros(0)

    def sums(self) -> tuple[Any, np.ndarray] | None:
        from scipy.sparse import csr_array

        cells = (np.ones(self.columns), (self.item, np.arange(self.columns)))
        return csr_array(cells, shape=(self.items, self.columns)), np.ones(self.items)

    def read(self, x: np.ndarray) -> np.ndarray:
        return np.bincount(self.item, x * self.quality, self.items)

    def spread(self, x: np.ndarray) -> float:
        """How far the points of an item are from their mean, for the item where they are most."""
        away = x * np.abs(self.quality - self.read(x)[self.item])
        return float(np.bincount(self.item, away, self.items).max())

    def refine(self, x: np.ndarray, prices: Any, weights: np.ndarray, rounds: int, close: float) -> float:  # fmt: skip
        burden, share = prices
        burden = burden.reshape(self.items, -1)

        def gain(quality: np.ndarray) -> np.ndarray:
            """What a point of each item would bring, at the prices of its burdens."""
            flat = quality.ravel()
            costs = self._costs(flat).reshape(-1, *quality.shape)
            return weights[:, None] * self.problem.worth.at(flat).reshape(quality.shape) - np.einsum("ik,kig->ig", burden, np.broadcast_to(costs, (costs.shape[0], self.items, quality.shape[1])))  # fmt: skip

        low, high = self.low, self.high
        for places in (GRID, *(PLACES,) * ZOOMS):
            tried = np.linspace(low, high, places, axis=1)
            found = gain(tried)
            place, every = np.argmax(found, axis=1), np.arange(self.items)
            here, top = tried[every, place], found[every, place]
            low = tried[every, np.maximum(place - 1, 0)]
            high = tried[every, np.minimum(place + 1, places - 1)]
        over = np.maximum(top - share, 0)
        if over.sum() > close:
            self._drop(x)
            where = np.flatnonzero(over > close / self.items / 4)
            self._add(where, here[where])
        return float(over.sum())

    def _drop(self, x: np.ndarray) -> None:
        """Leave out what takes no part and lies far from what does."""
        used = x > 1e-9
        middle = self.read(x)
        width = np.bincount(self.item, x * np.abs(self.quality - middle[self.item]), self.items)
        near = (
            np.abs(self.quality - middle[self.item]) <= 4 * width[self.item] + self.most / GRID * 8
        )
        keep = used | near | (self.quality <= self.least)
        self.item, self.quality = self.item[keep], self.quality[keep]


__all__ = ["Points"]
