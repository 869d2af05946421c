"""The repaired FMMRA on many draws at a time, in doubles; see `mechanism.fmmra.repaired`."""

from __future__ import annotations

import numpy as np

from mechanism.errors import InputError
from mechanism.fmmra.repaired import rate

__all__ = ["repaired_batch"]

_MOST_TASKS = 10  # their sets are enumerated


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
    merit = float(rate(w1, w2)) * (
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
