"""From an assignment that is best up to rounding to one that is best exactly.

References
----------
.. [1] A. M. Gleixner, D. E. Steffy, K. Wolter, "Iterative refinement for linear programming",
   INFORMS Journal on Computing 28 (2016) 449-464.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mechanism.assignment.matrix import LIMIT, rounded

_LARGEST = 2000  # rows of the matrix in which the best is found again
_ROUNDS = 100  # of prices in doubles, which need not come to rest


def refined(weights: np.ndarray, goods: np.ndarray) -> np.ndarray:
    """Ask again about what rounding hid.

    Under any prices, no assignment is worth more than all gains and prices together. By how much an
    assignment falls short of that is its gap, and a better one uses no pair that loses more than the gap.
    The losses of the pairs that are left are small, and so exact in doubles, or nearly so: among those,
    the best assignment is found again.

    Parameters
    ----------
    weights : ndarray of integers, shape (agents, goods)
        Not negative.
    goods : ndarray, one per agent
        The good of each, or -1.

    Returns
    -------
    ndarray
        The assignment found; the same where too many pairs are left.
    """
    from scipy.optimize import linear_sum_assignment

    prices = _approximate_prices(weights, goods)
    losses = prices - weights
    gains = np.maximum(-losses.min(axis=1), 0)
    losses += gains[:, None]
    placed = np.flatnonzero(goods >= 0)
    gap = _total(gains) + _total(prices) - _total(weights[placed, goods[placed]])
    near = losses <= gap
    rows = np.flatnonzero(near.any(axis=1))
    n, m = len(rows), weights.shape[1]
    if n + m > _LARGEST:
        return goods
    # Every agent may also get nothing, and every good stay with nobody: on the diagonals.
    never = 2 * gap + 1
    cost = np.full((n + m, m + n), never, object)
    cost[:n, :m] = np.where(near[rows], losses[rows].astype(object), never)
    cost[np.arange(n), m + np.arange(n)] = np.minimum(gains[rows].astype(object), never)
    cost[n + np.arange(m), np.arange(m)] = np.minimum(prices.astype(object), never)
    cost[n:, m:] = 0
    _, chosen = linear_sum_assignment(rounded(cost))
    found = np.full(len(goods), -1)
    got = chosen[:n] < m
    found[rows[got]] = chosen[:n][got]
    pairs = np.arange(len(goods)), found
    found[(found >= 0) & (~near[pairs] | (weights[pairs] == 0))] = -1  # nobody gets what is worth 0
    return found


def _total(numbers: np.ndarray) -> int:
    return sum(numbers.tolist())  # in int64 it might not fit


def _approximate_prices(weights: np.ndarray, goods: np.ndarray) -> np.ndarray:
    """About the lowest competitive prices, by the same rule as the exact ones, as integers."""
    winners = np.flatnonzero(goods >= 0)
    won = goods[winners]
    unit = max(int(weights.max()).bit_length() - 60, 0)
    small = (weights >> unit).astype(np.float64)
    edges, own = small[winners], small[winners, won]
    prices = small[goods < 0].max(axis=0, initial=0)
    for _ in range(_ROUNDS):
        asked = (edges - (own - prices[won])[:, None]).max(axis=0, initial=0)
        if (asked <= prices).all():
            break
        prices = np.maximum(prices, asked)
    unsold = np.ones(len(prices), bool)
    unsold[won] = False
    prices[unsold] = 0
    exactly = np.array([int(p) << unit for p in prices], object)
    return np.minimum(exactly, weights.max(axis=0)).astype(weights.dtype)


def hungarian(weights: np.ndarray, goods: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """Finish the assignment exactly, by the Hungarian method started from these prices.

    The matrix is made square with zeros. Feasible utilities follow from any prices; the pairs that
    are tight stay, and each agent left over is placed along a shortest path of reduced costs.
    """
    agents, columns = weights.shape
    size = max(agents, columns)
    if _top(weights) * (4 * size + 8) >= LIMIT:  # below it, int64 holds every dual and distance
        weights, prices = weights.astype(object), prices.astype(object)
    w, p = np.zeros((size, size), weights.dtype), np.zeros(size, weights.dtype)
    w[:agents, :columns], p[:columns] = weights, prices
    u = (w - p).max(axis=1)
    column_of, row_of = np.full(size, -1), np.full(size, -1)
    for i, g in enumerate(goods.tolist()):
        if g >= 0 and u[i] + p[g] == w[i, g]:
            column_of[i], row_of[g] = g, i
    for start in np.flatnonzero(column_of < 0).tolist():
        distance = u[start] + p - w[start]
        parent = np.full(size, start)
        waiting = np.ones(size, bool)
        while True:
            nearest = np.flatnonzero(waiting)
            g = nearest[distance[nearest].argmin()]
            waiting[g] = False
            i = row_of[g]
            if i < 0:
                break
            through = distance[g] + u[i] + p - w[i]
            shorter = waiting & (through < distance)
            distance[shorter] = through[shorter]
            parent[shorter] = i
        scanned = np.flatnonzero(~waiting)
        shift = distance[g] - distance[scanned]
        p[scanned] += shift
        owned = row_of[scanned] >= 0
        u[row_of[scanned[owned]]] -= shift[owned]
        u[start] -= distance[g]
        while g >= 0:  # -1 is the good that the agent at the start had
            i = parent[g]
            row_of[g], column_of[i], g = i, g, column_of[i]
    placed = column_of[:agents]
    return np.where(w[np.arange(agents), placed] > 0, placed, -1)


def _top(matrix: np.ndarray) -> Any:
    """The highest entry, and at least 0, as a Python number."""
    return int(matrix.max(initial=0))
