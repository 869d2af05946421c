"""From a solution in floats to a menu in rationals that is feasible, not nearly so.

Qualities are rounded first. Then, in each second-period menu, what a type's reward is worth more than its
lower neighbour's has an exact interval that keeps both honest; what the solver says is moved into it. What
is left is one number for each first report: differences of them are bounded, so that the least ones are
longest paths in a graph of the types (Bellman 1958), exact, and the cheapest for these qualities.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from mechanism.contracts.menu import Menu
from mechanism.contracts.problem import Problem

NEAR = 1e-7


class Unrounded(Exception):
    """No rewards were found for these qualities."""


def rounded(value: float, digits: int = 6) -> Fraction:
    """A simple fraction close by, else a decimal."""
    simple = Fraction(value).limit_denominator(1000)
    if abs(float(simple) - value) < NEAR:
        return simple
    return Fraction(round(value * 10**digits), 10**digits)


def qualities(problem: Problem, found: np.ndarray, denominator: int) -> list[Fraction]:
    """Fractions near the qualities of the solution, rising where incentives need them to."""
    top = problem.max_quality
    exact = [Fraction(max(float(q), 0.0)).limit_denominator(denominator) for q in found]
    exact = [max(q, problem.min_quality) for q in exact]
    exact = [q if top is None else min(q, top) for q in exact]
    count = len(problem.types)
    starts = range(count, len(exact), count) if len(exact) > count else [0]
    for start in starts:
        for item in range(start + 1, start + count):
            exact[item] = max(exact[item], exact[item - 1])
    return exact


def complete(problem: Problem, quality: list[Fraction], worth: np.ndarray) -> Menu:
    """The menu with these qualities whose rewards are near the given ones, exactly feasible.

    Raises
    ------
    Unrounded
        When no rewards make these qualities incentive compatible.
    """
    costs = [problem.cost.exact(q) for q in quality]
    if any(z is None for z in costs):
        raise Unrounded("a cost is not rational")
    z = [cost for cost in costs if cost is not None]
    count, types = len(problem.types), problem.types
    if not problem.two_periods:
        least = [_floor(problem, k, z[k], problem.reservation) for k in range(count)]
        return _menu(problem, quality, _least(problem, least, [
            [(z[m] - z[k]) / types[k] for m in range(count)] for k in range(count)
        ]), [])  # fmt: skip
    later = [_second(problem, z, worth, h) for h in range(count)]
    return _menu(problem, quality, _first(problem, z, later, worth), later)


def _floor(problem: Problem, k: int, z: Fraction, payoff: Fraction) -> Fraction:
    """What a reward must be worth for a payoff of at least so much."""
    needed = (payoff / problem.scale(k) + z) / problem.types[k]
    return max(needed, _nothing(problem)) if problem.limited_liability else needed


def _nothing(problem: Problem) -> Fraction:
    """What no reward is worth."""
    return min(height for _, height in problem.value.lines or ())


def _second(problem: Problem, z: list[Fraction], worth: np.ndarray, h: int) -> list[Fraction]:
    """The worths of the rewards after a first report."""
    count, types = len(problem.types), problem.types
    at = count * (1 + h)
    costs, said = z[at : at + count], worth[at : at + count]
    steps = [Fraction(0)]
    for k in range(1, count):
        rise = costs[k] - costs[k - 1]
        steps.append(_into(float(said[k] - said[k - 1]), rise / types[k], rise / types[k - 1]))
    climbs = [sum(steps[: k + 1], Fraction(0)) for k in range(count)]
    base = rounded(float(said[0]), 9)
    floors = []
    if problem.participation == "per-history":
        floors += [_floor(problem, k, costs[k], Fraction(0)) - climbs[k] for k in range(count)]
    if problem.limited_liability:
        floors += [_nothing(problem) - climb for climb in climbs]
    if problem.participation == "per-period" and problem.transition is not None:
        chance = problem.transition[h]
        at_base = sum((p * problem.scale(n) * (types[n] * climbs[n] - costs[n]) for n, p in enumerate(chance)), Fraction(0))  # fmt: skip
        slope = sum((p * problem.scale(n) * types[n] for n, p in enumerate(chance)), Fraction(0))
        floors.append(-at_base / slope)
    if problem.payoff.value is None and problem.participation == "total" and not problem.limited_liability:  # fmt: skip
        # A unit now or later is the same to both, so the second period may as well leave the least.
        return [
            max(cost / types[k] - climb for k, (cost, climb) in enumerate(zip(costs, climbs)))
            + climb
            for climb in climbs
        ]
    for floor in floors:
        base = floor if base < floor or abs(float(base - floor)) < NEAR else base
    base = max([base, *floors])
    return [base + climb for climb in climbs]


def _into(value: float, low: Fraction, high: Fraction) -> Fraction:
    """A value moved into an interval; onto an end that it is near."""
    for end in (low, high):
        if abs(value - float(end)) < NEAR:
            return end
    return min(max(rounded(value, 9), low), high)


def _first(
    problem: Problem, z: list[Fraction], later: list[list[Fraction]], worth: np.ndarray
) -> list[Fraction]:
    """The least worths of first-period rewards, given what comes later."""
    count, types, chance = len(problem.types), problem.types, problem.transition or ()

    def then(k: int, m: int) -> Fraction:
        """What type k gets in the second period after the report m, in expectation."""
        return sum((
            p * problem.scale(n) * (types[n] * later[m][n] - z[count * (1 + m) + n])
            for n, p in enumerate(chance[k])
        ), Fraction(0))  # fmt: skip

    rest = [[problem.discount * then(k, m) / problem.scale(k) - z[m] for m in range(count)] for k in range(count)]  # fmt: skip
    least = []
    for k in range(count):
        needed = [(problem.reservation / problem.scale(k) - rest[k][k]) / types[k]]
        if problem.participation != "total":
            needed.append(_floor(problem, k, z[k], Fraction(0)))
        if problem.limited_liability:
            needed.append(_nothing(problem))
        least.append(max(needed))
    bounds = [[(rest[k][k] - rest[k][m]) / types[k] for m in range(count)] for k in range(count)]
    return _least(problem, least, bounds)


def _least(problem: Problem, least: list[Fraction], bounds: list[list[Fraction]]) -> list[Fraction]:
    """The least numbers above `least` with ``x[m] - x[k] <= bounds[k][m]``."""
    count = len(least)
    found = list(least)
    for _ in range(count + 1):
        raised = [
            max(found[k], max(found[m] - bounds[k][m] for m in range(count))) for k in range(count)
        ]
        if raised == found:
            return found
        found = raised
    raise Unrounded("a cycle of incentive constraints cannot be met")


def _menu(problem: Problem, quality: list[Fraction], first: list[Fraction], later: list[list[Fraction]]) -> Menu:  # fmt: skip
    count = len(problem.types)
    items = [(q, problem.reward(v)) for q, v in zip(quality, first)]
    if not later:
        return problem.menu(items, None)
    second = [
        [(quality[count * (1 + h) + k], problem.reward(v)) for k, v in enumerate(row)]
        for h, row in enumerate(later)
    ]
    return problem.menu(items, second)


__all__ = ["Unrounded", "complete", "qualities", "rounded"]
