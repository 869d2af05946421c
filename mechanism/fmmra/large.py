"""One very large scenario, task by task: the table of agents, tasks *and* capabilities is never whole."""

from __future__ import annotations

import numpy as np

from mechanism.fmmra.costs import Costs
from mechanism.fmmra.fitness import fitness
from mechanism.fmmra.generate import RANGES, Range, Ranges, draw_scenarios
from mechanism.fmmra.scenario import CAPABILITIES, Scenario

Array = np.ndarray


def draw_large(
    rng: np.random.Generator,
    agents: int,
    tasks: int,
    *,
    ranges: Ranges = RANGES,
    costs: Costs | None = None,
    block: int = 4,
) -> tuple[Array, Array]:
    """Expected profits and fitness of one random scenario, in single precision.

    Parameters
    ----------
    rng : numpy Generator
    agents, tasks : int
    ranges : Ranges
        See `mechanism.fmmra.generate`. Capabilities are not drawn: everybody can do everything.
    costs : Costs, optional
    block : int
        So many tasks are drawn at a time.

    Returns
    -------
    profit, fitness : array of float32, shape (1, agents, tasks)
        Laid out with the tasks first, so that `mechanism.fmmra.simulate.simulate` needs no copy.

    Examples
    --------
    >>> profit, fit = draw_large(np.random.default_rng(0), 100, 10)
    >>> profit.shape, profit.dtype
    ((1, 100, 10), dtype('float32'))
    """
    costs = Costs() if costs is None else costs
    few = draw_scenarios(rng, 1, tasks, ranges=ranges).draw(0)  # the tasks; its agent is not used
    value, fuel = (_uniform(rng, r, (agents,)) for r in (ranges.value, ranges.fuel))
    found = np.empty((2, tasks, agents), dtype=np.float32)
    for start in range(0, tasks, block):
        part = slice(start, min(start + block, tasks))
        shape = agents, part.stop - part.start
        scene = Scenario(
            value=value,
            fuel=fuel,
            capability=few.capability[:0],
            reward=few.reward[part].astype(np.float32),
            requirement=few.requirement[part],
            importance=few.importance[part].astype(np.float32),
            distance=_uniform(rng, ranges.distance, shape),
            suitability=_uniform(rng, ranges.suitability, (*shape, len(CAPABILITIES))),
        )
        found[0, part] = costs.expected_profit(scene).T
        found[1, part] = fitness(scene.importance, scene.suitability).T
    profit, fit = np.moveaxis(found[:, :, None], 1, -1)
    return profit, fit


def _uniform(rng: np.random.Generator, within: Range, shape: tuple[int, ...]) -> Array:
    low, high = within
    drawn = rng.random(shape, dtype=np.float32)
    if within != (0, 1):
        drawn *= high - low
        drawn += low
    return drawn
