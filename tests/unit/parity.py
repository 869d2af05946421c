"""Random instances, and whether the vectorised evaluator agrees with the referee on them."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mechanism.errors import RuleError
from mechanism.evaluate.batch import Batch
from mechanism.evaluate.block_operators import index_sort
from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance, sort_domain
from mechanism.language import (
    Family,
    Index,
    World,
    is_index,
)
from mechanism.language.index import NUMBERED_FROM_ONE
from mechanism.rule import Rule
from mechanism.virtual import PiecewiseLinear, uniform

GRID = [Fraction(n, 2) for n in (0, 0, 1, 2, 2, 3, 4)]


FUNCTIONS = [
    uniform(0, 1),
    uniform(1, 3),
    uniform(0, 3),
    PiecewiseLinear([(0, -2), (1, 0), (2, 3)]),
]


ROWS = 5


def draw_entry(family: Family, draw: random.Random) -> Any:
    if family.kind == "function":
        return draw.choice(FUNCTIONS)
    if family.domain.boolean:
        return draw.random() < 0.7
    grid = [n for n in (*GRID, Fraction(-1)) if family.domain.holds(n)]
    return draw.choice(grid)


def draw_table(family: Family, sizes: dict[str, int], draw: random.Random, depth: int = 0) -> Any:
    if depth == len(family.over):
        return draw_entry(family, draw)
    elements = sort_domain(family.over[depth], sizes)
    return tuple(draw_table(family, sizes, draw, depth + 1) for _ in elements)


def draw_sizes(r: Rule, count: int, draw: random.Random) -> dict[str, int]:
    return {"agent": count} | {sort: draw.randint(*span) for sort, span in r.sizes.items()}


def in_rows(instances: list[Instance], name: str) -> np.ndarray:
    return np.array([instance.tables[name] for instance in instances])


def batch_of(
    instances: list[Instance],
    ties: str,
    worlds: dict[str, World] | None = None,
    roles: tuple[Index, ...] = (),
) -> Batch:
    one = instances[0]
    return Batch(
        one.sizes,
        {name: in_rows(instances, name) for name in one.tables},
        ties,
        worlds,
        {role: np.array([x.roles[role.name] for x in instances]) for role in roles},
        {name: np.array([x.orders[name] for x in instances]) for name in one.orders},
    )


def coded(value: Any, expr: Any, instance: Instance) -> Any:
    """A value of the referee as the batch writes it."""
    if is_index(expr) and not isinstance(value, Fraction):
        if value is None:
            return -1
        sort = index_sort(expr)
        return instance.domain(sort).index(value) + (sort in NUMBERED_FROM_ONE)
    return value


def same(found: Any, value: Any) -> bool:
    if isinstance(found, (float, np.floating)):
        return found == pytest.approx(float(value))
    return bool(found == value)


def agree(
    expr: Any, found: np.ndarray, readers: list[Exact], envs: list[dict], world: World, where: str
) -> None:
    """Compare all rows, each under every environment; skip what has no value."""
    for row, read in enumerate(readers):
        for env in envs:
            try:
                value = read(expr, env, world)
            except RuleError:
                continue
            cell = found[(row, *env.values())]
            here = f"{where}, row {row}, {env}: {read.instance}"
            assert same(cell, coded(value, expr, read.instance)), (here, cell, value)


TRUTH = World("truth")
