"""The vectorised evaluator gives what the referee gives, on every rule and every property."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from parity import ROWS, TRUTH, agree, batch_of, draw_sizes, draw_table

from mechanism.definedness import well_defined
from mechanism.evaluate.batch import Batch
from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance
from mechanism.language import (
    is_index,
)
from mechanism.registry import RULES, rule
from mechanism.rule import TIES
from mechanism.setting import EXTRA, HOLDER, OWNER
from properties.check import families
from properties.property import Obligation
from properties.registry import PROPERTIES, property_of


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("name", RULES)
def test_every_part_of_every_rule(name: str, ties: str) -> None:
    r, draw = rule(name).with_ties(ties), random.Random(name + ties)
    for count in range(1, 6):
        sizes = draw_sizes(r, count, draw)
        read = [b.truth for b in r.reports] + list(r.parameters)
        instances = [
            Instance(
                sizes,
                {f.name: draw_table(f, sizes, draw) for f in read},
                orders={"truth": tuple(draw.sample(range(count), count))},
            )
            for _ in range(ROWS)
        ]
        everybody, goods = range(count), range(sizes.get("good", 0))
        each = [{r.agent: a} for a in everybody]
        by_good = (
            each if r.good is None else [{r.agent: a, r.good: g} for a in everybody for g in goods]
        )
        s = r.setting
        parts = [
            (r.allocation, [{}] if is_index(r.allocation) else by_good),
            (r.payment, each),
            (r.admissible, each),
            *((a, [{}]) for a in r.assumptions),
            (well_defined(r.allocation, r.payment, r.agent, r.good), [{}]),
            (s.optimum, [{}]),
            (s.infeasible, [{}]),
            (s.cap, [{OWNER: a} for a in everybody]),
            (s.worth, [{OWNER: a, HOLDER: h} for a in everybody for h in everybody]),
            (s.union, [{OWNER: a, EXTRA: h} for a in everybody for h in everybody]),
        ]
        axes = [tuple(envs[0]) for _, envs in parts]
        batch = batch_of(instances, ties)
        results = batch.evaluate([expr for expr, _ in parts], axes=axes)
        readers = [Exact(instance, ties) for instance in instances]
        for (expr, envs), found in zip(parts, results):
            agree(expr, found, readers, envs, TRUTH, f"{name} {ties} {expr}")


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("dtype", [np.int64, np.float64])
def test_fast_types(name: str, dtype: type) -> None:
    r, draw = rule(name), random.Random(name)
    sizes = draw_sizes(r, 4, draw)
    read = [b.truth for b in r.reports] + list(r.parameters)
    tables = [{f.name: draw_table(f, sizes, draw) for f in read} for _ in range(20)]
    numbers = {f.name for f in read if not f.domain.boolean and f.kind != "function"}

    def twice(table: Any) -> Any:
        return tuple(map(twice, table)) if isinstance(table, tuple) else table * 2

    tables = [{n: twice(t) if n in numbers else t for n, t in row.items()} for row in tables]
    batch = Batch(
        sizes,
        {
            f.name: np.array([row[f.name] for row in tables]).astype(dtype)
            if f.name in numbers
            else np.array([row[f.name] for row in tables])
            for f in read
        },
    )
    readers = [Exact(Instance(sizes, row)) for row in tables]
    envs = [{r.agent: a} for a in range(4)]
    found = batch(r.payment, axes=(r.agent,))
    assert found.dtype in (np.int64, np.float64)
    agree(r.payment, found, readers, envs, TRUTH, name)


def draw_obligation(o: Obligation, draw: random.Random) -> list[Instance]:
    count = draw.randint(max(2, o.min_agents), 3)
    sizes = draw_sizes(o.rule, count, draw)
    return [
        Instance(
            sizes,
            {f.name: draw_table(f, sizes, draw) for f in families(o)},
            {role.name: draw.randrange(count) for role in o.roles},
            {name: tuple(draw.sample(range(count), count)) for name in o.worlds},
        )
        for _ in range(ROWS)
    ]


@pytest.mark.parametrize("name", RULES)
def test_every_property_of_every_rule(name: str) -> None:
    draw = random.Random(name)
    for key in PROPERTIES:
        prop = property_of(key)
        if prop.suits(rule(name)):
            continue
        ties = draw.choice(TIES)
        o = prop.on(rule(name).with_ties(ties))
        instances = draw_obligation(o, draw)
        exprs = [*o.premises, o.violation, o.margin]
        results = batch_of(instances, ties, o.worlds, o.roles).evaluate(exprs)
        readers = [Exact(x, ties, o.worlds, o.roles) for x in instances]
        for expr, found in zip(exprs, results):
            assert found.shape == (ROWS,) or len(found) == 1
            agree(expr, np.broadcast_to(found, ROWS), readers, [{}], TRUTH, f"{name} {key} {ties}")
