"""The fitness of an agent for a task (Equations 5 and 15), and the cost-effectiveness (Equation 28)."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray


def fitness(importance: Array, suitability: Array) -> Array:
    """How well each agent fits each task: ``f[i,j] = sum over k of w[j,k] q[i,j,k]``.

    Parameters
    ----------
    importance : array, shape (..., tasks, capabilities)
    suitability : array, shape (..., agents, tasks, capabilities)

    Returns
    -------
    array, shape (..., agents, tasks)
        Exact for arrays of Fractions.

    Examples
    --------
    >>> float(fitness(np.array([[0.75, 0.25]]), np.array([[[0.4, 0.8]]]))[0, 0])
    0.5
    """
    if suitability.dtype == object:
        return (importance[..., None, :, :] * suitability).sum(axis=-1)
    return np.einsum("...jk,...ijk->...ij", importance, suitability)


def cost_effectiveness(bid: Any, fit: Any, bid_weight: Any, fitness_weight: Any) -> Any:
    """What a bid and a fitness are worth to the task's holder: ``P = w1 b + w2 f``."""
    return bid_weight * bid + fitness_weight * fit
