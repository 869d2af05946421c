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
from mechanism.contracts.problem import Problem, Unrounded

NEAR = 1e-7
# Where the value of rewards has no exact inverse they are worth a little more than was asked for.
SPARED = Fraction(1, 10**10)


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
    count = len(problem.types)
    burdens = [Burdens(problem, quality[n : n + count]) for n in range(0, len(quality), count)]
    if not problem.two_periods:
        (one,) = burdens
        weights = problem.parts.weights
        least = [one.floor(k, problem.reservation / weights[k]) for k in range(count)]
        steps = [[one.more(k, m, k) for m in range(count)] for k in range(count)]
        return _menu(problem, quality, [_least(problem, least, steps)])
    later = [
        _second(problem, each, worth[count * (1 + h) : count * (2 + h)], h)
        for h, each in enumerate(burdens[1:])
    ]
    worths = [[got for _, got in row] for row in later]
    return _menu(problem, quality, [_first(problem, burdens, worths), *later])


class Burdens:
    """What the qualities of one menu cost each type, exactly, in units of what a reward is worth."""

    def __init__(self, problem: Problem, quality: list[Fraction]) -> None:
        self.problem, count = problem, range(len(quality))
        each = [[problem.parts.burden(k, q) for q in quality] for k in count]
        if any(burden is None for row in each for burden in row):
            raise Unrounded("a cost is not rational")
        self.of = [[Fraction(burden or 0) for burden in row] for row in each]

    def more(self, k: int, m: int, n: int) -> Fraction:
        """How much more the quality of m costs type k than that of n."""
        return self.of[k][m] - self.of[k][n]

    def floor(self, k: int, payoff: Fraction) -> Fraction:
        """What the reward of type k must be worth for a payoff of at least so much."""
        needed = payoff + self.of[k][k]
        return max(needed, self.problem.nothing) if self.problem.limited_liability else needed


Given = tuple[Fraction, Fraction]  # a reward, and what it is worth


def _second(problem: Problem, burdens: Burdens, said: np.ndarray, h: int) -> list[Given]:
    """The rewards after a first report."""
    count, weights = len(problem.types), problem.parts.weights
    steps = [(Fraction(0), Fraction(0), Fraction(0))]
    for k in range(1, count):
        low, high = burdens.more(k, k, k - 1), burdens.more(k - 1, k, k - 1)
        inside = high if problem.value.lines is not None else high - min((high - low) / 2, SPARED)
        steps.append((_into(float(said[k] - said[k - 1]), low, inside), low, high))
    climbs = [sum((step for step, _, _ in steps[: k + 1]), Fraction(0)) for k in range(count)]
    own = [burdens.of[k][k] for k in range(count)]
    base = rounded(float(said[0]), 9)
    floors = []
    if problem.participation == "per-history":
        floors += [burdens.floor(k, Fraction(0)) - climbs[k] for k in range(count)]
    if problem.limited_liability:
        floors += [problem.nothing - climb for climb in climbs]
    if problem.participation == "per-period" and problem.transition is not None:
        chance = problem.transition[h]
        at_base = sum((p * weights[n] * (climbs[n] - own[n]) for n, p in enumerate(chance)), Fraction(0))  # fmt: skip
        floors.append(-at_base / sum((p * weights[n] for n, p in enumerate(chance)), Fraction(0)))
    if problem.parts.transferable and problem.participation == "total" and not problem.limited_liability:  # fmt: skip
        # A unit now or later is the same to both, so the second period may as well leave the least.
        base = max(cost - climb for cost, climb in zip(own, climbs))
    for floor in floors:
        base = floor if base < floor or abs(float(base - floor)) < NEAR else base
    given = [problem.reward(max([base, *floors]))]
    for k, (step, low, high) in enumerate(steps[1:], 1):
        reward, got = given[-1] if not high else problem.reward(given[-1][1] + step)
        if not low <= got - given[-1][1] <= high:
            raise Unrounded(f"no reward of type {k} after first report {h} is worth just enough")
        given.append((reward, got))
    return given


def _into(value: float, low: Fraction, high: Fraction) -> Fraction:
    """A value moved into an interval; onto an end that it is near."""
    if low > high:
        raise Unrounded("a higher type finds more quality harder")
    for end in (low, high):
        if abs(value - float(end)) < NEAR:
            return end
    return min(max(rounded(value, 9), low), high)


def _first(problem: Problem, burdens: list[Burdens], later: list[list[Fraction]]) -> list[Given]:
    """The least first-period rewards, given what comes later."""
    count, weights, chance = len(problem.types), problem.parts.weights, problem.transition or ()

    def then(k: int, m: int) -> Fraction:
        """What type k gets in the second period after the report m, in expectation and units of its own."""
        return problem.discount / weights[k] * sum((
            p * weights[n] * (later[m][n] - burdens[1 + m].of[n][n]) for n, p in enumerate(chance[k])
        ), Fraction(0))  # fmt: skip

    now = burdens[0]
    rest = [[then(k, m) - now.of[k][m] for m in range(count)] for k in range(count)]
    least = []
    for k in range(count):
        needed = [problem.reservation / weights[k] - rest[k][k]]
        if problem.participation != "total":
            needed.append(now.floor(k, Fraction(0)))
        if problem.limited_liability:
            needed.append(problem.nothing)
        least.append(max(needed))
    return _least(
        problem, least, [[rest[k][k] - rest[k][m] for m in range(count)] for k in range(count)]
    )


def _least(problem: Problem, least: list[Fraction], bounds: list[list[Fraction]]) -> list[Given]:
    """The least rewards that are worth `least` and with ``v[m] - v[k] <= bounds[k][m]``."""
    count = len(least)
    found = [problem.reward(worth) for worth in least]
    for _ in range(count + 1):
        raised = list(found)
        for k in range(count):
            needed = max(found[m][1] - bounds[k][m] for m in range(count))
            if needed > found[k][1]:
                raised[k] = next((one for one in found if one[1] == needed), None) or problem.reward(needed)  # fmt: skip
        if raised == found:
            return found
        found = raised
    raise Unrounded("a cycle of incentive constraints cannot be met")


def _menu(problem: Problem, quality: list[Fraction], given: list[list[Given]]) -> Menu:
    count = len(problem.types)
    items = [(q, reward) for q, (reward, _) in zip(quality, (one for row in given for one in row))]
    menus = [items[n : n + count] for n in range(0, len(items), count)]
    return problem.menu(menus[0], menus[1:] or None)


__all__ = ["complete", "qualities", "rounded"]
