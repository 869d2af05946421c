"""A linear programme in matrices: solved by HiGHS, and explained where it has no solution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mechanism.contracts.quality import Quality
from mechanism.contracts.rewards import Rewards
from mechanism.errors import InputError, MissingExtra

EXTRA = "optimal menus need scipy: pip install 'strategyproof[design]'"
# HiGHS takes nothing smaller.
PRECISE = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
# From so many rows on the interior point method (with crossover) takes half the time of the simplex method.
LARGE, FAST = 3000, "highs-ipm"
TRIED: tuple[tuple[str, dict[str, Any]], ...] = (
    (FAST, PRECISE),
    ("highs", PRECISE),
    ("highs", {**PRECISE, "presolve": False}),
    ("highs", {}),
)
INFEASIBLE, UNBOUNDED, LOST = 2, 3, 4


def scipy() -> tuple[Any, Any]:
    """``scipy.optimize`` and ``scipy.sparse``.

    Raises
    ------
    MissingExtra
        Without scipy.
    """
    try:
        from scipy import optimize, sparse
    except ImportError as error:
        raise MissingExtra(EXTRA) from error
    return optimize, sparse


@dataclass
class Rows:
    """Named constraints of the form ``a x <= b``."""

    names: list[str] = field(default_factory=list)
    cells: list[tuple[int, int, float]] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)

    def add(self, name: str, terms: Iterable[tuple[int, float]], limit: float) -> None:
        row = len(self.limits)
        self.cells += [(row, column, value) for column, value in terms if value]
        self.names.append(name)
        self.limits.append(limit)

    def matrix(self, columns: int) -> Any:
        _, sparse = scipy()
        rows, places, values = np.array(self.cells).T
        cells = (values, (rows.astype(int), places.astype(int)))
        return sparse.csr_array(cells, shape=(len(self.limits), columns))


class Lowered:
    """Named constraints on worths, rewards and burdens as a programme in the variables of their parts.

    Parameters
    ----------
    rows : Rows
        Over the worths of the items, then the rewards, then the burdens of each item.
    rewards : Rewards
    quality : Quality
    weights : array
        What a unit for each item counts.
    """

    def __init__(self, rows: Rows, rewards: Rewards, quality: Quality, weights: np.ndarray) -> None:
        _, sparse = scipy()
        items, self.split = rewards.items, rewards.columns
        lowering, added = quality.burdens()
        spoken = rows.matrix(2 * items + len(added))
        worth, reward = spoken[:, :items], spoken[:, items : 2 * items]
        self.on_burdens = spoken[:, 2 * items :]
        left = worth + reward if rewards.same else sparse.hstack([worth, reward])
        names, own, limits = quality.named()
        self.names = [*rows.names, *names]
        first, more = rewards.rows()
        last, most = quality.rows()
        self.matrix = sparse.block_array(
            [
                [left, self.on_burdens @ lowering],
                [None, own],
                [first, None],
                [sparse.csr_array((len(most), self.split)), last],
            ],
            format="csr",
        )
        self.limits = np.concatenate([np.array(rows.limits) - self.on_burdens @ added, limits, more, most])  # fmt: skip
        sums = quality.sums()
        self.sums = None if sums is None else sparse.hstack([sparse.csr_array((items, self.split)), sums[0]])  # fmt: skip
        self.totals = None if sums is None else sums[1]
        self.bounds = [*rewards.bounds(), *quality.bounds()]
        gains, self.added = quality.gains(weights)
        self.cost = np.concatenate([np.zeros(self.split), -gains])
        self.cost[rewards.first : rewards.first + items] += weights

    def solve(self, *, explain: bool = True) -> Any:
        """The solution.

        Raises
        ------
        InputError
            Where there is none, naming the constraints that conflict if that is to be explained.
        """
        found = self._run(self.matrix, self.limits, self.cost)
        if found.status == INFEASIBLE:
            told = " and ".join(self.conflict()) if explain else "not looked for"
            raise InputError(
                f"no menu meets all constraints; the smallest conflict is between: {told}"
            )
        if found.status == UNBOUNDED:
            raise InputError("the problem is unbounded; give max_quality, or limited_liability")
        if found.status != 0:
            raise InputError(f"the solver gave up on the problem: {found.message}")
        return found

    def _run(self, matrix: Any, limits: np.ndarray, cost: np.ndarray) -> Any:
        optimize, _ = scipy()
        bounds = [*self.bounds, *[(0.0, None)] * (matrix.shape[1] - len(self.bounds))]
        sums = self.sums
        if sums is not None and matrix.shape[1] > sums.shape[1]:
            sums = self._wider(sums, matrix.shape[1] - sums.shape[1])
        large = matrix.shape[0] > LARGE
        for method, options in TRIED if large else TRIED[1:]:
            found = optimize.linprog(
                cost, matrix, limits, sums, self.totals, bounds, method=method, options=options
            )
            if found.status == 0 or (method != FAST and found.status != LOST):
                break
        return found

    def _wider(self, matrix: Any, columns: int) -> Any:
        _, sparse = scipy()
        return sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], columns))])

    def prices(self, found: Any) -> tuple[np.ndarray, np.ndarray]:
        """Dual values: of a unit of burden of each item and type, and of the share of a point of each item."""
        duals = -np.asarray(found.ineqlin.marginals)[: self.on_burdens.shape[0]]
        return self.on_burdens.T @ duals, -np.asarray(found.eqlin.marginals)

    def binding(self, found: Any) -> tuple[tuple[str, float], ...]:
        """The named constraints that bind, and their dual values."""
        duals = -np.asarray(found.ineqlin.marginals)
        return tuple((n, float(d)) for n, d in zip(self.names, duals) if d > 1e-7)

    # --- no solution ---------------------------------------------------------------------------

    def conflict(self) -> list[str]:
        """A smallest set of named constraints that cannot all be met: none of it can be spared."""
        named = self._suspects()
        size = max(1, len(named) // 2)
        while size:  # halves first: most constraints take no part
            start = 0
            while start < len(named):
                fewer = named[:start] + named[start + size :]
                if self._conflicts(fewer):
                    named = fewer
                else:
                    start += size
            size //= 2
        return [self.names[n] for n in named]

    def _suspects(self) -> list[int]:
        """Constraints that conflict: those with a price where each may be broken at a cost (Farkas)."""
        _, sparse = scipy()
        count = len(self.names)
        broken = sparse.csr_array(
            (-np.ones(count), (np.arange(count), np.arange(count))), (len(self.limits), count)
        )
        cost = np.concatenate([np.zeros(self.matrix.shape[1]), np.ones(count)])
        wide = sparse.hstack([self.matrix, broken], format="csr")
        found = self._run(wide, self.limits, cost)
        every = list(range(count))
        if found.status != 0:
            return every
        priced = np.flatnonzero(np.abs(found.ineqlin.marginals[:count]) > 1e-9).tolist()
        return priced if self._conflicts(priced) else every

    def _conflicts(self, named: Sequence[int]) -> bool:
        kept = [*named, *range(len(self.names), len(self.limits))]
        none = np.zeros(self.matrix.shape[1])
        return self._run(self.matrix[kept], self.limits[kept], none).status == INFEASIBLE
