"""The comparison of Zhou et al. 2026, rerun: FMMRA, its rivals, and the repaired auction on random draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from mechanism.fmmra.constraints import Coverage, coverage, eligible
from mechanism.fmmra.fitness import fitness
from mechanism.fmmra.generate import draw_scenarios
from mechanism.fmmra.repaired_batch import repaired_batch
from mechanism.fmmra.rivals import RIVALS
from mechanism.fmmra.simulate import Deals, assigned, simulate
from mechanism.language import Rounds
from proofs.study.fmmra_settings import Settings

Array = np.ndarray
Progress = Callable[[str, int, int], None]

FMMRA, REPAIRED = "FMMRA", "repaired"
MOST_TASKS = 10  # of the repaired auction, which looks at all sets of tasks
CELLS = 2**21  # fitness values in a block of draws


OVER = {"winners": "agent that won a task", "agents": "agent, whether it won or not"}


class Measure(NamedTuple):
    """Something that is measured in every draw.

    Parameters
    ----------
    title : str
    unit : str
        With ``{over}`` where it is settled by the settings who is averaged over.
    figure : str
        Which figure of the paper shows it, if one does.
    of : callable
        From the deals and the settings, a number for each draw; NaN where it is not defined.
    """

    title: str
    unit: str
    figure: str
    of: Callable[[Deals, Settings], Array]

    def unit_in(self, settings: Settings) -> str:
        """The unit, saying who is averaged over."""
        return self.unit.format(over=OVER[settings.average])


def _average_profit(deals: Deals, settings: Settings) -> Array:
    number = deals.number if settings.average == "winners" else deals.agents
    return deals.total(deals.final_profit) / np.maximum(number, 1)


def _satisfaction(deals: Deals, settings: Settings) -> Array:
    """Over the deals with a positive price; a draw without any has none."""
    paid = deals.price > 0
    ratios = np.divide(deals.bid, deals.price, out=np.zeros_like(deals.bid), where=paid)
    some = np.bincount(deals.draw, weights=paid, minlength=deals.draws) > 0
    return np.where(some, deals.total(ratios), np.nan)


MEASURES: dict[str, Measure] = {
    "average-profit": Measure("Average final profit", "money per {over}", "2", _average_profit),
    "cost-effectiveness": Measure(
        "Total cost-effectiveness (by bids)",
        "w1 bid + w2 fitness, summed over tasks",
        "3",
        lambda deals, _: deals.total(deals.cost_effectiveness),
    ),
    "fitness": Measure(
        "Total fitness",
        "fitness, summed over tasks",
        "4",
        lambda deals, _: deals.total(deals.fitness),
    ),
    "satisfaction": Measure(
        "Total satisfaction", "bid / price, summed over tasks", "", _satisfaction
    ),
    "revenue": Measure(
        "Revenue", "money, summed over tasks", "", lambda deals, _: deals.total(deals.price)
    ),
    "cost-effectiveness-paid": Measure(
        "Total cost-effectiveness (by prices)",
        "w1 price + w2 fitness, summed over tasks",
        "",
        lambda deals, _: deals.total(deals.worth(deals.price)),
    ),
    "cost-effectiveness-true": Measure(
        "Total cost-effectiveness (by expected profits)",
        "w1 expected profit + w2 fitness, summed over tasks",
        "",
        lambda deals, _: deals.total(deals.worth(deals.profit)),
    ),
}


@dataclass(frozen=True)
class Point:
    """One mechanism with one number of agents.

    Parameters
    ----------
    samples : mapping of str to array
        By measure, a number for each draw.
    deals, undefined : int
        All deals, and those with a price that is not positive, which have no satisfaction.
    uncovered : int
        Tasks that nobody got, over all draws.
    rounds : int
        The most rounds of a draw.
    """

    samples: Mapping[str, Array]
    deals: int
    undefined: int
    uncovered: int
    rounds: int


@dataclass(frozen=True)
class Study:
    """The results.

    Parameters
    ----------
    settings : Settings
    points : mapping of (str, int) to Point
        By mechanism and number of agents.
    infeasible : mapping of int to list of Coverage
        By number of agents, what hinders in the draws in which not every task can have an agent of its
        own.
    idle : mapping of int to int
        The agents, over all draws, that no task promises a profit.
    """

    settings: Settings
    points: Mapping[tuple[str, int], Point]
    infeasible: Mapping[int, list[Coverage]]
    idle: Mapping[int, int]

    @property
    def mechanisms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, _ in self.points))

    def sample(self, mechanism: str, agents: int, measure: str) -> Array:
        return self.points[mechanism, agents].samples[measure]


def rules(settings: Settings) -> dict[str, Rounds]:
    """The step rules that are compared, each with the choices that it leaves open."""
    made = {}
    for name, make in RIVALS.items():
        fixed = make.keywords if isinstance(make, partial) else {}
        made[name] = make(**{k: v for k, v in settings.chosen.items() if k not in fixed})
    return made


def run(settings: Settings, progress: Progress = lambda *_: None) -> Study:
    """Run the study. The same settings give the same results, to the last digit.

    Parameters
    ----------
    settings : Settings
    progress : callable
        Called with what is done now, how many steps are done, and how many there are.
    """
    blocks = [(n, *block) for n in settings.agents for block in _blocks(settings, n)]
    auctions = _auctions(settings)
    parts: dict[tuple[str, int], list[Deals]] = {}
    infeasible: dict[int, list[Coverage]] = {agents: [] for agents in settings.agents}
    idle = dict.fromkeys(settings.agents, 0)
    for done, (agents, number, draws) in enumerate(blocks):
        progress(f"{agents} agents", done, len(blocks))
        rng = np.random.default_rng([settings.seed, agents, number])
        scene = draw_scenarios(
            rng,
            agents,
            settings.tasks,
            draws,
            ranges=settings.ranges,
            covered=settings.covered,
        )
        may = None
        if settings.capabilities != "off":
            may = eligible(scene.capability, scene.requirement, settings.capabilities)
        profit = settings.costs.expected_profit(scene)
        promising = profit > 0 if may is None else (profit > 0) & may
        fits = fitness(scene.importance, scene.suitability)
        idle[agents] += int((~promising.any(axis=-1)).sum())
        infeasible[agents] += _hindered(may, draws, agents, settings.tasks)
        for name, auction in auctions.items():
            parts.setdefault((name, agents), []).append(auction(profit, fits, may))
    progress("done", len(blocks), len(blocks))
    points = {key: _point(deals, settings) for key, deals in parts.items()}
    return Study(settings, points, infeasible, idle)


def _auctions(settings: Settings) -> dict[str, Callable[[Array, Array, Array | None], Deals]]:
    weights = settings.weights

    def repaired(profit: Array, fits: Array, may: Array | None) -> Deals:
        money = float(weights.w1), float(weights.w2)
        winner, price = repaired_batch(profit, fits, *money, can=may)
        return assigned(winner, price, profit, fits, weights)

    def in_rounds(rule: Rounds, profit: Array, fits: Array, may: Array | None) -> Deals:
        return simulate(rule, profit, fits, weights, may)

    found: dict[str, Any] = {n: partial(in_rounds, rule) for n, rule in rules(settings).items()}
    return found | ({REPAIRED: repaired} if settings.tasks <= MOST_TASKS else {})


def _blocks(settings: Settings, agents: int) -> Iterator[tuple[int, int]]:
    """The number and the draws of each block, from the sizes alone."""
    size = max(CELLS // (agents * settings.tasks * 5), 1)
    for number, start in enumerate(range(0, settings.draws, size)):
        yield number, min(size, settings.draws - start)


def _hindered(may: Array | None, draws: int, agents: int, tasks: int) -> list[Coverage]:
    """What hinders in the draws that cannot be covered."""
    if may is None:
        every = coverage(np.ones((agents, tasks), dtype=bool)) if agents < tasks else None
        return [every] * draws if every else []
    found = (coverage(one) for one in may)
    return [one for one in found if not one.complete]


def _point(parts: list[Deals], settings: Settings) -> Point:
    return Point(
        {
            name: np.concatenate([measure.of(deals, settings) for deals in parts])
            for name, measure in MEASURES.items()
        },
        deals=sum(len(deals.price) for deals in parts),
        undefined=sum(int((deals.price <= 0).sum()) for deals in parts),
        uncovered=sum(int(deals.uncovered.sum()) for deals in parts),
        rounds=max(int(deals.rounds.max()) for deals in parts),
    )
