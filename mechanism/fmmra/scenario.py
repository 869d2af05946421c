"""Agents and tasks with their six attributes, and what relates them (Equations 1 to 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.errors import InputError
from mechanism.fmmra.ahp import priorities
from mechanism.language.numbers import exact

Array = np.ndarray

CAPABILITIES = ("computing", "mobility", "decision", "defence", "firepower")
# Where a capability and what a task requires of it may lie. Table 2 draws the first four from
# [0, 0.8] and one more parameter, taken to be the firepower, from [1, 10].
RANGES: Mapping[str, tuple[Fraction, Fraction]] = {
    name: (Fraction(0), Fraction(10 if name == "firepower" else 1)) for name in CAPABILITIES
}


@dataclass(frozen=True)
class Agent:
    """An agent: its value measure, its five capabilities, and the fuel it needs for a unit of distance."""

    value: Any
    computing: Any = 0
    mobility: Any = 0
    decision: Any = 0
    defence: Any = 0
    firepower: Any = 0
    fuel: Any = 1


@dataclass(frozen=True)
class Task:
    """A task: its reward, the five capabilities it requires, and how much each of them matters.

    Parameters
    ----------
    reward : number
    computing, mobility, decision, defence, firepower : number
    judgments : nested sequence of numbers, optional
        A judgment matrix over the five capabilities, see `mechanism.fmmra.ahp`.
    importance : sequence of number, optional
        The weights themselves, positive, instead of judgments; they are divided by their sum. Without
        either, all capabilities matter alike.
    """

    reward: Any
    computing: Any = 0
    mobility: Any = 0
    decision: Any = 0
    defence: Any = 0
    firepower: Any = 0
    judgments: Any = None
    importance: Any = field(default=None)


@dataclass(frozen=True)
class Scenario:
    """Agents, tasks and what relates them, as arrays; with further axes in front, many draws of them.

    Parameters
    ----------
    value, fuel : array, shape (..., agents)
    capability : array, shape (..., agents, 5)
    reward : array, shape (..., tasks)
    requirement, importance : array, shape (..., tasks, 5)
    distance : array, shape (..., agents, tasks)
    suitability : array, shape (..., agents, tasks, 5)
        The fitness value of each agent for each capability of each task.

    Notes
    -----
    Arrays of Fractions make everything that is computed from them exact; floating-point arrays make
    it fast.
    """

    value: Array
    fuel: Array
    capability: Array
    reward: Array
    requirement: Array
    importance: Array
    distance: Array
    suitability: Array

    @property
    def agents(self) -> int:
        return self.distance.shape[-2]

    @property
    def tasks(self) -> int:
        return self.distance.shape[-1]

    def draw(self, number: int) -> Scenario:
        """One of many draws."""
        return Scenario(*(getattr(self, f.name)[number] for f in fields(self)))


def scenario(
    agents: Sequence[Agent],
    tasks: Sequence[Task],
    distance: Any,
    suitability: Any,
    *,
    ranges: Mapping[str, tuple[Any, Any]] = RANGES,
) -> Scenario:
    """One exact scenario from what a user gives, checked.

    Parameters
    ----------
    agents, tasks : sequence
    distance : nested sequence of numbers, shape (agents, tasks)
    suitability : nested sequence of numbers, shape (agents, tasks, 5)
        What the paper obtains "from statistical laws": data, not a formula.
    ranges : mapping of str to (number, number)
        The least and the greatest value of each capability.

    Raises
    ------
    InputError
        Naming the agent or the task and what is wrong with it.

    Examples
    --------
    >>> from mechanism.fmmra.fitness import fitness
    >>> s = scenario([Agent(value=2), Agent(value=3)], [Task(reward=20)], [[4], [5]], [[[1] * 5], [["1/2"] * 5]])
    >>> [str(f) for f in fitness(s.importance, s.suitability)[:, 0]]
    ['1', '1/2']
    """
    for name, given in (("agent", agents), ("task", tasks)):
        if len(given) == 0:
            raise InputError(f"there is no {name}; give at least one")
    limits = {k: tuple(exact(x, f"range of {k}") for x in ranges[k]) for k in CAPABILITIES}
    count, number = len(agents), len(tasks)
    value = [_least(a.value, f"agent {i}: value") for i, a in enumerate(agents)]
    fuel = [_least(a.fuel, f"agent {i}: fuel", strict=True) for i, a in enumerate(agents)]
    reward = [_least(t.reward, f"task {j}: reward") for j, t in enumerate(tasks)]
    has = [_capabilities(a, f"agent {i}", limits) for i, a in enumerate(agents)]
    needs = [_capabilities(t, f"task {j}", limits) for j, t in enumerate(tasks)]
    matters = [_importance(t, f"task {j}") for j, t in enumerate(tasks)]
    far = _table(distance, (count, number), "distance")
    for j in range(number):
        if all(far[i, j] == 0 for i in range(count)):
            raise InputError(
                f"task {j}: no agent is at a distance from it, so that distances cannot be compared "
                "with the longest one; give one that is positive"
            )
    fits = _table(suitability, (count, number, len(CAPABILITIES)), "suitability")
    return Scenario(
        value=_objects(value),
        fuel=_objects(fuel),
        capability=_objects(has),
        reward=_objects(reward),
        requirement=_objects(needs),
        importance=_objects(matters),
        distance=far,
        suitability=fits,
    )


def _least(number: Any, where: str, strict: bool = False) -> Fraction:
    read = exact(number, where)
    if read < 0 or (strict and read == 0):
        raise InputError(f"{where}: {read} is {'not positive' if strict else 'negative'}")
    return read


def _capabilities(
    owner: Agent | Task, where: str, limits: Mapping[str, tuple[Fraction, ...]]
) -> list[Fraction]:
    found = []
    for name in CAPABILITIES:
        read, (low, high) = exact(getattr(owner, name), f"{where}: {name}"), limits[name]
        if not low <= read <= high:
            raise InputError(f"{where}: {name} = {read} is outside its range, {low} to {high}")
        found.append(read)
    return found


def _importance(task: Task, where: str) -> tuple[Fraction, ...]:
    size = len(CAPABILITIES)
    if task.judgments is not None and task.importance is not None:
        raise InputError(f"{where}: give judgments or importance, not both")
    if task.judgments is not None:
        try:
            weights = priorities(task.judgments).weights
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        if len(weights) != size:
            raise InputError(
                f"{where}: judgments about {len(weights)} criteria, but there are {size} capabilities"
            )
        return weights
    given = (1,) * size if task.importance is None else tuple(task.importance)
    if len(given) != size:
        raise InputError(f"{where}: importance has {len(given)} weights, not {size}")
    read = [
        _least(w, f"{where}: importance of {name}", strict=True)
        for name, w in zip(CAPABILITIES, given)
    ]
    return tuple(w / sum(read) for w in read)


def _table(entries: Any, shape: tuple[int, ...], name: str) -> Array:
    """Nested sequences as an array of Fractions that are not negative."""
    table = np.empty(shape, dtype=object)

    def fill(part: Any, place: tuple[int, ...]) -> None:
        where = name + "".join(f"[{n}]" for n in place)
        if len(place) == len(shape):
            table[place] = _least(part, where)
            return
        wanted = shape[len(place)]
        if not hasattr(part, "__len__") or isinstance(part, (str, bytes)) or len(part) != wanted:
            raise InputError(f"{where} must have {wanted} entries; the shape of {name} is {shape}")
        for n, inner in enumerate(part):
            fill(inner, (*place, n))

    fill(entries, ())
    return table


def _objects(entries: Any) -> Array:
    return np.array(entries, dtype=object)
