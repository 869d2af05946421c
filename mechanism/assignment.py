"""Assignment of goods to unit-demand agents: the optimum, every Clarke payment, and an exact certificate.

One linear assignment is solved in floating point; everything after it is exact. The lowest competitive prices are
longest paths in the residual graph of that assignment; they exist if and only if the assignment is optimal, and in
the assignment game they *are* the Clarke payments. So one pass finds all payments and proves the optimum, where the
definition would solve one more assignment for every agent.

References
----------
.. [1] L. S. Shapley, M. Shubik, "The assignment game I: the core", Int. J. of Game Theory 1 (1971) 111-130.
.. [2] H. B. Leonard, "Elicitation of honest preferences for the assignment of individuals to positions",
   Journal of Political Economy 91 (1983) 461-479.
.. [3] G. Demange, D. Gale, M. Sotomayor, "Multi-item auctions", Journal of Political Economy 94 (1986) 863-872.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.errors import InputError, MissingExtra, StrategyproofError
from mechanism.language.numbers import exact

__all__ = ["Assignment", "CertificateError", "vcg_assignment"]

_LIMIT = 2**61  # below it, the sum or difference of two numbers stays in int64
_WIDEST = (
    4096  # bits of a common denominator; past that, matrices of Fractions are the smaller evil
)
_SHAPE = "give one row per agent and one value per good (0 for a good the agent does not want)"


class CertificateError(StrategyproofError):
    """An assignment is not what it says: its certificate fails on the values given."""


@dataclass(frozen=True)
class Assignment:
    """An optimal assignment of goods to unit-demand agents, with its Clarke (VCG) payments.

    Parameters
    ----------
    goods : tuple of (int or None), one per agent
        The good each agent receives. Nobody is given a good that it values at zero or less.
    welfare : Fraction
        The sum of the values of what the agents receive, the highest possible.
    payments : tuple of Fraction, one per agent
        What each agent pays: the externality that it imposes on the others; zero for one that receives nothing.
    prices : tuple of Fraction, one per good
        The lowest competitive prices; zero for a good that nobody receives.
    utilities : tuple of Fraction, one per agent
        Value received minus payment: what each agent's presence adds to the welfare.
    """

    goods: tuple[int | None, ...]
    welfare: Fraction
    payments: tuple[Fraction, ...]
    prices: tuple[Fraction, ...]
    utilities: tuple[Fraction, ...]

    def certify(self, values: Any) -> None:
        """Check exactly that this is an optimal assignment for these values, with its Clarke payments.

        Parameters
        ----------
        values : array_like, shape (agents, goods)
            As given to `vcg_assignment`.

        Raises
        ------
        CertificateError
            Naming the first condition that fails.
        InputError
            If the values themselves cannot be read.

        Notes
        -----
        With ``u`` the utilities, ``p`` the prices and ``v`` the values, all of them rationals:

        1. *feasible*: no good twice, ``u, p >= 0`` and ``u[i] + p[g] >= v[i][g]`` for every pair;
        2. *complementary slackness*: equality where ``i`` receives ``g``; zero for whoever, or whatever, is left over;
        3. ``welfare = sum(u) + sum(p)``, so no assignment does better (weak duality);
        4. *lowest prices*: a chain of equalities leads from each positive price to an agent that receives nothing or
           to a price of zero. Competitive prices cannot be lower, hence they are the Clarke payments [2]_;
        5. each agent pays the price of its good.

        Nothing is solved and scipy is not needed: the check shares only the reading of the values with the solver.
        """
        matrix, scale = _read(values)
        agents, goods = matrix.shape
        for name, size in (
            ("goods", agents),
            ("payments", agents),
            ("utilities", agents),
            ("prices", goods),
        ):
            if len(getattr(self, name)) != size:
                raise CertificateError(
                    f"{name} has length {len(getattr(self, name))}; the values are {agents} x {goods}"
                )
        winners = {g: i for i, g in enumerate(self.goods) if g is not None}
        if len(winners) + self.goods.count(None) < agents or not all(
            0 <= g < goods for g in winners
        ):
            raise CertificateError(
                f"goods: {self.goods} gives a good twice, or one that does not exist"
            )

        # 1. One unit for values, utilities and prices, in int64 where nothing can overflow.
        duals = (*self.utilities, *self.prices)
        if scale:
            unit = math.lcm(scale, *(x.denominator for x in duals))
            factor = unit // scale
            ints: list[Any] = [x.numerator * (unit // x.denominator) for x in duals]
        else:
            unit, factor, ints = 1, 1, list(duals)
        u, p = ints[:agents], ints[agents:]
        if any(x < 0 for x in ints):
            raise CertificateError("not dual feasible: a utility or a price is negative")
        highest = max(ints, default=0) + factor * max(
            abs(x) for x in (_top(matrix), _top(-matrix), 0)
        )
        kind: Any = np.int64 if scale and highest < _LIMIT else object
        value = matrix.astype(kind) * factor
        slack = np.array(u, kind)[:, None] + np.array(p, kind) - value
        if (slack < 0).any():
            i, g = np.argwhere(slack < 0)[0]
            raise CertificateError(
                f"not dual feasible: utilities[{i}] + prices[{g}] < values[{i}][{g}]"
            )

        # 2. and 3. Nothing is lost between the two sides of the duality.
        for g, i in winners.items():
            if slack[i, g] != 0:
                raise CertificateError(
                    f"no complementary slackness: utilities[{i}] + prices[{g}] > values[{i}][{g}]"
                )
        for i, good in enumerate(self.goods):
            if good is None and u[i]:
                raise CertificateError(
                    f"no complementary slackness: utilities[{i}] > 0 and agent {i} receives nothing"
                )
        for g, price in enumerate(p):
            if price and g not in winners:
                raise CertificateError(
                    f"no complementary slackness: prices[{g}] > 0 and good {g} is unsold"
                )
        if self.welfare * unit != sum(ints):
            raise CertificateError(
                f"welfare: {self.welfare} is not the sum of the utilities and the prices"
            )

        # 4. Follow the equalities from whatever is fixed at zero.
        tight = slack == 0
        lowest = np.array([price == 0 for price in p], bool)
        fresh = [i for i, good in enumerate(self.goods) if good is None or lowest[good]]
        while fresh:
            reached = np.flatnonzero(tight[fresh].any(axis=0) & ~lowest)
            lowest[reached] = True
            fresh = [winners[g] for g in reached.tolist()]
        if not lowest.all():
            raise CertificateError(f"prices[{lowest.argmin()}] is not the lowest competitive price")

        # 5.
        for i, good in enumerate(self.goods):
            if self.payments[i] != (0 if good is None else self.prices[good]):
                raise CertificateError(f"payments[{i}] is not the price of what agent {i} receives")


def vcg_assignment(values: Any) -> Assignment:
    """Assign goods to unit-demand agents for the highest total value, and find all Clarke payments at once.

    Parameters
    ----------
    values : array_like, shape (agents, goods)
        What each agent would give for each good: integers, Fractions, Decimals, strings such as ``"3/7"``, or floats,
        each taken as the exact value of its double. An agent may receive nothing and a good may stay unsold, both
        at value zero, so a negative value is never realised.

    Returns
    -------
    Assignment
        Exact, whatever the arithmetic of the solver. Among several optimal assignments, which one is returned is
        not specified; prices and utilities do not depend on it.

    Raises
    ------
    InputError
        If the values are not a rectangular matrix of finite numbers.
    MissingExtra
        If scipy is not installed.

    Notes
    -----
    scipy proposes an assignment from the values rounded to doubles. Starting from zero, and from the values of the
    agents left over, each price is raised until ``p[h] >= p[g] + v[i][h] - v[i][g]`` for every agent ``i`` that
    receives ``g`` (Bellman-Ford). The prices that come to rest are the lowest competitive ones. If instead they
    exceed a value, or reach an unsold good, or never rest, then a better assignment exists and rounding hid it;
    the Hungarian method then finishes in exact integers, starting from the prices reached.

    Examples
    --------
    Agent 0 keeps agent 1 from good 0, which costs agent 1 three; good 1 has no rival.

    >>> found = vcg_assignment([[9, 4], [8, 5], [1, 1]])
    >>> found.goods, found.payments == (4, 1, 0)
    ((0, 1, None), True)
    >>> found.certify([[9, 4], [8, 5], [1, 1]])
    """
    matrix, scale = _read(values)
    weights = np.maximum(matrix, 0)
    goods = _propose(weights)
    prices, rest = _lowest_prices(weights, goods)
    if not rest:
        goods = _repair(weights, goods, prices)
        prices, rest = _lowest_prices(weights, goods)
        assert rest, "the exact Hungarian method ended without an optimum"
    gains = np.zeros(len(goods), weights.dtype)
    winners = np.flatnonzero(goods >= 0)
    gains[winners] = weights[winners, goods[winners]] - prices[goods[winners]]
    chosen, gain, price, unit = goods.tolist(), gains.tolist(), prices.tolist(), scale or 1
    exact_prices = tuple(Fraction(x, unit) for x in price)
    return Assignment(
        goods=tuple(None if g < 0 else g for g in chosen),
        welfare=Fraction(sum(gain) + sum(price), unit),
        payments=tuple(Fraction(0) if g < 0 else exact_prices[g] for g in chosen),
        prices=exact_prices,
        utilities=tuple(Fraction(x, unit) for x in gain),
    )


def _propose(weights: np.ndarray) -> np.ndarray:
    """Assign in floating point: for each agent its good, or -1; optimal up to rounding."""
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError:
        raise MissingExtra(
            "vcg_assignment needs scipy, which is not installed; run: pip install 'strategyproof[fast]'"
        ) from None
    goods = np.full(weights.shape[0], -1)
    top = _top(weights)
    if top > 0:
        # Dividing big numbers by the biggest brings them into the range of a double.
        scaled = weights if weights.dtype == np.int64 else (weights / top).astype(np.float64)
        agents, won = linear_sum_assignment(scaled, maximize=True)
        wanted = weights[agents, won] > 0
        goods[agents[wanted]] = won[wanted]
    return goods


def _lowest_prices(weights: np.ndarray, goods: np.ndarray) -> tuple[np.ndarray, bool]:
    """Raise prices to the lowest competitive ones; False when a better assignment exists.

    Prices never pass twice the highest weight, because they stop at the first that passes a value.
    """
    winners = np.flatnonzero(goods >= 0)
    won = goods[winners]
    edges = weights[winners]
    own = weights[winners, won]
    unsold = np.ones(weights.shape[1], bool)
    unsold[won] = False
    prices = weights[goods < 0].max(axis=0, initial=0)
    fresh = np.arange(len(winners))  # whose prices rose in the last round
    for _ in range(len(winners) + 1):
        if (prices[won] > own).any() or (prices[unsold] > 0).any():
            return prices, False
        if not len(fresh):
            return prices, True
        utility = own[fresh] - prices[won[fresh]]
        asked = (edges[fresh] - utility[:, None]).max(axis=0)
        fresh = np.flatnonzero(asked[won] > prices[won])
        prices = np.maximum(prices, asked)
    return prices, False  # more rounds than goods sold: a cycle of gains


def _repair(weights: np.ndarray, goods: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """Finish the assignment exactly, by the Hungarian method started from these prices.

    The matrix is made square with zeros. Feasible utilities follow from any prices; the pairs that are tight stay,
    and each agent left over is placed along a shortest path of reduced values.
    """
    agents, columns = weights.shape
    size = max(agents, columns)
    if _top(weights) * (4 * size + 8) >= _LIMIT:  # no dual or distance exceeds this
        weights, prices = weights.astype(object), prices.astype(object)
    w = np.zeros((size, size), weights.dtype)
    w[:agents, :columns] = weights
    p = np.zeros(size, weights.dtype)
    p[:columns] = prices
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
        i = -1
        while i != start:
            i = parent[g]
            row_of[g], column_of[i], g = i, g, column_of[i]
    placed = column_of[:agents]
    kept = (placed < columns) & (w[np.arange(agents), placed] > 0)
    return np.where(kept, placed, -1)


def _read(values: Any) -> tuple[np.ndarray, int]:
    """Read a matrix exactly, as integers over one denominator.

    Returns
    -------
    matrix : ndarray of int64 below `_LIMIT` in size, else of Python integers, else of Fractions
    scale : int
        The denominator; 0 when the matrix holds Fractions, because their common denominator is too wide.
    """
    if isinstance(values, np.ma.MaskedArray):
        raise InputError(
            "values: a masked array has entries without a value; fill them, with 0 for an unwanted good"
        )
    if hasattr(values, "__array__"):
        values = np.asarray(values)
        if values.ndim != 2:
            raise InputError(
                f"values: an array of {values.ndim} dimensions is not a matrix; {_SHAPE}"
            )
        if values.dtype.kind == "f" and values.itemsize <= 8:
            read = _read_floats(values.astype(np.float64))
            if read is not None:
                return read
        elif values.dtype.kind in "iu":
            if values.size == 0 or (values.max() < _LIMIT and values.min() > -_LIMIT):
                return values.astype(np.int64), 1
        elif values.dtype != object:
            raise InputError(
                f"values: numbers of type {values.dtype} cannot be read exactly; use int64, float64 or Fractions"
            )
        shape, flat = values.shape, values.ravel().tolist()
    else:
        shape, flat = _flatten(values)
        kinds = set(map(type, flat))
        if kinds == {float}:
            read = _read_floats(np.array(flat).reshape(shape))
            if read is not None:
                return read
        elif kinds == {int} and -_LIMIT < min(flat) and max(flat) < _LIMIT:
            return np.array(flat, np.int64).reshape(shape), 1

    ratios = []
    for k, x in enumerate(flat):
        if type(x) is int or type(x) is Fraction or (type(x) is float and math.isfinite(x)):
            ratios.append(x.as_integer_ratio())
        else:
            plain = x.item() if isinstance(x, np.generic) else x
            ratios.append(
                exact(plain, f"values[{k // shape[1]}][{k % shape[1]}]").as_integer_ratio()
            )
    scale = 1
    for q in {q for _, q in ratios}:
        scale = math.lcm(scale, q)
        if scale.bit_length() > _WIDEST:
            return np.array([Fraction(*ratio) for ratio in ratios], object).reshape(shape), 0
    ints = [n * (scale // q) for n, q in ratios]
    small = max(map(abs, ints), default=0) < _LIMIT
    return np.array(ints, np.int64 if small else object).reshape(shape), scale


def _read_floats(array: np.ndarray) -> tuple[np.ndarray, int] | None:
    """Read doubles exactly as int64 over a power of two; None when they do not fit."""
    finite = np.isfinite(array)
    if not finite.all():
        i, g = np.argwhere(~finite)[0]
        exact(float(array[i, g]), f"values[{i}][{g}]")  # raises
    fraction, exponent = np.frexp(array[array != 0])
    bits = (fraction * 2.0**53).astype(np.int64)
    last = (
        np.frexp((bits & -bits).astype(np.float64))[1] - 1
    )  # the place of the last bit that is set
    finest = min(0, int((exponent - 53 + last).min(initial=0)))
    if int(exponent.max(initial=0)) - finest > 60:
        return None
    return np.ldexp(array, -finest).astype(np.int64), 2**-finest


def _flatten(values: Any) -> tuple[tuple[int, int], list[Any]]:
    """Read nested sequences: the shape, and the entries row by row."""
    if not isinstance(values, Sequence) or isinstance(values, (str, bytes)):
        raise InputError(f"values: {values!r} is not a matrix; {_SHAPE}")
    rows = []
    for i, row in enumerate(values):
        if isinstance(row, np.ndarray) and row.ndim == 1:
            row = row.tolist()
        if not isinstance(row, Sequence) or isinstance(row, (str, bytes)):
            raise InputError(f"values[{i}]: {row!r} is not a row; {_SHAPE}")
        if rows and len(row) != len(rows[0]):
            raise InputError(
                f"values[{i}]: {len(row)} values, but values[0] has {len(rows[0])}; {_SHAPE}"
            )
        rows.append(row)
    return (len(rows), len(rows[0]) if rows else 0), [x for row in rows for x in row]


def _top(matrix: np.ndarray) -> Any:
    """The highest entry, and at least 0, as a Python number."""
    return matrix.max(initial=0) if matrix.dtype == object else int(matrix.max(initial=0))
