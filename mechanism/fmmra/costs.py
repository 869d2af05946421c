"""What a task brings an agent and what it costs it (Equations 11 to 14 and 24).

The published equations are not at hand. What the prose says of them is in the docstrings; the choices
that it leaves open are named, and the recommended one is the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.errors import InputError, UnknownId
from mechanism.fmmra.scenario import Scenario
from mechanism.language.numbers import exact

Array = np.ndarray


def _relative(fuel: Array, distance: Array) -> Array:
    return fuel[..., :, None] * distance / distance.max(axis=-2, keepdims=True)


def _absolute(fuel: Array, distance: Array) -> Array:
    return fuel[..., :, None] * distance


def _product(value: Array, path: Array, share: Any) -> Array:
    return value[..., :, None] * path


def _sum(value: Array, path: Array, share: Any) -> Array:
    return share * path + (1 - share) * value[..., :, None]


PATHS: Mapping[str, Callable[[Array, Array], Array]] = {
    "relative-to-farthest": _relative,
    "absolute": _absolute,
}
VALUES: Mapping[str, Callable[[Array, Array, Any], Array]] = {
    "product": _product,
    "weighted-sum": _sum,
}


@dataclass(frozen=True)
class Costs:
    """Which reconstruction of the cost is meant.

    Parameters
    ----------
    path : str
        Equation 12. ``relative-to-farthest``: fuel times distance over the longest distance of any
        agent to that task. ``absolute``: fuel times distance.
    value : str
        Equation 13, how the value measure comes in. ``product``: it multiplies the path cost, so that
        "expensive agents flying a specified distance" lose more. ``weighted-sum``: it is added.
    share : number
        The weight of the path cost in the weighted sum, between 0 and 1; the value measure has the rest.
    """

    path: str = "relative-to-farthest"
    value: str = "product"
    share: Any = Fraction(1, 2)

    def __post_init__(self) -> None:
        for kind, name, known in (("path cost", self.path, PATHS), ("cost", self.value, VALUES)):
            if name not in known:
                raise UnknownId(kind, name, known)
        if not 0 <= exact(self.share, "share") <= 1:
            raise InputError(f"share: {self.share} is not between 0 and 1")

    def cost(self, scene: Scenario) -> Array:
        """What each task would cost each agent, shape (..., agents, tasks)."""
        path = PATHS[self.path](scene.fuel, scene.distance)
        share: Any = exact(self.share)
        return VALUES[self.value](
            scene.value, path, share if path.dtype == object else path.dtype.type(float(share))
        )

    def expected_profit(self, scene: Scenario) -> Array:
        """The reward of each task minus its cost for each agent, shape (..., agents, tasks).

        Exact for a scenario of Fractions.

        Examples
        --------
        >>> from mechanism.fmmra.scenario import Agent, Task, scenario
        >>> s = scenario([Agent(value=2), Agent(value=3)], [Task(reward=20)], [[4], [5]], [[[1] * 5]] * 2)
        >>> [str(profit) for profit in Costs().expected_profit(s)[:, 0]]
        ['92/5', '17']
        """
        return scene.reward[..., None, :] - self.cost(scene)
