"""The principal's problem as a linear programme.

Each item has a cost z = c(q), a surplus t and a worth V of its reward. In these the incentive constraints
are linear, and t is at most S(c^-1(z)), a concave function of z: its tangents are constraints of their
own. They are all there from the start where c and S are made of lines, and added where the solution
touches none elsewhere (Kelley 1960), so that each solution bounds the optimum from above.

Of the constraints of each menu for one period, and of each in the second, those between neighbours imply
the others; the intertemporal ones are there for all pairs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mechanism.contracts.curves import midpoints
from mechanism.contracts.problem import Problem
from mechanism.errors import InputError, MissingExtra

ROUNDS = 40
# Of the objective: a larger programme takes too long to be that close.
CLOSE, FAR, MANY = 1e-10, 5e-7, 60
WIDEST = 0.2


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


@dataclass(frozen=True)
class Solution:
    """What the programme says; arrays over the items, those of the first period first."""

    value: float
    quality: np.ndarray
    worth: np.ndarray
    binding: tuple[tuple[str, float], ...]
    rounds: int


class Programme:
    """The programme of a problem.

    Parameters
    ----------
    problem : Problem
    incentives : bool
        Without, types are known: complete information.
    repeated : bool
        The same menu in each period, for one that must be offered unchanged.
    room : float
        By how much incentive constraints are to be met at least.
    fixed : array, optional
        The qualities, where only the rewards are to be found.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        incentives: bool = True,
        repeated: bool = False,
        room: float = 0.0,
        fixed: np.ndarray | None = None,
    ) -> None:
        self.problem, self.incentives, self.room = problem, incentives, room
        self.types = np.array([float(t) for t in problem.types])
        self.count = len(self.types)
        self.scale = np.array([float(problem.scale(k)) for k in range(self.count)])
        prior = np.array([float(p) for p in problem.prior])
        self.delta = float(problem.discount)
        self.two = problem.two_periods and not repeated
        chance = np.array([[float(p) for p in row] for row in problem.transition or ()])
        if repeated and problem.two_periods:
            prior = prior + self.delta * prior @ chance
        self.chance = chance
        later = self.delta * prior[:, None] * chance if self.two else np.zeros(0)
        self.weights = np.concatenate([prior, later.ravel()])
        self.items = len(self.weights)
        self.rows = Rows()
        self.fixed = fixed
        self.best, self.top = problem.efficient, problem.top
        self._constraints()
        self._curves()

    # --- variables: z, t, V, r of each item, in this order -------------------------------------

    def z(self, item: int) -> int:
        return item

    def t(self, item: int) -> int:
        return self.items + item

    def worth(self, item: int) -> int:
        return 2 * self.items + item

    def r(self, item: int) -> int:
        return (3 if self.problem.payoff.value is not None else 2) * self.items + item

    def later(self, h: int, k: int) -> int:
        """The item of second-period type k after the first report h."""
        return self.count * (1 + h) + k

    def payoff(self, k: int, item: int, factor: float = 1.0) -> list[tuple[int, float]]:
        """The payoff of type k from an item, as terms."""
        scale = factor * self.scale[k]
        return [(self.worth(item), scale * self.types[k]), (self.z(item), -scale)]

    def total(self, k: int, said: int) -> list[tuple[int, float]]:
        """The payoff in total of a type that first reports another, and then the truth."""
        terms = self.payoff(k, said)
        for n in range(self.count) if self.two else ():
            terms += self.payoff(n, self.later(said, n), self.delta * self.chance[k, n])
        return terms

    # --- constraints ---------------------------------------------------------------------------

    def _constraints(self) -> None:
        every, rows, problem = range(self.count), self.rows, self.problem
        near = [(k, m) for k in every for m in (k - 1, k + 1) if 0 <= m < self.count]
        if self.incentives:
            pairs = [(k, m) for k in every for m in every if k != m] if self.two else near
            for k, m in pairs:
                name = f"incentive: type {k} reports type {m}" + (" first" if self.two else "")
                rows.add(name, _minus(self.total(k, m), self.total(k, k)), -self.room)
            for h in every if self.two else ():
                for k, m in near:
                    name = f"incentive: after first report {h}, type {k} reports type {m}"
                    terms = _minus(
                        self.payoff(k, self.later(h, m)), self.payoff(k, self.later(h, k))
                    )
                    rows.add(name, terms, -self.room)
        outside = float(problem.reservation)
        for k in every:
            rows.add(f"participation: type {k}", _minus([], self.total(k, k)), -outside)
            if self.two and problem.participation != "total":
                rows.add(f"participation: type {k}, first period", _minus([], self.payoff(k, k)), 0)
                for h in every if problem.participation == "per-history" else ():
                    terms = _minus([], self.payoff(k, self.later(h, k)))
                    rows.add(f"participation: type {k} after first report {h}", terms, 0)
                if problem.participation == "per-period":
                    expected = [
                        term for n in every
                        for term in self.payoff(n, self.later(k, n), self.chance[k, n])
                    ]  # fmt: skip
                    rows.add(f"participation: type {k}, second period", _minus([], expected), 0)
        least = float(problem.cost.at(float(problem.min_quality)))
        nothing = min(float(height) for _, height in problem.value.lines or ())  # v(0)
        for item in range(self.items):
            if self.fixed is None and least > 0:
                rows.add(f"least quality: {self.name(item)}", [(self.z(item), -1.0)], -least)
            if problem.limited_liability:
                rows.add(
                    f"limited liability: {self.name(item)}", [(self.worth(item), -1.0)], -nothing
                )
        if problem.budget is not None:
            spent = [(self.r(item), w) for item, w in enumerate(self.weights)]
            rows.add("budget", spent, float(problem.budget))

    def name(self, item: int) -> str:
        if item < self.count:
            return f"type {item}" + (", first period" if self.two else "")
        h, k = divmod(item - self.count, self.count)
        return f"type {k} after first report {h}"

    def _curves(self) -> None:
        problem, rows = self.problem, self.rows
        for slope, height in problem.value.lines or () if problem.payoff.value is not None else ():
            for item in range(self.items):
                terms = [(self.worth(item), 1.0), (self.r(item), -float(slope))]
                rows.add("", terms, float(height))
        if self.fixed is not None:
            return
        known = problem.cost.lines is not None and problem.worth.lines is not None
        kinks = tuple(sorted({*problem.cost.kinks, *problem.worth.kinks}))
        if known:
            points = midpoints(kinks, self.top)
        else:
            points = sorted(
                {*np.quantile(self.best, (0, 0.5, 1)), *np.linspace(self.top / 8, self.top, 6)}
            )
        self.known = known
        for item in range(self.items):
            self.cut(item, np.array([q for q in points if q > 0]))

    def cut(self, item: int, qualities: np.ndarray) -> None:
        """Tangents of the surplus over the cost."""
        cost, worth = self.problem.cost, self.problem.worth
        slopes = worth.slope(qualities) / np.maximum(cost.slope(qualities), 1e-12)
        if not self.problem.concave:
            # Then quality may be thrown away where the surplus falls, which still bounds the optimum.
            qualities = np.minimum(qualities, self.problem.enough)
            slopes = np.maximum(worth.slope(qualities), 0) / np.maximum(
                cost.slope(qualities), 1e-12
            )
        for slope, z, t in zip(slopes, cost.at(qualities), worth.at(qualities)):
            self.rows.add("", [(self.t(item), 1.0), (self.z(item), -slope)], t - slope * z)

    # --- solving -------------------------------------------------------------------------------

    def solve(self) -> Solution:
        """Solve, adding tangents until none is missing.

        Raises
        ------
        InputError
            For a problem without a solution, naming the constraints that conflict, or without a limit.
        """
        cost, worth = self.problem.cost, self.problem.worth
        tolerance = CLOSE if self.items <= MANY else FAR
        for rounds in range(1, ROUNDS + 1):
            found = self._run()
            z, t = found.x[: self.items], found.x[self.items : 2 * self.items]
            if self.fixed is not None:
                quality = self.fixed
                break
            quality = cost.inverse(np.maximum(z, 0))
            over = self.weights * (t - worth.at(quality))
            if self.known or over.sum() <= tolerance * (1 + abs(found.fun)):
                break
            for item in np.flatnonzero(over > tolerance / self.items / 4):
                # With a bracket around the solution, which narrows: the next one is likely to be inside.
                here = quality[item] * (1 + WIDEST**rounds * np.array([-1.0, 0.0, 1.0]))
                self.cut(int(item), np.maximum(here, 1e-9))
        worths = found.x[2 * self.items : 3 * self.items]
        duals = -np.asarray(found.ineqlin.marginals)
        binding = [(n, float(d)) for n, d in zip(self.rows.names, duals) if n and d > 1e-7]
        value = -found.fun
        if self.fixed is not None:
            value += float(self.weights @ worth.at(self.fixed))
        return Solution(value, quality, worths, tuple(binding), rounds)

    def _run(self) -> Any:
        columns = self.r(self.items - 1) + 1
        gain = np.zeros(columns)
        if self.fixed is None:
            gain[self.items : 2 * self.items] -= self.weights
        for item, weight in enumerate(self.weights):
            gain[self.r(item)] += weight
        found = self._linprog(gain)
        if found.status == 2:
            named = " and ".join(self.conflict())
            raise InputError(
                f"no menu meets all constraints; the smallest conflict is between: {named}"
            )
        if found.status == 3:
            raise InputError("the problem is unbounded; give max_quality, or limited_liability")
        if found.status != 0:
            raise InputError(f"the solver gave up on the problem: {found.message}")
        return found

    def _linprog(self, gain: np.ndarray, kept: list[int] | None = None) -> Any:
        try:
            from scipy.optimize import linprog
            from scipy.sparse import csr_array
        except ImportError as error:
            raise MissingExtra("designs need scipy: pip install 'strategyproof[design]'") from error
        rows, columns, values = np.array(self.rows.cells).T
        shape = (len(self.rows.limits), len(gain))
        matrix = csr_array((values, (rows.astype(int), columns.astype(int))), shape=shape)
        limits = np.array(self.rows.limits)
        if kept is not None:
            matrix, limits = matrix[kept], limits[kept]
        bounds: list[tuple[float | None, float | None]] = [(None, None)] * len(gain)
        for item in range(self.items):
            fixed = None if self.fixed is None else float(self.problem.cost.at(self.fixed[item]))
            top = float(self.problem.cost.at(self.top)) if self.problem.max_quality is not None else None  # fmt: skip
            bounds[self.z(item)] = (0, top) if fixed is None else (fixed, fixed)
            if self.fixed is not None:
                bounds[self.t(item)] = (0, 0)
        options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
        return linprog(gain, matrix, limits, bounds=bounds, method="highs", options=options)

    def conflict(self) -> list[str]:
        """A smallest set of constraints that no menu meets: each is needed, by deletion one by one."""
        columns = self.r(self.items - 1) + 1
        none = np.zeros(columns)
        named = [n for n, name in enumerate(self.rows.names) if name]
        fixed = [n for n, name in enumerate(self.rows.names) if not name]
        size = max(1, len(named) // 2)
        while size:  # halves first: most constraints take no part
            start = 0
            while start < len(named):
                fewer = named[:start] + named[start + size :]
                if self._linprog(none, [*fixed, *fewer]).status == 2:
                    named = fewer
                else:
                    start += size
            size //= 2
        return [self.rows.names[n] for n in named]


def _minus(one: list[tuple[int, float]], other: list[tuple[int, float]]) -> list[tuple[int, float]]:
    return [*one, *((column, -value) for column, value in other)]
