"""How rewards enter a linear programme: what each is worth, V <= v(r), under lines or tangents of v."""

from __future__ import annotations

from typing import Any

import numpy as np

from mechanism.contracts.problem import Problem
from mechanism.contracts.quality import Tangents, bracket

MOST = (
    1000  # times the largest reward that is efficient: more is not looked at where v is a formula
)
UNPAID = 1e-6


class Rewards:
    """The rewards of all items; the variables are their worths, and then the rewards unless they are the same.

    Parameters
    ----------
    problem : Problem
    items : int
    near : array, optional
        Worths that the solution is expected around.
    """

    def __init__(self, problem: Problem, items: int, near: np.ndarray | None = None) -> None:
        self.value, self.items = problem.value, items
        self.same = self.value.lines == ((1, 0),)
        self.lines = Tangents(items)
        every = np.arange(items)
        if self.value.lines is not None:
            for slope, height in () if self.same else self.value.lines:
                self.lines.add(every, float(slope), float(height))
            return
        asked = [float(b.at(q)) for b, q in zip(problem.parts.burdens, problem.efficient)]
        middle = float(np.max(self.value.inverse(np.array(asked)))) or 1.0
        self.most = MOST * (1 + middle)
        for r in (0.0, *(middle * np.array([1 / 8, 1 / 4, 1 / 2, 1, 2, 4]))):
            self.cut(every, np.full(items, r))
        if near is not None:
            self.cut(every, self.value.inverse(near))

    @property
    def columns(self) -> int:
        return self.items * (1 if self.same else 2)

    @property
    def first(self) -> int:
        """The column of the first reward."""
        return 0 if self.same else self.items

    def cut(self, items: np.ndarray, rewards: np.ndarray) -> None:
        """Tangents of the value."""
        slopes = self.value.slope(rewards)
        self.lines.add(items, slopes, self.value.at(rewards) - slopes * rewards)

    def bounds(self) -> list[tuple[float | None, float | None]]:
        worth: tuple[float | None, float | None] = (None, None)
        reward = worth
        if self.value.lines is None:
            low, top = (float(self.value.at(np.array(r))) for r in (0.0, self.most))
            worth, reward = (low, top), (0.0, self.most)
        return [worth] * self.items + [reward] * (self.columns - self.items)

    def rows(self) -> tuple[Any, np.ndarray]:
        return self.lines.rows(self.first, 0, self.columns)

    def refine(self, x: np.ndarray, weights: np.ndarray, rounds: int, close: float) -> float:
        """Add tangents where a worth is too much for its reward; by how much the rewards are too low."""
        if self.value.lines is not None:
            return 0.0
        worth, reward = x[: self.items], x[self.items :]
        needed = self.value.inverse(np.maximum(worth, self.value.at(np.zeros(self.items))))
        # What nobody is given is not paid for, but it must be worth what it is said to be.
        over = np.maximum(weights, UNPAID) * np.maximum(needed - reward, 0)
        if over.sum() > close:
            self.lines.drop(reward, worth)
            where = np.flatnonzero(over > close / self.items / 4)
            # Near the top of a bounded value what is needed can be far away; step by step, then.
            here = np.minimum(needed[where], 4 * reward[where] + 1)
            for width in bracket(rounds):
                self.cut(where, np.maximum(here * (1 + width), 0))
        return float(over.sum())
