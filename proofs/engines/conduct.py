"""Looks at how code behaves, profile by profile: distinct reports, ties, zeros, and a few at random."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.evaluate.exact import TRUTHFUL
from mechanism.instance import Instance
from mechanism.targets.conduct import suspects
from mechanism.targets.foreign import Foreign, foreign_of
from proofs.engines.preferences import telling
from proofs.engines.search import Tried
from proofs.lowering.obligation import size_choices
from properties.check import check, families, referee
from properties.property import Obligation

RANDOM = 2  # for each number of agents


def observe(
    obligation: Obligation, code: Foreign, what: str, numbers: range, seed: int
) -> tuple[Tried, int]:
    """Check a few telling profiles for each number of agents.

    Returns
    -------
    (Tried, int)
        And on how many profiles processes disagreed where no single profile shows it again.
    """
    rng = np.random.default_rng(seed)
    instances = [
        instance
        for n in numbers
        for sizes in size_choices(obligation, n)
        for instance in profiles(obligation, sizes, rng)
    ]
    requests = [code.request(referee(obligation, i), TRUTHFUL) for i in instances]
    places = suspects(code.session, what, requests)
    for place in places:
        if check(obligation, instances[place]).violated:
            return Tried(place + 1, instances[place]), 0
    return Tried(len(instances)), len(places)


def profiles(
    obligation: Obligation, sizes: dict[str, int], rng: np.random.Generator
) -> Iterator[Instance]:
    """Instances with falling, rising, equal and random reports."""
    if obligation.rule.setting.id == "matching":
        code = foreign_of(obligation.rule)
        assert code is not None
        kind = code.target.kind
        sides = [kind.sides] if kind.agents else [(1, 1), (2, 2), (3, 3)]
        yield from telling(sides, kind, obligation.rule.given, rng)
        return
    reader, given = Instance(sizes), obligation.rule.given
    (family,) = obligation.rule.reports
    shape = tuple(len(reader.domain(sort)) for sort in family.over)
    count = int(np.prod(shape))
    others = {f.name: given[f.name] for f in families(obligation) if f.name in given}
    rows: list[Any] = [
        range(count, 0, -1),
        range(1, count + 1),
        [1] * count,
        [0] * count,
        [2, 2, *[1] * count][:count],
    ]
    rows += [rng.integers(0, 9, count).tolist() for _ in range(RANDOM)]
    for row in rows:
        table = np.array([Fraction(int(x)) for x in row], dtype=object).reshape(shape)
        yield Instance(sizes, {family.truth.name: _nested(table), **others})


def _nested(table: Any) -> Any:
    return tuple(map(_nested, table)) if isinstance(table, np.ndarray) else table
