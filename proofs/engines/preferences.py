"""Profiles of strict preferences, and the matchings that code makes of them, as arrays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations, product
from typing import Any

import numpy as np

from mechanism.instance import Instance
from mechanism.targets.answer import Answer
from mechanism.targets.conduct import CRASHES, SEEN
from mechanism.targets.foreign import Foreign
from mechanism.targets.kinds import Kind
from mechanism.targets.pareto import liking

AT_ONCE = 1000  # calls between looks at the clock
MOST = 100_000  # profiles that are all tried

Sides = tuple[int, int]


def orders(others: int, incomplete: bool) -> list[tuple[int, ...]]:
    """Every way to place so many others: integers, which hash and travel faster than fractions."""
    if not incomplete:
        return list(permutations(range(1, others + 1)))
    places = product(range(others + 1), repeat=others)
    return [p for p in places if sorted(filter(None, p)) == list(range(1, sum(map(bool, p)) + 1))]


@dataclass(frozen=True)
class Profiles:
    """All profiles of some agents on each side, and the matchings that the code makes of them.

    Parameters
    ----------
    sides : (int, int)
    orders : pair of array
        For each side, every way to place the other one, one in each row.
    choice : array
        For each profile and each agent, the row of its preferences.
    together : array
        For each profile, proposer and receiver, whether they are partners.
    odd : array
        For each profile, whether the allocation is no set of pairs across.
    answered : array
        For each profile, whether the code has an outcome.
    crashed : array
        For each profile, whether it has none, and did not refuse it by an error of its own.
    seats : array
        How many partners each agent may have.
    given : mapping
        Tables of the rule's parameters.
    """

    sides: Sides
    orders: tuple[Any, Any]
    choice: Any
    together: Any
    odd: Any
    answered: Any
    crashed: Any
    seats: Any
    given: dict[str, Any]

    @property
    def agents(self) -> range:
        return range(sum(self.sides))

    def liking(self, agent: int) -> Any:
        """For each profile, how high an agent places those on the other side."""
        return self._likings[agent >= self.sides[0]][self.choice[:, agent]]

    @cached_property
    def _likings(self) -> list[Any]:
        return [np.array([liking(row) for row in side]) for side in self.orders]

    def partners(self, agent: int) -> Any:
        """For each profile and each on the other side, whether it is a partner."""
        n = self.sides[0]
        return self.together[:, agent] if agent < n else self.together[:, :, agent - n]

    def content(self, agent: int, profile: Any = slice(None)) -> Any:
        """How high an agent places its partners, by its preferences in each profile, after the calls on others."""
        return (self.partners(agent)[profile] * self.liking(agent)).sum(axis=1)

    @property
    def overfull(self) -> Any:
        """For each profile, whether somebody has a partner too many."""
        counts = [self.partners(a).sum(axis=1) > self.seats[a] for a in self.agents]
        return np.any(counts, axis=0) | self.odd

    def wants(self, agent: int, other: int) -> Any:
        """For each profile, whether an agent would take another: in a free seat, or instead of a partner."""
        partners, likes = self.partners(agent), self.liking(agent)
        free = partners.sum(axis=1) < self.seats[agent]
        rather = (partners & (likes[:, [other]] > likes)).any(axis=1)
        return (likes[:, other] > 0) & (free | rather)


def count(sides: Sides, kind: Kind) -> int:
    """How many profiles there are."""
    n, m = sides
    return int(len(orders(m, kind.incomplete)) ** n * len(orders(n, kind.incomplete)) ** m)


def computed(
    code: Foreign,
    sides: Sides,
    given: Any,
    deadline: float,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Profiles | None:
    """Every profile, and what the code makes of it; None when the time is up before.

    Parameters
    ----------
    told : callable
        Takes how many profiles are done, and how many there are.
    """
    (n, m), kind = sides, code.target.kind
    first, second = orders(m, kind.incomplete), orders(n, kind.incomplete)
    choice = list(product(*[range(len(first))] * n, *[range(len(second))] * m))
    requests = [
        (tuple(first[c] for c in row[:n]), tuple(second[c] for c in row[n:])) for row in choice
    ]
    answers: list[Answer] = []
    while len(answers) < len(requests):
        if time.monotonic() > deadline:
            return None
        answers += code.session.answers(requests[len(answers) :][:AT_ONCE])
        told(len(answers), len(requests))
    together = np.zeros((len(choice), n, m), bool)
    odd = np.zeros(len(choice), bool)
    read: dict[tuple[int, ...], tuple[Any, bool]] = {}  # there are few matchings
    for row, answer in enumerate(answers):
        if answer.outcome is not None:
            key = tuple(map(id, answer.outcome.allocation))  # equal rows are one object as a rule
            if key not in read:
                read[key] = _across(np.array(answer.outcome.allocation).astype(float), n)
            together[row], odd[row] = read[key]
    return Profiles(
        sides,
        (np.array(first), np.array(second)),
        np.array(choice),
        together,
        odd,
        np.array([a.outcome is not None for a in answers]),
        np.array([SEEN[CRASHES](a) for a in answers]),
        np.array([1] * n + list(code.target.seats or [1] * m)),
        dict(given),
    )


def _across(table: Any, n: int) -> tuple[Any, bool]:
    """Who is with whom across the sides, and whether the table says anything else."""
    across = table[:n, n:] > 0
    whole = np.zeros_like(table)
    whole[:n, n:], whole[n:, :n] = across, across.T
    return across, bool((whole != table).any())


def instance_of(profiles: Profiles, profile: int, roles: dict[str, int], lie: int = -1) -> Instance:
    """One profile as an instance; places on the own side are 0."""
    side = lambda a: profiles.orders[a >= profiles.sides[0]]  # noqa: E731
    table = [
        row_of(side(a)[c], a, profiles.sides)
        for a, c in enumerate(profiles.choice[profile].tolist())
    ]
    said = list(table)
    if lie >= 0:
        said[roles["i"]] = row_of(side(roles["i"])[lie], roles["i"], profiles.sides)
    tables = {**_tables(profiles.sides, profiles.given), "v": tuple(table), "b'": tuple(said)}
    return Instance(
        {"agent": sum(profiles.sides)},
        tables if lie >= 0 else {n: t for n, t in tables.items() if n != "b'"},
        roles,
    )


def _tables(sides: Sides, given: Any) -> dict[str, Any]:
    return {"proposer": (True,) * sides[0] + (False,) * sides[1], **given}


def telling(
    sizes: list[Sides], kind: Kind, given: Any, rng: np.random.Generator, profiles: int = 4
) -> Iterator[Instance]:
    """A few profiles for each size: all alike, and some at random."""
    for sides in sizes:
        rows = [orders(k, kind.incomplete) for k in reversed(sides)]
        for number in range(profiles):
            table = tuple(
                row_of(side[int(rng.integers(len(side))) if number else -1], agent, sides)
                for agent in range(sum(sides))
                for side in [rows[agent >= sides[0]]]
            )
            yield Instance({"agent": sum(sides)}, {**_tables(sides, given), "v": table})


def row_of(order: Any, agent: int, sides: Sides) -> tuple[Fraction, ...]:
    """The places that an agent gives to everybody: those of the other side, and 0 for its own."""
    n, m = sides
    other = tuple(Fraction(int(p)) for p in order)
    return (*(Fraction(0),) * n, *other) if agent < n else (*other, *(Fraction(0),) * m)
