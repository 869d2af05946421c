"""FMMRA and its rivals on many draws, or on one very large one: who gets which task, and for what.

The rules are the step rules of `mechanism.fmmra.rounds` and `mechanism.fmmra.rivals`; nothing of them
is written again here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.errors import InputError
from mechanism.evaluate.rounds.markets import run
from mechanism.fmmra import rivals, rounds
from mechanism.fmmra.fitness import cost_effectiveness
from mechanism.language import Rounds, exact

Array = np.ndarray


@dataclass(frozen=True)
class Weights:
    """The numbers of the auction: what bid and fitness weigh (Equation 28), and the raise (27).

    Parameters
    ----------
    w1, w2 : number
        Of the bid and of the fitness, both positive.
    mu : number
        By how much bids are raised, above 0 and at most 1.
    capacity : int
        How many buyers a seller of MSSCA has room for; one unit is the comparison with FMMRA.
    """

    w1: Any = Fraction(3, 10)
    w2: Any = Fraction(7, 10)
    mu: Any = Fraction(1, 10)
    capacity: int = 1

    def __post_init__(self) -> None:
        for name in ("w1", "w2", "mu"):
            number = exact(getattr(self, name), name)
            if number <= 0 or (name == "mu" and number > 1):
                most = " and at most 1" if name == "mu" else ""
                raise InputError(f"{name}: {number} is not above 0{most}")
            object.__setattr__(self, name, number)
        if self.capacity < 1:
            raise InputError(f"capacity: {self.capacity}; a seller has room for at least one")


WEIGHTS = Weights()


@dataclass(frozen=True)
class Deals:
    """What came of an auction in many draws: a deal for every agent that got a task.

    Parameters
    ----------
    draw, task, agent : array of int, shape (deals,)
    profit, fitness, bid, price : array, shape (deals,)
        The expected profit and the fitness of the agent for the task, its last bid, and what it pays.
    draws, agents, tasks : int
    rounds : array of int, shape (draws,)
    weights : Weights
    """

    draw: Array
    task: Array
    agent: Array
    profit: Array
    fitness: Array
    bid: Array
    price: Array
    draws: int
    agents: int
    tasks: int
    rounds: Array
    weights: Weights

    @property
    def final_profit(self) -> Array:
        """Of each deal (Equation 29)."""
        return self.profit - self.price

    @property
    def cost_effectiveness(self) -> Array:
        """Of each deal, by the last bid (Equation 28)."""
        return self.worth(self.bid)

    def worth(self, money: Array) -> Array:
        """The weighted sum of some money and the fitness of each deal."""
        w1, w2 = (
            self.fitness.dtype.type(w) if self.fitness.dtype != object else w
            for w in (self.weights.w1, self.weights.w2)
        )
        return cost_effectiveness(money, self.fitness, w1, w2)

    def total(self, of: Array) -> Array:
        """The sum over the deals of each draw."""
        return np.bincount(self.draw, weights=of, minlength=self.draws)

    @property
    def number(self) -> Array:
        """How many deals each draw has."""
        return np.bincount(self.draw, minlength=self.draws)

    @property
    def uncovered(self) -> Array:
        """How many tasks of each draw nobody got."""
        sold = np.unique(self.draw * self.tasks + self.task) // self.tasks
        return self.tasks - np.bincount(sold, minlength=self.draws)


def simulate(
    rule: Rounds,
    profit: Array,
    fitness: Array,
    weights: Weights = WEIGHTS,
    may: Array | None = None,
) -> Deals:
    """Run an auction on many draws.

    Parameters
    ----------
    rule : Rounds
        For example ``mechanism.fmmra.rounds.fmmra()``.
    profit, fitness : array, shape (draws, agents, tasks)
        Fractions are computed exactly, single precision tables in single precision.
    weights : Weights
    may : array of bool, shape (draws, agents, tasks), optional
        Who can do what (`mechanism.fmmra.constraints.eligible`); by default everybody everything.

    Raises
    ------
    InputError
        For empty, misshapen or infinite tables, and for a negative fitness.

    Notes
    -----
    An agent that cannot do a task, or expects no profit from it, does not bid on it. The auction ends
    when nobody bids any more; tasks may then be left (`Deals.uncovered`).

    Examples
    --------
    >>> from mechanism.fmmra.rounds import fmmra
    >>> deals = simulate(fmmra(), np.array([[[22.0], [20.0]]]), np.array([[[0.9], [0.1]]]))
    >>> deals.agent, deals.price
    (array([0]), array([10.]))
    """
    profit, fitness = _checked(profit, "profit"), _checked(fitness, "fitness")
    if fitness.shape != profit.shape:
        raise InputError(
            f"profit has the shape {profit.shape} and fitness {fitness.shape}; they must be the same"
        )
    if fitness.min() < 0:
        raise InputError("fitness: a fitness is negative; it must be at least 0")
    if may is not None:
        profit = np.where(may, profit, profit.dtype.type(0) if profit.dtype != object else 0)
    draws, agents, tasks = profit.shape
    tables = {rounds.E: np.moveaxis(profit, -1, 0), rounds.fitness: np.moveaxis(fitness, -1, 0)}
    for entry, value in ((rounds.w1, weights.w1), (rounds.w2, weights.w2), (rounds.mu, weights.mu)):
        tables[entry.family] = np.array([value], dtype=profit.dtype)
    tables[rivals.capacity] = np.full((tasks, 1), weights.capacity)
    ended = run(rule, tables, draws, agents, tasks)
    task, draw, agent = np.nonzero(ended.states["has"])
    order = np.argsort(draw, kind="stable")
    task, draw, agent = task[order], draw[order], agent[order]
    return Deals(
        draw=draw,
        task=task,
        agent=agent,
        profit=profit[draw, agent, task],
        fitness=fitness[draw, agent, task],
        bid=ended.states["bid"][task, draw, agent],
        price=ended.states["paid"][task, draw, agent],
        draws=draws,
        agents=agents,
        tasks=tasks,
        rounds=ended.rounds,
        weights=weights,
    )


def assigned(
    winner: Array, price: Array, profit: Array, fitness: Array, weights: Weights = WEIGHTS
) -> Deals:
    """The deals of an auction of one round in which agents bid what they expect to gain.

    Parameters
    ----------
    winner : array of int, shape (draws, tasks)
        -1 where nobody gets a task.
    price : array, shape (draws, tasks)
    profit, fitness : array, shape (draws, agents, tasks)
    """
    draws, agents, tasks = profit.shape
    draw, task = np.nonzero(winner >= 0)
    agent = winner[draw, task]
    worth = profit[draw, agent, task]
    return Deals(
        draw=draw,
        task=task,
        agent=agent,
        profit=worth,
        fitness=fitness[draw, agent, task],
        bid=worth,
        price=price[draw, task],
        draws=draws,
        agents=agents,
        tasks=tasks,
        rounds=np.ones(draws, dtype=np.int64),
        weights=weights,
    )


def _checked(table: Any, name: str) -> Array:
    table = np.asarray(table)
    if table.ndim != 3 or 0 in table.shape:
        raise InputError(
            f"{name}: give an array with the axes [draw, agent, task], none of them empty, "
            f"not one of the shape {table.shape}"
        )
    if table.dtype == object:
        return np.asarray(np.frompyfunc(lambda x: exact(x, name), 1, 1)(table))
    if table.dtype.kind not in "iuf":
        raise InputError(f"{name}: give an array of numbers, not of {table.dtype}")
    bad = ~np.isfinite([table.min(), table.max()]).all()
    if bad:
        draw, agent, task = np.argwhere(~np.isfinite(table))[0].tolist()
        raise InputError(
            f"{name}: {table[draw, agent, task]} of draw {draw}, agent {agent}, task {task} is not finite"
        )
    return table if table.dtype.kind == "f" else table.astype(np.float64)
