"""Random judgment matrices that are consistent enough, constructed rather than waited for.

Drawing a matrix until it is consistent, as the paper says, takes about 400 attempts for five criteria
and 11,000 for six. Here judgments are made from weights instead, and made milder until they agree.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mechanism.errors import InputError
from mechanism.fmmra.ahp import LIMIT, RANDOM_INDEX, SCALE, consistency_ratios, principal

Array = np.ndarray


def draw_judgments(
    rng: np.random.Generator,
    shape: Sequence[int],
    criteria: int = 5,
    *,
    limit: float = float(LIMIT),
) -> Array:
    """Judgment matrices on the scale 1/9, ..., 1/2, 1, 2, ..., 9, all with a consistency ratio below the limit.

    Parameters
    ----------
    rng : numpy Generator
    shape : sequence of int
        Of how many matrices.
    criteria : int
    limit : float

    Returns
    -------
    array of float, shape ``shape + (criteria, criteria)``

    Notes
    -----
    Weights are drawn uniformly from the simplex, and each judgment is the number of the scale next to
    the ratio of two weights. Where that is not consistent enough, all ratios are replaced by their
    square roots and rounded again. This ends: four square roots later every ratio that the scale can
    hold is nearer to 1 than to 2, and the matrix of ones is consistent.

    Examples
    --------
    >>> matrices = draw_judgments(np.random.default_rng(0), (1000,))
    >>> bool((consistency_ratios(principal(matrices)[1], 5) < 0.1).all())
    True
    """
    if not 1 <= criteria < len(RANDOM_INDEX):
        raise InputError(f"{criteria} criteria; there must be 1 to {len(RANDOM_INDEX) - 1}")
    if not limit > 0:
        raise InputError(f"limit: no judgment matrix has a consistency ratio below {limit}")
    logs = np.log(rng.dirichlet(np.ones(criteria), size=tuple(shape)))
    ratios = np.clip(logs[..., :, None] - logs[..., None, :], -np.log(SCALE), np.log(SCALE))
    ratios = ratios.reshape(-1, criteria, criteria)
    matrices = _on_scale(ratios)
    rough = np.arange(len(ratios))
    while True:
        found = consistency_ratios(principal(matrices[rough])[1], criteria)
        rough = rough[found >= limit]
        if not len(rough):
            return matrices.reshape(*shape, criteria, criteria)
        ratios[rough] /= 2
        matrices[rough] = _on_scale(ratios[rough])


def draw_weights(
    rng: np.random.Generator, shape: Sequence[int], criteria: int = 5, **options: float
) -> Array:
    """The importance weights of random judgment matrices, ``shape + (criteria,)``."""
    return principal(draw_judgments(rng, shape, criteria, **options))[0]


def _on_scale(logs: Array) -> Array:
    """The nearest whole numbers to ratios above 1, and their inverses for the others."""
    up = np.clip(np.rint(np.exp(np.abs(logs))), 1, SCALE)
    return np.where(logs >= 0, up, 1 / up)
