"""The repaired FMMRA at work: many agents exactly, or many draws at a time in doubles.

Both are weighted VCG with at most one agent to a task: an agent is scored in money, by its bid plus
``w2 / w1`` for each point of fitness, less those of the task's dummy where there is one. The assignment with
the highest total score is chosen, and an agent pays its bid less what its presence adds to the total.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.assignment import Assignment, CertificateError, vcg_assignment
from mechanism.errors import InputError
from mechanism.evaluate.tied_matchings import decided
from mechanism.exact_matrix import LIMIT, read_matrix
from mechanism.language import exact
from mechanism.outcome import Outcome
from mechanism.rule import Rule

__all__ = ["RepairedAssignment", "repaired_assignment", "repaired_batch"]

_MOST_TASKS = 10  # in a batch, where the sets of tasks are enumerated


@dataclass(frozen=True)
class RepairedAssignment:
    """Who does which task, and what each pays.

    Parameters
    ----------
    tasks : tuple of (int or None), one per agent
        An agent whose score adds nothing gets none.
    payments : tuple of Fraction, one per agent
        Negative where an agent is paid for its fitness, which a dummy rules out.
    scores : Assignment
        The assignment by scores, with its dual certificate; its `utilities` are what each agent's
        presence adds to the total score.
    unit : Fraction
        What one unit of these scores is in money.
    """

    tasks: tuple[int | None, ...]
    payments: tuple[Fraction, ...]
    scores: Assignment
    unit: Fraction

    def certify(
        self, bids: Any, fitness: Any, w1: Any, w2: Any, *, can: Any = None, dummy: Any = None
    ) -> None:
        """Check exactly, without solving, that this is the outcome for these numbers.

        Raises
        ------
        CertificateError
            Naming the first condition that fails.
        """
        matrix, unit, offers = _scores(bids, fitness, w1, w2, can, dummy)
        if unit != self.unit or self.tasks != self.scores.goods:
            raise CertificateError("the tasks, or the unit, are not those of the scores")
        self.scores.certify(matrix)
        due = _payments(self.scores, unit, offers)
        for agent, (paid, owed) in enumerate(zip(self.payments, due, strict=True)):
            if paid != owed:
                raise CertificateError(f"payments[{agent}] is {paid}, and should be {owed}")


def repaired_assignment(
    bids: Any, fitness: Any, w1: Any, w2: Any, *, can: Any = None, dummy: Any = None
) -> RepairedAssignment:
    """Assign tasks to agents by total cost-effectiveness; find all payments, exactly.

    Parameters
    ----------
    bids, fitness : array_like, shape (agents, tasks)
        Numbers as for `mechanism.assignment.vcg_assignment`; a bid may be negative.
    w1, w2 : number
        The weights of bid (above 0) and fitness (not negative).
    can : array_like of bool, shape (agents, tasks), optional
        Which agent can do which task; by default all.
    dummy : sequence of number, one per task, optional
        The fitness of a dummy for each task that bids 0: the variant without subsidies.

    Returns
    -------
    RepairedAssignment
        Exact. Which of several best assignments is returned is not specified.

    Raises
    ------
    InputError
        For numbers or shapes that do not fit.
    MissingExtra
        If scipy is not installed.

    Examples
    --------
    Agent 1 bids less and is fitter. Agent 0 is worth 5 to the task holder, agent 1 is worth 6.

    >>> found = repaired_assignment([[5], [4]], [[0], [1]], w1=1, w2=2)
    >>> found.tasks, found.payments == (0, 3)
    ((None, 0), True)
    >>> found.certify([[5], [4]], [[0], [1]], w1=1, w2=2)
    """
    matrix, unit, offers = _scores(bids, fitness, w1, w2, can, dummy)
    found = vcg_assignment(matrix)
    return RepairedAssignment(found.goods, _payments(found, unit, offers), found, unit)


def _payments(
    found: Assignment, unit: Fraction, offers: tuple[np.ndarray, int]
) -> tuple[Fraction, ...]:
    bids, scale = offers
    nothing = Fraction(0)
    return tuple(
        nothing if t is None else Fraction(int(bids[i, t]), scale) - unit * u
        if scale else bids[i, t] - unit * u
        for i, (t, u) in enumerate(zip(found.goods, found.utilities))
    )  # fmt: skip


def _scores(
    bids: Any, fitness: Any, w1: Any, w2: Any, can: Any, dummy: Any
) -> tuple[np.ndarray, Fraction, tuple[np.ndarray, int]]:
    """Scores as integers where possible, what their unit is in money, and the bids as they were read."""
    rate = _rate(w1, w2)
    offers, merits = read_matrix(bids), read_matrix(fitness)
    shape = offers[0].shape
    if merits[0].shape != shape:
        raise InputError(f"fitness: give one number for each bid, {shape[0]} x {shape[1]}")
    if dummy is not None:
        merits = _shortfall(merits, read_matrix([list(dummy)]))
    scores, scale = _sum(offers, merits, rate)
    if can is not None:
        able = np.asarray(can)
        if able.shape != shape or able.dtype != bool:
            raise InputError(f"can: give yes or no for each bid, {shape[0]} x {shape[1]} booleans")
        scores = np.where(able, scores, 0)  # nobody is given a task that adds nothing
    return scores, Fraction(1, scale), offers


def _rate(w1: Any, w2: Any) -> Fraction:
    bid, merit = exact(w1, "w1"), exact(w2, "w2")
    if bid <= 0 or merit < 0:
        raise InputError(f"w1 must be above 0 and w2 not negative, not {bid} and {merit}")
    return merit / bid


def _shortfall(
    merits: tuple[np.ndarray, int], dummies: tuple[np.ndarray, int]
) -> tuple[np.ndarray, int]:
    """The fitness above that of the dummies, where nothing counts that is above 0."""
    if dummies[0].shape[1] != merits[0].shape[1]:
        raise InputError(f"dummy: give one number for each of the {merits[0].shape[1]} tasks")
    short, scale = _sum(merits, (-dummies[0], dummies[1]), Fraction(1))
    return np.minimum(short, 0), scale


def _sum(
    one: tuple[np.ndarray, int], other: tuple[np.ndarray, int], rate: Fraction
) -> tuple[np.ndarray, int]:
    """``one + rate * other``, over one denominator."""
    (a, p), (b, q) = one, other
    if not (p and q):  # Fractions, where the denominator would be too wide
        exactly = [m.astype(object) * Fraction(1, s or 1) for m, s in (one, other)]
        return exactly[0] + exactly[1] * rate, 1
    scale = math.lcm(p, q * rate.denominator)
    left, right = scale // p, rate.numerator * (scale // (q * rate.denominator))
    top = sum(
        f * max(int(m.max(initial=0)), -int(m.min(initial=0))) for m, f in ((a, left), (b, right))
    )
    kind: Any = np.int64 if max(top, left, right) < LIMIT else object
    return a.astype(kind) * left + b.astype(kind) * right, scale


# --- as a rule of the catalogue ----------------------------------------------------------------


def run(rule: Rule, tables: Mapping[str, Any]) -> Outcome:
    """Run ``fmmra-repaired`` (or the variant without subsidies) for many agents and tasks."""
    able = tables["can"]
    scores, unit, (bids, scale) = _scores(
        tables["v"], tables["fitness"], tables["w1"], tables["w2"], able, tables.get("dummy")
    )
    values = tuple(tuple(Fraction(s) * unit for s in row) for row in scores.tolist())
    offers = tuple(
        tuple(Fraction(b) / (scale or 1) * c for b, c in zip(row, can))
        for row, can in zip(bids.tolist(), able)
    )
    allocation, payments = decided(rule, values, offers)
    gets = tuple(tuple(x * c for x, c in zip(*rows)) for rows in zip(allocation, able))
    return Outcome(gets, payments)


def run_clipped(rule: Rule, tables: Mapping[str, Any]) -> Outcome:
    """Run ``fmmra-repaired-clipped`` for many agents and tasks."""
    found = run(rule, tables)
    return Outcome(found.allocation, tuple(max(Fraction(0), p) for p in found.payments))


# --- many draws --------------------------------------------------------------------------------


def repaired_batch(
    values: np.ndarray,
    fitness: np.ndarray,
    w1: float,
    w2: float,
    *,
    can: np.ndarray | None = None,
    dummy: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Run the repaired auction on many draws at once, in doubles; agents bid their values.

    Parameters
    ----------
    values, fitness : ndarray, shape (draws, agents, tasks)
        Expected profits and fitness; what is the same in all draws may lack the first axis.
    w1, w2 : float
    can : ndarray of bool, optional
        Which agent can do which task; by default all.
    dummy : ndarray, shape (tasks,) or (draws, tasks), optional
        The fitness of each task's dummy: the variant without subsidies.

    Returns
    -------
    winner : ndarray of int, shape (draws, tasks)
        -1 for a task that nobody does.
    price : ndarray of float, shape (draws, tasks)
        What the winner pays; negative for a subsidy, 0 for a task that nobody does.

    Raises
    ------
    InputError
        For weights out of their range, or more tasks than a batch can take.

    Notes
    -----
    The best total for each set of tasks, agent after agent; the prices are the lowest competitive ones
    (see `mechanism.assignment`). Doubles are rounded: `repaired_assignment` is exact.

    Examples
    --------
    >>> winner, price = repaired_batch(np.array([[[5.0], [4.0]]]), np.array([[0.0], [1.0]]), 1, 2)
    >>> winner.tolist(), price.tolist()
    ([[1]], [[3.0]])
    """
    merit = float(_rate(w1, w2)) * (
        fitness if dummy is None else np.minimum(fitness - np.asarray(dummy)[..., None, :], 0)
    )
    values, merit = np.broadcast_arrays(values, merit)
    if values.ndim != 3 or values.shape[2] > _MOST_TASKS:
        raise InputError(
            f"a batch has the axes draw, agent and task, with {_MOST_TASKS} tasks at most"
        )
    scores = values + merit
    if can is not None:
        scores = np.where(can, scores, -np.inf)
    winner = _best(scores)
    taken = winner >= 0
    at = (np.arange(len(scores))[:, None], np.maximum(winner, 0), np.arange(scores.shape[2]))
    prices = _lowest_prices(scores, winner)
    return winner, np.where(taken, prices - merit[at], 0.0)


def _best(scores: np.ndarray) -> np.ndarray:
    """The assignment with the highest total, in which a task goes to one of its best agents.

    Of the best agents for a task, as many as there are tasks, the other tasks take all but one at most.
    """
    draws, agents, tasks = scores.shape
    if agents <= tasks * tasks:
        return _best_of_all(scores)
    top = np.argpartition(-scores, tasks - 1, axis=1)[:, :tasks].reshape(draws, -1)
    top.sort(axis=1)
    few = np.take_along_axis(scores, top[:, :, None], axis=1)
    few[:, 1:][top[:, 1:] == top[:, :-1]] = -np.inf  # the same agent again
    winner = _best_of_all(few)
    return np.where(winner >= 0, np.take_along_axis(top, np.maximum(winner, 0), axis=1), -1)


def _best_of_all(scores: np.ndarray) -> np.ndarray:
    """The assignment with the highest total, by dynamic programming over sets of tasks."""
    draws, agents, tasks = scores.shape
    sets = np.arange(1 << tasks)
    best = np.full((len(sets), draws), -np.inf)
    best[0] = 0
    choice = np.full((agents, len(sets), draws), -1, np.int8)
    for agent in range(agents):
        after = best.copy()
        for task in range(tasks):
            with_it = sets[sets >> task & 1 == 1]
            total = best[with_it ^ 1 << task] + scores[:, agent, task]
            better = total > after[with_it]
            after[with_it] = np.where(better, total, after[with_it])
            choice[agent, with_it] = np.where(better, np.int8(task), choice[agent, with_it])
        best = after
    held, rows = best.argmax(axis=0), np.arange(draws)
    winner = np.full((draws, tasks), -1)
    for agent in reversed(range(agents)):
        task = choice[agent, held, rows]
        got = task >= 0
        winner[rows[got], task[got]] = agent
        held = np.where(got, held ^ 1 << np.maximum(task, 0).astype(np.int64), held)
    return winner


def _lowest_prices(scores: np.ndarray, winner: np.ndarray) -> np.ndarray:
    """From what losers would give, prices rise until no winner would rather have another task."""
    draws, agents, tasks = scores.shape
    rows, columns = np.arange(draws), np.arange(tasks)
    losing = np.ones((draws, agents), bool)
    for task in range(tasks):
        losing[rows[winner[:, task] >= 0], winner[winner[:, task] >= 0, task]] = False
    prices = np.where(losing[:, :, None], scores, 0).max(axis=1, initial=0)
    wanted = scores[rows[:, None], np.maximum(winner, 0)]  # draw, task won, task wanted
    won = np.where(winner >= 0, wanted[:, columns, columns], np.inf)
    gain = wanted - won[:, :, None]  # -inf where a task has no winner
    for _ in range(tasks):
        prices = np.maximum(prices, (prices[:, :, None] + gain).max(axis=1))
    return prices
