"""Goods for unit-demand agents: the optimum, every Clarke payment, and an exact certificate.

One linear assignment is solved in floating point; everything after it is exact. The lowest
competitive prices are longest paths in its residual graph: they exist if and only if it is optimal,
and they *are* the Clarke payments. So one pass finds all payments and proves the optimum, where the
definition would solve one more assignment for every agent.

References
----------
.. [1] L. S. Shapley, M. Shubik, "The assignment game I: the core", International Journal of Game
   Theory 1 (1971) 111-130.
.. [2] H. B. Leonard, "Elicitation of honest preferences for the assignment of individuals to
   positions", Journal of Political Economy 91 (1983) 461-479.
.. [3] G. Demange, D. Gale, M. Sotomayor, "Multi-item auctions", Journal of Political Economy 94
   (1986) 863-872.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.assignment.matrix import LIMIT, read_matrix, rounded
from mechanism.assignment.refinement import hungarian, refined
from mechanism.errors import MissingExtra, StrategyproofError

__all__ = ["Assignment", "CertificateError", "vcg_assignment"]

_NOTHING = Fraction(0)
_REFINED = 3  # times; each gains about fifty bits


class CertificateError(StrategyproofError):
    """An assignment is not what it says: its certificate fails on the values given."""


@dataclass(frozen=True)
class Assignment:
    """An optimal assignment of goods to unit-demand agents, with its Clarke (VCG) payments.

    Parameters
    ----------
    goods : tuple of (int or None), one per agent
        The good each agent receives, or None. `vcg_assignment` gives nobody a good worth 0 to it.
    welfare : Fraction
        The sum of the values of what the agents receive, the highest possible.
    payments : tuple of Fraction, one per agent
        What each agent pays: what its presence costs the others; 0 if it receives nothing.
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
        """Check exactly that this is optimal for these values, and has the Clarke payments.

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
        2. *complementary slackness*: equality where ``i`` receives ``g``; ``u[i] = 0`` for an agent
           that receives nothing, ``p[g] = 0`` for a good that nobody receives;
        3. ``welfare = sum(u) + sum(p)``, so no assignment does better (weak duality, [1]_);
        4. *lowest prices*: a chain of equalities leads from each positive price to an agent that
           receives nothing or to a price of 0. No competitive prices are lower anywhere, so these
           are the Clarke payments ([2]_, [3]_);
        5. each agent pays the price of its good.

        Nothing is solved, and scipy is not needed: only the reading of the values is shared.
        """
        matrix, scale = read_matrix(values)
        agents, goods = matrix.shape
        lengths = [len(x) for x in (self.goods, self.payments, self.utilities, self.prices)]
        if lengths != [agents, agents, agents, goods]:
            raise CertificateError(
                f"the values have {agents} agents and {goods} goods; this has not"
            )
        winners = {g: i for i, g in enumerate(self.goods) if g is not None}
        twice = len(winners) + self.goods.count(None) < agents
        if twice or not winners.keys() <= set(range(goods)):
            raise CertificateError(f"{self.goods} gives a good twice, or one that does not exist")

        # 1. One unit for values, utilities and prices, in int64 where nothing can overflow.
        duals: list[Any] = [*self.utilities, *self.prices]
        unit, factor = 1, 1
        if scale:
            unit = math.lcm(scale, *(x.denominator for x in duals))
            factor = unit // scale
            duals = [x.numerator * (unit // x.denominator) for x in duals]
        if any(x < 0 for x in duals):
            raise CertificateError("not dual feasible: a utility or a price is negative")
        u, p = duals[:agents], duals[agents:]
        highest = max(duals, default=0) + factor * max(_top(matrix), _top(-matrix), 1)
        kind: Any = np.int64 if scale and highest < LIMIT else object
        slack = np.array(u, kind)[:, None] + np.array(p, kind) - matrix.astype(kind) * factor
        if _top(-slack) > 0:
            i, g = np.argwhere(slack < 0)[0]
            raise CertificateError(f"not dual feasible: utilities[{i}] + prices[{g}] is too low")

        # 2. and 3. Nothing is lost between the two sides of the duality.
        for i, good in enumerate(self.goods):
            if u[i] if good is None else slack[i, good]:
                raise CertificateError(f"no complementary slackness: utilities[{i}] is too high")
        for g, price in enumerate(p):
            if price and g not in winners:
                raise CertificateError(f"no complementary slackness: good {g} is unsold, not free")
        if self.welfare * unit != sum(duals):
            raise CertificateError(f"{self.welfare} is not the sum of the utilities and prices")

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
        due = tuple(_NOTHING if good is None else self.prices[good] for good in self.goods)
        for i in range(agents if self.payments != due else 0):
            if self.payments[i] != due[i]:
                raise CertificateError(f"payments[{i}] is not the price of what agent {i} receives")


def vcg_assignment(values: Any) -> Assignment:
    """Assign goods to unit-demand agents for the highest total value; find all Clarke payments.

    Parameters
    ----------
    values : array_like, shape (agents, goods)
        What each good is worth to each agent: integers, Fractions, Decimals, strings such as
        ``"3/7"``, or floats, each taken as the exact value of its double. An agent may receive
        nothing and a good may stay unsold, both at value 0: a negative value is never realised.

    Returns
    -------
    Assignment
        Exact, whatever the arithmetic of the solver. Which of several optimal assignments is
        returned is not specified; welfare, prices and utilities do not depend on it.

    Raises
    ------
    InputError
        If the values are not a rectangular matrix of finite numbers.
    MissingExtra
        If scipy is not installed.

    Notes
    -----
    scipy proposes an assignment, from values rounded to doubles. From zero, and from what agents
    left over would give, prices rise until ``p[h] >= p[g] + v[i][h] - v[i][g]`` for every agent
    ``i`` that receives ``g`` (Bellman-Ford). At rest they are the lowest competitive prices. If
    instead they pass a value, reach an unsold good or never rest, then rounding hid a better
    assignment: what is left to gain is so little that doubles tell its parts apart, so it is asked
    about again on its own; where that does not help, the Hungarian method finishes exactly.

    Examples
    --------
    Agent 0 pays four: without it, agent 1 would gain three and agent 2 one.

    >>> found = vcg_assignment([[9, 4], [8, 5], [1, 1]])
    >>> found.goods, found.payments == (4, 1, 0)
    ((0, 1, None), True)
    >>> found.certify([[9, 4], [8, 5], [1, 1]])
    """
    matrix, scale = read_matrix(values)
    weights = np.maximum(matrix, 0)
    goods = _propose(weights)
    prices, optimal = _lowest_prices(weights, goods)
    for _ in range(_REFINED if scale else 0):
        if optimal:
            break
        goods = refined(weights, goods)
        prices, optimal = _lowest_prices(weights, goods)
    if not optimal:
        goods = hungarian(weights, goods, prices)
        prices, optimal = _lowest_prices(weights, goods)
        assert optimal, "the exact Hungarian method ended without an optimum"
    gains = np.zeros(len(goods), weights.dtype)
    winners = np.flatnonzero(goods >= 0)
    gains[winners] = weights[winners, goods[winners]] - prices[goods[winners]]
    chosen, gain, price, unit = goods.tolist(), gains.tolist(), prices.tolist(), scale or 1
    exact_prices = tuple(Fraction(x, unit) for x in price)
    return Assignment(
        goods=tuple(None if g < 0 else g for g in chosen),
        welfare=Fraction(sum(gain) + sum(price), unit),
        payments=tuple(_NOTHING if g < 0 else exact_prices[g] for g in chosen),
        prices=exact_prices,
        utilities=tuple(Fraction(x, unit) for x in gain),
    )


def _propose(weights: np.ndarray) -> np.ndarray:
    """Assign in floating point: for each agent its good, or -1."""
    try:
        from scipy.optimize import linear_sum_assignment
    except ImportError:
        raise MissingExtra(
            "vcg_assignment needs scipy; install it with: pip install 'strategyproof[fast]'"
        ) from None
    goods = np.full(weights.shape[0], -1)
    top = _top(weights)
    if top > 0:
        agents, won = linear_sum_assignment(rounded(weights), maximize=True)
        wanted = weights[agents, won] > 0
        goods[agents[wanted]] = won[wanted]
    return goods


def _lowest_prices(weights: np.ndarray, goods: np.ndarray) -> tuple[np.ndarray, bool]:
    """Raise prices to the lowest competitive ones; False when a better assignment exists."""
    winners = np.flatnonzero(goods >= 0)
    won = goods[winners]
    edges, own = weights[winners], weights[winners, won]
    unsold = np.ones(weights.shape[1], bool)
    unsold[won] = False
    prices, fresh = weights[goods < 0].max(axis=0, initial=0), np.arange(len(winners))
    for _ in range(len(winners) + 1):  # fresh: whose prices rose in the last round
        if (prices[won] > own).any() or (prices[unsold] > 0).any():
            return prices, False
        if not len(fresh):
            return prices, True
        utility = own[fresh] - prices[won[fresh]]
        asked = (edges[fresh] - utility[:, None]).max(axis=0)
        fresh = np.flatnonzero(asked[won] > prices[won])
        prices = np.maximum(prices, asked)
    return prices, False  # more rounds than goods sold: a cycle of gains


def _top(matrix: np.ndarray) -> Any:
    """The highest entry, and at least 0, as a Python number."""
    return matrix.max(initial=0) if matrix.dtype == object else int(matrix.max(initial=0))
