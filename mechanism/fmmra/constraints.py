"""Who may do what, and whether all tasks can be done (Equations 16 to 22).

An agent does at most one task (16). Its capabilities reach what its task requires (17 to 21), which a
user may switch off. Every task has an agent (22); where that cannot be, `coverage` says why.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mechanism.errors import InputError, UnknownId
from mechanism.fmmra.scenario import CAPABILITIES

Array = np.ndarray

# The paper says that a capability "must be greater than" what is required.
READINGS: Mapping[str, Callable[[Any, Any], Any] | None] = {
    "off": None,
    "at-least": operator.ge,
    "greater": operator.gt,
}


def eligible(capability: Array, requirement: Array, reading: str = "at-least") -> Array:
    """Which agent may do which task.

    Parameters
    ----------
    capability : array, shape (..., agents, capabilities)
    requirement : array, shape (..., tasks, capabilities)
    reading : str
        ``off``, ``at-least`` or ``greater``.

    Returns
    -------
    array of bool, shape (..., agents, tasks)
    """
    if reading not in READINGS:
        raise UnknownId("reading of the capability constraints", reading, READINGS)
    compare = READINGS[reading]
    shape = (*capability.shape[:-1], requirement.shape[-2])
    found = np.ones(shape, dtype=bool)
    if compare is not None:
        for k in range(capability.shape[-1]):  # never a table of agents, tasks *and* capabilities
            found &= compare(capability[..., :, None, k], requirement[..., None, :, k]).astype(bool)
    return found


@dataclass(frozen=True)
class Coverage:
    """Whether every task can have an agent of its own, and if not, which tasks are in the way.

    Parameters
    ----------
    agents : tuple of (int or None), one per task
        The agents of a largest matching.
    tasks, candidates : tuple of int
        Where not all tasks can be done: some tasks, and everybody who may do any of them, who are
        fewer (Hall's condition). Empty otherwise.
    """

    agents: tuple[int | None, ...]
    tasks: tuple[int, ...] = ()
    candidates: tuple[int, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.tasks

    def __str__(self) -> str:
        if self.complete:
            return "every task can have an agent of its own"
        if not self.candidates:
            return f"nobody can do task {self.tasks[0]}"
        able = len(self.candidates)
        return (
            f"only {able} agent{'s' if able > 1 else ''} ({_list(self.candidates)}) can do any of the "
            f"{len(self.tasks)} tasks {_list(self.tasks)}"
        )


def coverage(may: Array) -> Coverage:
    """Match tasks with agents, as many as can be, by augmenting paths.

    Parameters
    ----------
    may : array of bool, shape (agents, tasks)

    Examples
    --------
    >>> print(coverage(np.array([[True, True], [False, False]])))
    only 1 agent (0) can do any of the 2 tasks 0, 1
    """
    able = [np.flatnonzero(may[:, j]).tolist() for j in range(may.shape[1])]
    task_of: dict[int, int] = {}
    agent_of: dict[int, int] = {}
    hindrance: tuple[tuple[int, ...], tuple[int, ...]] = (), ()
    for start in range(len(able)):
        agent, came = _augmenting(start, able, task_of)
        says_more = not hindrance[0] or (hindrance[1] and not came)  # nobody can do it: most
        if agent is None and says_more:
            reached = {start, *(task_of[i] for i in came)}
            hindrance = tuple(sorted(reached)), tuple(sorted(came))
        while agent is not None:
            task = came[agent]
            task_of[agent] = task
            agent_of[task], agent = agent, agent_of.get(task)
    return Coverage(tuple(agent_of.get(j) for j in range(len(able))), *hindrance)


def _augmenting(
    start: int, able: list[list[int]], task_of: dict[int, int]
) -> tuple[int | None, dict[int, int]]:
    """A free agent at the end of an alternating path, and the task each agent was reached from."""
    came: dict[int, int] = {}
    reached = [start]
    for task in reached:  # grows while it is walked
        for agent in able[task]:
            if agent not in came:
                came[agent] = task
                if agent not in task_of:
                    return agent, came
                reached.append(task_of[agent])
    return None, came


def broken(
    allocation: Array, capability: Array, requirement: Array, reading: str = "at-least"
) -> list[str]:
    """What an allocation breaks, one line for each constraint and agent or task.

    Parameters
    ----------
    allocation : array of bool, shape (agents, tasks)
    capability, requirement, reading
        As for `eligible`.
    """
    given = np.asarray(allocation, dtype=bool)
    if given.shape != (capability.shape[-2], requirement.shape[-2]):
        raise InputError(
            f"the allocation has the shape {given.shape}; it must have one row for each of "
            f"{capability.shape[-2]} agents and one column for each of {requirement.shape[-2]} tasks"
        )
    compare = READINGS[reading]
    lines = [
        f"constraint 16: agent {i} has {count} tasks"
        for i, count in enumerate(given.sum(axis=1).tolist())
        if count > 1
    ]
    if compare is not None:
        lines += [
            f"constraint {17 + k}: agent {i} has {name} {capability[i, k]}, task {j} requires {requirement[j, k]}"
            for i, j in np.argwhere(given).tolist()
            for k, name in enumerate(CAPABILITIES)
            if not compare(capability[i, k], requirement[j, k])
        ]
    return lines + [
        f"constraint 22: task {j} has no agent" for j in np.flatnonzero(~given.any(axis=0)).tolist()
    ]


def _list(numbers: Sequence[int], most: int = 6) -> str:
    told = ", ".join(map(str, numbers[:most]))
    return told if len(numbers) <= most else f"{told}, ..."
