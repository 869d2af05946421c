"""Contracts for edge servers on random draws: what hidden and changing willingness costs the cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from mechanism.contracts.design import design, expected, repeated
from mechanism.contracts.menu import Menu
from mechanism.contracts.payoff import Q
from mechanism.contracts.problem import Problem
from mechanism.contracts.programme import Programme
from mechanism.contracts.scenario import Draw, Scenario

Array = np.ndarray
Progress = Callable[[str, int, int], None]


class Outcome(NamedTuple):
    """What a contract comes to in one draw, per server, in expectation.

    Parameters
    ----------
    cloud, servers : float
        Discounted payoffs over both periods.
    participation : float
        The share of periods in which a server contributes.
    latency : float
        The time of a module where it does; NaN where none does.
    """

    cloud: float
    servers: float
    participation: float
    latency: float


class Measure(NamedTuple):
    """Something that is measured in every draw."""

    title: str
    unit: str


MEASURES: dict[str, Measure] = {
    "cloud": Measure("The cloud's payoff", "money per server, contributing or not, both periods"),
    "servers": Measure(
        "The servers' payoff", "money per server, contributing or not, both periods"
    ),
    "participation": Measure("Participation", "share of periods in which a server contributes"),
    "latency": Measure("Module latency", "time of a module, where a server contributes"),
}


@dataclass(frozen=True)
class Settings:
    """What is run: the scenario, the chances that a server keeps its level, draws and seed."""

    scenario: Scenario
    stays: tuple[Fraction, ...]
    draws: int
    seed: int


@dataclass(frozen=True)
class Study:
    """The outcomes of each contract in each draw, by the chance to stay; the draws are the same for all."""

    settings: Settings
    outcomes: Mapping[tuple[str, Fraction], tuple[Outcome, ...]]

    def sample(self, contract: str, stay: Fraction, measure: str) -> Array:
        return np.array([getattr(one, measure) for one in self.outcomes[contract, stay]])


def run(settings: Settings, progress: Progress | None = None) -> Study:
    """Run every contract on every draw."""
    found: dict[tuple[str, Fraction], list[Outcome]] = {}
    total, done = len(settings.stays) * settings.draws, 0
    for stay in settings.stays:
        scenario = replace(settings.scenario, stay=stay)
        for draw in scenario.draws(settings.draws, settings.seed):
            for name, outcome in outcomes(draw):
                found.setdefault((name, stay), []).append(outcome)
            done += 1
            if progress:
                progress(f"stay {stay}", done, total)
    return Study(settings, {key: tuple(rows) for key, rows in found.items()})


def outcomes(draw: Draw) -> Iterator[tuple[str, Outcome]]:
    """What each contract comes to in one draw."""
    problem = draw.problem()
    for name, contract in CONTRACTS.items():
        yield name, contract(draw, problem)


# --- the contracts -----------------------------------------------------------------------------


def complete(draw: Draw, problem: Problem) -> Outcome:
    """The cloud knows each server's level in each period, and leaves it nothing."""
    solution = Programme(problem, incentives=False).solve()
    chosen = [float(problem.efficient[k]) for k in range(len(draw.types))]
    return _average(draw, chosen, solution.value, 0.0)


def dynamic(draw: Draw, problem: Problem) -> Outcome:
    """The optimal contract for two periods."""
    return of_menu(draw, problem, design(problem, references=False).menu)


def static(draw: Draw, problem: Problem) -> Outcome:
    """The best menu for one period, offered unchanged in both."""
    return of_menu(draw, problem, repeated(problem).menu)


def uniform(draw: Draw, problem: Problem) -> Outcome:
    """One item for all, in both periods; who does not want it stays away."""
    weights, types = weights_of(problem), [float(t) for t in draw.types]
    best = None
    for least, theta in enumerate(types):
        mass = weights[least:].sum()
        gain = lambda q, theta=theta, mass=mass: mass * (_worth(problem, q) - _cost(problem, q) / theta)  # noqa: E731  # fmt: skip
        q = _highest(gain, problem.top)
        if best is None or gain(q) > best[0]:
            best = (gain(q), least, q)
    assert best is not None
    value, least, q = best
    reward = _cost(problem, q) / types[least]
    chosen = [q if k >= least else 0.0 for k in range(len(types))]
    rents = sum(
        w * (reward - _cost(problem, q) / t) for w, t in zip(weights[least:], types[least:])
    )
    return _average(draw, chosen, value, rents)


def linear(draw: Draw, problem: Problem) -> Outcome:
    """A price for each unit of quality; each server contributes what is best for it."""
    weights, types = weights_of(problem), np.array([float(t) for t in draw.types])
    slope, square = (float(problem.payoff.cost.coeff(Q, n)) for n in (1, 2))

    def chosen(price: float) -> Array:
        return np.maximum((price * types - slope) / (2 * square), 0)

    def gain(price: float) -> float:
        q = chosen(price)
        return float(weights @ (problem.worth.at(q) - price * q))

    price = max(np.linspace(0, float(draw.worth) * 2, 400), key=gain)
    step = float(draw.worth) / 200
    price = price - step + _highest(lambda x: gain(price - step + x), 2 * step)
    q = chosen(price)
    rents = float(weights @ (price * q - problem.cost.at(q) / types))
    return _average(draw, q.tolist(), gain(price), rents)


CONTRACTS: dict[str, Callable[[Draw, Problem], Outcome]] = {
    "complete information": complete,
    "optimal dynamic": dynamic,
    "static repeated": static,
    "uniform": uniform,
    "linear": linear,
}


# --- outcomes ----------------------------------------------------------------------------------


def of_menu(draw: Draw, problem: Problem, menu: Menu) -> Outcome:
    """The outcome of a menu, all telling the truth; exact until the end."""
    given, delta = menu.rule.given, problem.discount
    worth, cost = problem.worth.exact, problem.cost.exact
    cloud = expected(menu, lambda q, r: (worth(q) or 0) - r)
    rents = Fraction(0)
    share, time = Fraction(0), Fraction(0)
    for k, p in enumerate(problem.prior):
        rents += p * (given["r"][k] - (cost(given["q"][k]) or 0) / draw.types[k])
        share += p * (given["q"][k] > 0)
        time += p * (draw.scenario.latency(given["q"][k]) if given["q"][k] else 0)
        for n, chance in enumerate((problem.transition or ())[k]):
            q, r = given["q2"][k][n], given["r2"][k][n]
            rents += delta * p * chance * (r - (cost(q) or 0) / draw.types[n])
            share += p * chance * (q > 0)
            time += p * chance * (draw.scenario.latency(q) if q else 0)
    return Outcome(
        float(cloud), float(rents), float(share / 2), float(time / share) if share else float("nan")
    )


def _average(draw: Draw, chosen: list[float], cloud: float, rents: float) -> Outcome:
    """The outcome where a level chooses the same in both periods."""
    now = np.array([float(p) for p in draw.prior])
    later = now @ np.array([[float(p) for p in row] for row in draw.scenario.transition()])
    takes = np.array([q > 1e-9 for q in chosen])
    time = np.array([float(draw.scenario.work) / (float(draw.scenario.own) + q) for q in chosen])
    share = float((now + later) @ takes)
    latency = float((now + later) @ (takes * time)) / share if share else float("nan")
    return Outcome(cloud, rents, share / 2, latency)


def weights_of(problem: Problem) -> Array:
    """How much each level counts over both periods, discounted."""
    return Programme(problem, repeated=True).weights


def _worth(problem: Problem, q: float) -> float:
    return float(problem.worth.at(q))


def _cost(problem: Problem, q: float) -> float:
    return float(problem.cost.at(q))


def _highest(gain: Callable[[float], float], top: float) -> float:
    """Where a function with one peak is highest, from 0 on."""
    low, high, golden = 0.0, top, (5**0.5 - 1) / 2
    for _ in range(80):
        one, other = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, other) if gain(one) >= gain(other) else (one, high)
    return (low + high) / 2
