"""Random scenarios from the ranges of the paper's Table 2.

The numbers of the table are quoted; its symbols are lost, so that which number belongs to which
quantity is a reading. Every range is a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from mechanism.errors import InputError, UnknownId
from mechanism.fmmra.judgments import draw_weights
from mechanism.fmmra.scenario import CAPABILITIES, Scenario

Array = np.ndarray
Range = tuple[float, float]

IMPORTANCE = ("judgments", "uniform")


@dataclass(frozen=True)
class Ranges:
    """What is drawn, each uniformly from its range.

    Parameters
    ----------
    capability, requirement : (float, float)
        Of computing, mobility, decision and defence. Rows 1 and 3 of Table 2.
    firepower, required_firepower : (float, float)
    reward : (float, float)
        Row 4.
    value, distance : (float, float)
        Two of rows 2 and 5 to 7, which are all [1, 10].
    fuel : (float, float)
        One unit for each unit of distance, so that the value measure alone tells agents apart. Row 9,
        [2, 9], may be meant; then a quarter of the expected profits are negative.
    suitability : (float, float)
        The fitness value of an agent for a capability of a task. Not among the rows for sure.
    importance : str
        ``judgments``: the weights of random judgment matrices; ``uniform``: uniform on the simplex.
    """

    capability: Range = (0, 0.8)
    requirement: Range = (0, 0.8)
    firepower: Range = (1, 10)
    required_firepower: Range = (1, 10)
    reward: Range = (20, 30)
    value: Range = (1, 10)
    distance: Range = (1, 10)
    fuel: Range = (1, 1)
    suitability: Range = (0, 1)
    importance: str = "judgments"

    def __post_init__(self) -> None:
        for f in fields(self):
            found = getattr(self, f.name)
            if f.name == "importance":
                if found not in IMPORTANCE:
                    raise UnknownId("way to draw the importance", found, IMPORTANCE)
                continue
            low, high = found
            if not (np.isfinite([low, high]).all() and 0 <= low <= high):
                raise InputError(f"{f.name}: [{low}, {high}] is not a range of numbers from 0 up")
        for name in ("distance", "fuel"):
            if getattr(self, name)[0] <= 0:
                raise InputError(f"{name}: the range must be above 0")


RANGES = Ranges()


def draw_scenarios(
    rng: np.random.Generator,
    agents: int,
    tasks: int = 4,
    draws: int = 1,
    *,
    ranges: Ranges = RANGES,
    covered: bool = False,
) -> Scenario:
    """Many random scenarios, with the draws along the first axis of every array.

    Parameters
    ----------
    rng : numpy Generator
    agents, tasks, draws : int
    ranges : Ranges
    covered : bool
        Plant an agent for every task: chosen at random, it gets capabilities between what the task
        requires and the top of the range. Independent draws almost never leave every task with an
        agent that reaches all its requirements, and drawing again until they do would not end soon.

    Raises
    ------
    InputError
        With `covered` and fewer agents than tasks, where no scenario can be covered.

    Examples
    --------
    >>> scene = draw_scenarios(np.random.default_rng(0), agents=8, draws=100)
    >>> scene.distance.shape, scene.suitability.shape
    ((100, 8, 4), (100, 8, 4, 5))
    """
    _sizes(agents=agents, tasks=tasks, draws=draws)
    count = len(CAPABILITIES)
    capability = _capabilities(rng, (draws, agents), ranges.capability, ranges.firepower)
    requirement = _capabilities(rng, (draws, tasks), ranges.requirement, ranges.required_firepower)
    if covered:
        _plant(rng, capability, requirement, ranges)
    return Scenario(
        value=_uniform(rng, ranges.value, (draws, agents)),
        fuel=_uniform(rng, ranges.fuel, (draws, agents)),
        capability=capability,
        reward=_uniform(rng, ranges.reward, (draws, tasks)),
        requirement=requirement,
        importance=_importance(rng, (draws, tasks), ranges),
        distance=_uniform(rng, ranges.distance, (draws, agents, tasks)),
        suitability=_uniform(rng, ranges.suitability, (draws, agents, tasks, count)),
    )


def _sizes(**sizes: int) -> None:
    for name, size in sizes.items():
        if size < 1:
            raise InputError(f"{name}: {size}; there must be at least one")


def _uniform(rng: np.random.Generator, within: Range, shape: tuple[int, ...]) -> Array:
    low, high = within
    return np.full(shape, float(low)) if low == high else rng.uniform(low, high, shape)


def _capabilities(
    rng: np.random.Generator, shape: tuple[int, ...], usual: Range, firepower: Range
) -> Array:
    parts = [_uniform(rng, usual, shape) for _ in CAPABILITIES[:-1]]
    return np.stack([*parts, _uniform(rng, firepower, shape)], axis=-1)


def _importance(rng: np.random.Generator, shape: tuple[int, ...], ranges: Ranges) -> Array:
    if ranges.importance == "uniform":
        return rng.dirichlet(np.ones(len(CAPABILITIES)), size=shape)
    return draw_weights(rng, shape, len(CAPABILITIES))


def _plant(rng: np.random.Generator, capability: Array, requirement: Array, ranges: Ranges) -> None:
    draws, agents, _ = capability.shape
    tasks = requirement.shape[1]
    if agents < tasks:
        raise InputError(
            f"{agents} agents cannot cover {tasks} tasks, one for each; give at least {tasks} agents"
        )
    top = np.array([ranges.capability[1]] * 4 + [ranges.firepower[1]])
    if (requirement > top).any():
        raise InputError(
            "no agent can reach what is required: the range of a requirement goes above that of the capability"
        )
    chosen = rng.permuted(np.tile(np.arange(agents), (draws, 1)), axis=1)[:, :tasks]
    share = rng.random(requirement.shape)
    capability[np.arange(draws)[:, None], chosen] = requirement + share * (top - requirement)
