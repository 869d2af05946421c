"""The principal's problem as a linear programme.

What a reward is worth, and what quality costs each type, are numbers in which the incentive constraints
are linear. How they come about from rewards and qualities is the matter of `Rewards`, and of `Common`, `Points`
or `Given`: each bounds the optimum from above, and becomes more precise around the solution until it is close.

Of the constraints of each menu for one period, and of each in the second, those between neighbours imply
the others; the intertemporal ones are there for all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mechanism.contracts.linear import Lowered, Rows
from mechanism.contracts.points import Points
from mechanism.contracts.problem import Problem
from mechanism.contracts.quality import Common, Given, Quality
from mechanism.contracts.rewards import Rewards

ROUNDS = 60
# Of the objective: a larger programme takes too long to be that close.
CLOSE, FAR, MANY = 1e-10, 1e-6, 60
# So many times the same value is as precise as it gets.
SAME, ROUNDING = 4, 1e-12
Terms = list[tuple[int, float]]


@dataclass(frozen=True)
class Solution:
    """What the programme says; arrays over the items, those of the first period first.

    Parameters
    ----------
    value : float
        Of the programme, which no menu exceeds.
    quality, worth : array
    binding : tuple of (str, float)
    rounds : int
    spread : float
        How far qualities are mixtures.
    """

    value: float
    quality: np.ndarray
    worth: np.ndarray
    binding: tuple[tuple[str, float], ...]
    rounds: int
    spread: float = 0.0


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
    near : Solution, optional
        Of a problem like this one, to begin from.
    width : float, optional
        No quality further away from it than that, where qualities may be mixtures.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        incentives: bool = True,
        repeated: bool = False,
        room: float = 0.0,
        fixed: np.ndarray | None = None,
        near: Solution | None = None,
        width: float | None = None,
    ) -> None:
        self.problem, self.incentives, self.room = problem, incentives, room
        self.count = len(problem.types)
        self.scale = np.array([float(w) for w in problem.parts.weights])
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
        self.named = Rows()
        self._constraints()
        self.rewards = Rewards(problem, self.items, None if near is None else near.worth)
        self.quality = self._quality(fixed, None if near is None else near.quality, width)

    def _quality(
        self, fixed: np.ndarray | None, near: np.ndarray | None, width: float | None
    ) -> Quality:
        if fixed is not None:
            return Given(self.problem, fixed)
        names = [self.name(item) for item in range(self.items)]
        if self.problem.parts.cost is None:
            return Points(self.problem, names, near, width)
        return Common(self.problem, names, near)

    # --- what the constraints speak of: the worth, the reward, and the cost to each type, of each item ---

    def worth(self, item: int) -> int:
        return item

    def reward(self, item: int) -> int:
        return self.items + item

    def burden(self, item: int, k: int) -> int:
        return 2 * self.items + item * self.count + k

    def later(self, h: int, k: int) -> int:
        """The item of second-period type k after the first report h."""
        return self.count * (1 + h) + k

    def payoff(self, k: int, item: int, factor: float = 1.0) -> Terms:
        """The payoff of type k from an item, as terms."""
        scale = factor * self.scale[k]
        return [(self.worth(item), scale), (self.burden(item, k), -scale)]

    def total(self, k: int, said: int) -> Terms:
        """The payoff in total of a type that first reports another, and then the truth."""
        terms = self.payoff(k, said)
        for n in range(self.count) if self.two else ():
            terms += self.payoff(n, self.later(said, n), self.delta * self.chance[k, n])
        return terms

    # --- constraints ---------------------------------------------------------------------------

    def _constraints(self) -> None:
        every, rows, problem = range(self.count), self.named, self.problem
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
        nothing = float(problem.nothing)
        for item in range(self.items) if problem.limited_liability else ():
            name = f"limited liability: {self.name(item)}"
            rows.add(name, [(self.worth(item), -1.0)], -nothing)
        if problem.budget is not None:
            spent = [(self.reward(item), w) for item, w in enumerate(self.weights)]
            rows.add("budget", spent, float(problem.budget))

    def name(self, item: int) -> str:
        if item < self.count:
            return f"type {item}" + (", first period" if self.two else "")
        h, k = divmod(item - self.count, self.count)
        return f"type {k} after first report {h}"

    # --- solving -------------------------------------------------------------------------------

    def solve(self, *, explain: bool = True) -> Solution:
        """Solve, more and more precisely until that makes no difference.

        Parameters
        ----------
        explain : bool
            Look for the smallest conflict where there is no solution.

        Raises
        ------
        InputError
            For a problem without a solution, naming the constraints that conflict, or without a limit.
        """
        tolerance = CLOSE if self.items <= MANY else FAR
        bound, before, split = np.inf, [np.inf] * SAME, self.rewards.columns
        for rounds in range(1, ROUNDS + 1):
            lowered = Lowered(self.named, self.rewards, self.quality, self.weights)
            found = lowered.solve(explain=explain)
            of_rewards, of_quality = found.x[:split], found.x[split:]
            quality = self.quality.read(of_quality)
            spread = self.quality.spread(of_quality) if isinstance(self.quality, Points) else 0.0
            close = tolerance * (1 + abs(found.fun))
            off = self.quality.refine(
                of_quality, lowered.prices(found), self.weights, rounds, close
            )
            missed = self.rewards.refine(of_rewards, self.weights, rounds, close)
            # Points that are missing may raise the value; tangents that are missing only lower it.
            more = off if isinstance(self.quality, Points) else 0.0
            bound = min(bound, lowered.added - found.fun + more)
            before = [*before[1:], found.fun]
            if off + missed <= close or np.ptp(before) <= ROUNDING * (1 + abs(found.fun)):
                break
        worth = of_rewards[: self.items]
        return Solution(bound, quality, worth, lowered.binding(found), rounds, spread)


def _minus(one: Terms, other: Terms) -> Terms:
    return [*one, *((column, -value) for column, value in other)]
