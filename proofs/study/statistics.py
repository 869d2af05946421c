"""Means and ratios of means over independent draws, with confidence intervals."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from mechanism.errors import InputError

Array = np.ndarray

CONFIDENCE = 0.95
FEW = 30  # below so many draws the normal approximation is poor


class Estimate(NamedTuple):
    """An estimate and its confidence interval; NaN where there is nothing to estimate it from."""

    value: float
    low: float
    high: float
    number: int


def mean(sample: Array, confidence: float = CONFIDENCE) -> Estimate:
    """The mean of independent draws, by the normal approximation; those that are NaN are left out.

    Examples
    --------
    >>> mean(np.array([1.0, 2.0, 3.0, np.nan])).value
    2.0
    """
    kept = np.asarray(sample, dtype=float)
    kept = kept[~np.isnan(kept)]
    if not len(kept):
        return Estimate(math.nan, math.nan, math.nan, 0)
    return _around(float(kept.mean()), kept, confidence)


def gain(one: Array, other: Array, confidence: float = CONFIDENCE) -> Estimate:
    """How much higher the mean of one sample is than that of another, as a share of the latter.

    The samples are paired: the same draws under two mechanisms, so that what both share cancels. The
    interval is that of the delta method for a ratio of means.

    Raises
    ------
    InputError
        If the samples are not equally long.

    Examples
    --------
    >>> round(gain(np.array([2.2, 4.4]), np.array([2.0, 4.0])).value, 9)
    0.1
    """
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if one.shape != other.shape:
        raise InputError(f"paired samples are equally long, not {len(one)} and {len(other)}")
    kept = ~(np.isnan(one) | np.isnan(other))
    one, other = one[kept], other[kept]
    base = float(other.mean()) if len(other) else 0.0
    if base <= 0:
        return Estimate(math.nan, math.nan, math.nan, len(one))
    ratio = float(one.mean()) / base
    return _around(ratio - 1, (one - ratio * other) / base, confidence)


def _around(value: float, sample: Array, confidence: float) -> Estimate:
    number = len(sample)
    if number < 2:
        return Estimate(value, math.nan, math.nan, number)
    error = float(sample.std(ddof=1)) / math.sqrt(number)
    half = NormalDist().inv_cdf((1 + confidence) / 2) * error
    return Estimate(value, value - half, value + half, number)
