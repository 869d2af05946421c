"""Matchings on every profile of strict preferences: the domain is finite, so that a grid can be the whole of it.

Properties are decided on arrays of all profiles at once; what violates one is confirmed by the referee, and a
sample of what does not, too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from typing import Any

import numpy as np

from mechanism.instance import Instance
from mechanism.targets.foreign import Foreign
from mechanism.targets.kinds import Kind
from mechanism.targets.pareto import matchings
from proofs.engines.preferences import (
    Profiles,
    Sides,
    computed,
    instance_of,
    orders,
    row_of,
    telling,
)
from proofs.engines.search import Tried
from proofs.question import EngineError
from properties.check import check
from properties.property import Obligation

SAMPLE = 40  # profiles of each size that the referee looks at, too
Hit = tuple[int, dict[str, int], int]  # profile, roles, row of the misreport (or -1)


def exhaust(
    obligation: Obligation, code: Foreign, sizes: list[Sides], seed: int, deadline: float
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
        And on how many profiles it cannot be told, since the code has no outcome.
    """
    find, tried, silent = FINDERS[obligation.property.id], 0, 0
    total = obligation.property.id == TOTAL  # which no outcome is an answer to
    done: list[Sides] = []
    for sides in sizes:
        profiles = computed(code, sides, obligation.rule.given, deadline)
        if profiles is None:
            break
        answered = np.ones_like(profiles.answered) if total else profiles.answered
        tried += int(answered.sum())
        silent += int((~answered).sum())
        hit = next(find(profiles, code), None)
        if hit is not None:
            instance = instance_of(profiles, *hit)
            if not check(obligation, instance).violated:
                raise EngineError(f"the referee sees no violation in {instance!r}")
            return Tried(tried, instance), silent
        _sampled(obligation, profiles, np.random.default_rng(seed))
        done.append(sides)
    return Tried(tried, None, tuple(f"every profile of {n} and {m}" for n, m in done)), silent


def sample(
    obligation: Obligation, sides: Sides, kind: Kind, seed: int, deadline: float, most: int
) -> Tried:
    """Profiles at random, where there are too many."""
    rng, tried = np.random.default_rng(seed), 0
    rows = [orders(k, kind.incomplete) for k in reversed(sides)]
    for instance in telling([sides], kind, obligation.rule.given, rng, most):
        roles = dict(zip([r.name for r in obligation.roles], map(int, rng.permutation(sum(sides)))))
        tables = dict(instance.tables)
        if obligation.said:
            said, liar = list(tables["v"]), roles["i"]
            side = rows[liar >= sides[0]]
            said[liar] = row_of(side[int(rng.integers(len(side)))], liar, sides)
            tables["b'"] = tuple(said)
        found = check(obligation, Instance(instance.sizes, tables, roles))
        tried += found.admitted
        if found.violated:
            return Tried(tried, Instance(instance.sizes, tables, roles))
        if time.monotonic() > deadline:
            break
    return Tried(tried)


def _gains(profiles: Profiles, code: Foreign) -> Iterator[Hit]:
    """Misreports that bring a better partner, of the side that is asked about."""
    n, m = profiles.sides
    counts = [len(profiles.orders[a >= n]) for a in profiles.agents]
    for agent in range(n, n + m) if code.target.side == "receivers" else range(n):
        step, own = prod(counts[agent + 1 :]), profiles.choice[:, agent]
        before = profiles.content(agent)
        for lie in range(counts[agent]):
            there = np.arange(len(own)) + (lie - own) * step
            better = profiles.content(agent, there) > before
            yield from _hits(
                better & profiles.answered & profiles.answered[there], {"i": agent}, lie
            )


def _blocks(profiles: Profiles, code: Foreign) -> Iterator[Hit]:
    """Pairs that like each other better than their partners; partners that are not wanted, or too many."""
    n, m = profiles.sides
    for i, k in product(range(n), range(m)):
        blocking = profiles.wants(i, k) & profiles.wants(n + k, i) & ~profiles.together[:, i, k]
        yield from _hits(blocking & profiles.answered, {"i": i, "k": n + k})
    unwelcome = [
        (profiles.partners(a) & (profiles.liking(a) < 0)).any(axis=1) for a in profiles.agents
    ]
    wrong = np.any(unwelcome, axis=0) | profiles.overfull
    yield from _hits(wrong & profiles.answered, {"i": 0, "k": n})


def _overfull(profiles: Profiles, code: Foreign) -> Iterator[Hit]:
    yield from _hits(profiles.overfull & profiles.answered, {})


def _dominated(profiles: Profiles, code: Foreign) -> Iterator[Hit]:
    """Other matchings that are better for somebody and worse for nobody."""
    n, m = profiles.sides
    content = np.stack([profiles.content(a) for a in profiles.agents], axis=1)
    for pairs in matchings(n, m, profiles.seats[n:].tolist()):
        other = np.zeros_like(content)
        for i, k in pairs:
            other[:, i] += profiles.liking(i)[:, k]
            other[:, n + k] += profiles.liking(n + k)[:, i]
        better = (other >= content).all(axis=1) & (other > content).any(axis=1)
        yield from _hits(better & profiles.answered, {})


def _crashes(profiles: Profiles, code: Foreign) -> Iterator[Hit]:
    yield from _hits(profiles.crashed, {})


def _hits(where: Any, roles: dict[str, int], lie: int = -1) -> Iterator[Hit]:
    for profile in np.flatnonzero(where):
        yield int(profile), roles, lie


TOTAL = "matching-totality"
FINDERS: dict[str, Callable[[Profiles, Foreign], Iterator[Hit]]] = {
    TOTAL: _crashes,
    "matching-feasibility": _overfull,
    "matching-strategyproofness": _gains,
    "stability": _blocks,
    "pareto-efficiency": _dominated,
}


def _sampled(obligation: Obligation, profiles: Profiles, rng: np.random.Generator) -> None:
    """Where the arrays see nothing, the referee must not either."""
    for _ in range(SAMPLE):
        agents = rng.permutation(len(profiles.agents))
        roles = {role.name: int(a) for role, a in zip(obligation.roles, agents)}
        liar = roles.get("i", 0)
        lie = int(rng.integers(len(profiles.orders[liar >= profiles.sides[0]])))
        profile = int(rng.integers(len(profiles.choice)))
        instance = instance_of(profiles, profile, roles, lie if obligation.said else -1)
        if check(obligation, instance).violated:
            raise EngineError(f"the referee sees a violation in {instance!r}")
