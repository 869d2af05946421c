"""Matchings on every profile of strict preferences: the domain is finite, so that a grid can be the whole of it.

Properties are decided on arrays of all profiles at once; what violates one is confirmed by the referee, and a
sample of what does not, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import numpy as np

from mechanism.instance import Instance
from mechanism.targets.answer import Answer
from mechanism.targets.foreign import Foreign
from mechanism.targets.pareto import matchings
from proofs.engines.search import Tried
from proofs.question import EngineError
from properties.check import check
from properties.property import Obligation

AT_ONCE = 1000  # calls between looks at the clock
SAMPLE = 40  # profiles of each size that the referee looks at, too


@dataclass(frozen=True)
class Profiles:
    """All profiles of m agents on each side, and the matchings that the code makes of them.

    Parameters
    ----------
    m : int
    orders : array
        Every way to place the other side, one in each row.
    choice : array
        For each profile and each agent, the row of its preferences.
    content : array
        For each profile and agent, how high it places its partner, 0 without one.
    partner : array
        For each profile and agent, the place of its partner on the other side, or -1.
    answered : array
        For each profile, whether the code has an outcome.
    """

    m: int
    orders: Any
    choice: Any
    content: Any
    partner: Any
    answered: Any

    def places(self, agent: int) -> Any:
        """For each profile, the places an agent gives to the other side."""
        return self.orders[self.choice[:, agent]]


Hit = tuple[int, dict[str, int], int]  # profile, roles, row of the misreport (or -1)


def exhaust(
    obligation: Obligation, code: Foreign, sizes: list[int], seed: int, deadline: float
) -> tuple[Tried, int]:
    """Decide a property on every profile of so many agents on each side, the smallest first.

    Raises
    ------
    EngineError
        When the arrays and the referee disagree.

    Returns
    -------
    (Tried, int)
        `whole` names the sizes that were done in time.
        And on how many profiles the code has no outcome.
    """
    find, tried, silent = FINDERS[obligation.property.id], 0, 0
    done: list[int] = []
    for m in sizes:
        profiles = computed(code, m, deadline)
        if profiles is None:
            break
        tried += int(profiles.answered.sum())
        silent += int((~profiles.answered).sum())
        hit = next(find(profiles, code), None)
        if hit is not None:
            instance = instance_of(profiles, *hit)
            if not check(obligation, instance).violated:
                raise EngineError(f"the referee sees no violation in {instance!r}")
            return Tried(tried, instance), silent
        _sampled(obligation, profiles, np.random.default_rng(seed))
        done.append(m)
    return Tried(tried, None, tuple(f"every profile of {m} and {m}" for m in done)), silent


def computed(code: Foreign, m: int, deadline: float) -> Profiles | None:
    """Every profile, and what the code makes of it; None when the time is up before."""
    places = list(permutations(range(1, m + 1)))  # integers, which hash and travel faster
    choice = list(product(range(len(places)), repeat=2 * m))
    requests = [
        (tuple(places[c] for c in row[:m]), tuple(places[c] for c in row[m:])) for row in choice
    ]
    partner = np.full((len(choice), 2 * m), -1)
    answers: list[Answer] = []
    while len(answers) < len(requests):
        if time.monotonic() > deadline:
            return None
        answers += code.session.answers(requests[len(answers) :][:AT_ONCE])
    for n, answer in enumerate(answers):
        if answer.outcome is None:
            continue
        for i, row in enumerate(answer.outcome.allocation):
            others = row[m:] if i < m else row[:m]
            partner[n, i] = next((k for k, flag in enumerate(others) if flag), -1)
    table = np.array(places)
    chosen = np.array(choice)
    given = np.take_along_axis(table[chosen], np.maximum(partner, 0)[..., None], axis=2)[..., 0]
    return Profiles(
        m,
        table,
        chosen,
        np.where(partner < 0, 0, m + 1 - given),
        partner,
        np.array([a.outcome is not None for a in answers]),
    )


def instance_of(profiles: Profiles, profile: int, roles: dict[str, int], lie: int = -1) -> Instance:
    """One profile as an instance; places on the own side are 0."""
    m = profiles.m
    table = [_row(profiles.orders[c], a, m) for a, c in enumerate(profiles.choice[profile])]
    said = list(table)
    if lie >= 0:
        said[roles["i"]] = _row(profiles.orders[lie], roles["i"], m)
    tables = {"v": tuple(table), "b'": tuple(said), "proposer": (True,) * m + (False,) * m}
    return Instance(
        {"agent": 2 * m},
        tables if lie >= 0 else {n: t for n, t in tables.items() if n != "b'"},
        roles,
    )


def telling(rng: np.random.Generator) -> Iterator[Instance]:
    """A few profiles for each size: all alike, and some at random."""
    for m in (1, 2, 3):
        orders = [tuple(map(Fraction, p)) for p in permutations(range(1, m + 1))]
        for n in range(4):
            rows = [orders[int(rng.integers(len(orders))) if n else 0] for _ in range(2 * m)]
            table = tuple(_row(order, a, m) for a, order in enumerate(rows))
            yield Instance({"agent": 2 * m}, {"v": table, "proposer": (True,) * m + (False,) * m})


def _row(order: Any, agent: int, m: int) -> tuple[Fraction, ...]:
    own, other = (Fraction(0),) * m, tuple(Fraction(int(p)) for p in order)
    return (*own, *other) if agent < m else (*other, *own)


# --- properties --------------------------------------------------------------------------------


def _gains(profiles: Profiles, code: Foreign) -> Iterator[Hit]:
    """Misreports that bring a better partner, of the side that is asked about."""
    m, count = profiles.m, len(profiles.orders)
    agents = range(m, 2 * m) if code.target.side == "receivers" else range(m)
    for agent in agents:
        step = count ** (2 * m - 1 - agent)
        own = profiles.choice[:, agent]
        for lie in range(count):
            there = np.arange(len(own)) + (lie - own) * step
            partner = profiles.partner[there, agent]
            place = np.take_along_axis(
                profiles.places(agent), np.maximum(partner, 0)[:, None], axis=1
            )[:, 0]
            content = np.where(partner < 0, 0, m + 1 - place)
            better = content > profiles.content[:, agent]
            yield from _hits(
                better & profiles.answered & profiles.answered[there], {"i": agent}, lie
            )


def _blocks(profiles: Profiles, code: Foreign) -> Iterator[Hit]:
    """Pairs that like each other better than their partners."""
    m = profiles.m
    for i, k in product(range(m), repeat=2):
        rather = m + 1 - profiles.places(i)[:, k] > profiles.content[:, i]
        likewise = m + 1 - profiles.places(m + k)[:, i] > profiles.content[:, m + k]
        yield from _hits(rather & likewise & profiles.answered, {"i": i, "k": m + k})


def _dominated(profiles: Profiles, code: Foreign) -> Iterator[Hit]:
    """Other matchings that are better for somebody and worse for nobody."""
    m = profiles.m
    for pairs in matchings(m, m):
        content = np.zeros_like(profiles.content)
        for i, k in pairs:
            content[:, i] = m + 1 - profiles.places(i)[:, k]
            content[:, m + k] = m + 1 - profiles.places(m + k)[:, i]
        better = (content >= profiles.content).all(axis=1) & (content > profiles.content).any(
            axis=1
        )
        yield from _hits(better & profiles.answered, {})


def _hits(where: Any, roles: dict[str, int], lie: int = -1) -> Iterator[Hit]:
    for profile in np.flatnonzero(where):
        yield int(profile), roles, lie


FINDERS: dict[str, Callable[[Profiles, Foreign], Iterator[Hit]]] = {
    "matching-strategyproofness": _gains,
    "stability": _blocks,
    "pareto-efficiency": _dominated,
}


def _sampled(obligation: Obligation, profiles: Profiles, rng: np.random.Generator) -> None:
    """Where the arrays see nothing, the referee must not either."""
    m = profiles.m
    for _ in range(SAMPLE):
        profile, lie = (
            int(rng.integers(len(profiles.choice))),
            int(rng.integers(len(profiles.orders))),
        )
        agents = rng.permutation(2 * m)
        roles = {role.name: int(a) for role, a in zip(obligation.roles, agents)}
        instance = instance_of(profiles, profile, roles, lie if obligation.said else -1)
        if check(obligation, instance).violated:
            raise EngineError(f"the referee sees a violation in {instance!r}")
