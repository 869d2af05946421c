"""The vectorised evaluator gives what the referee gives, on every rule and every property."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from mechanism.definedness import well_defined
from mechanism.errors import RuleError
from mechanism.evaluate.batch import Batch
from mechanism.evaluate.block_operators import index_sort
from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance, sort_domain
from mechanism.language import (
    ArgMax,
    Awards,
    Cases,
    Exists,
    Family,
    First,
    ForAll,
    Greedy,
    Highest,
    Index,
    KthHighest,
    Max,
    Min,
    Rank,
    Sum,
    World,
    agents,
    at,
    is_index,
    parameter,
    report,
)
from mechanism.language.index import NUMBERED_FROM_ONE
from mechanism.registry import RULES, rule
from mechanism.rule import TIES, Rule
from mechanism.setting import EXTRA, HOLDER, OWNER
from mechanism.virtual import PiecewiseLinear, uniform
from properties.check import families
from properties.property import Obligation
from properties.registry import PROPERTIES, property_of

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
            (well_defined(r), [{}]),
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


# --- any expression of the language ----------------------------------------------------------------

I, K = agents("i k")
B = report("b")
SIDE = parameter("side", over="agent", boolean=True)
RATE = parameter("rate", over="slot")
SIZES = {"agent": 3, "good": 2, "slot": 2}
WORLDS = {
    "lie": World("lie", ((I, "lie", I), (K, "lie", K))),
    "both": World("both", ((I, "lie", K), (I, "truth", K), (K, "truth", I))),
    "gone": World("gone", ((I, "lie", I),), absent=(K,)),
    "none": World("none", absent=(I, K)),
}


class Grammar:
    """Draws expressions of the rule language."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.made = 0

    def fresh(self, sort: str = "agent") -> Index:
        self.made += 1
        return Index(f"x{self.made}", sort)

    def anybody(self, scope: tuple, depth: int) -> Any:
        bound = [x for x in (*scope, I, K) if x.sort == "agent"]
        if depth <= 0 or self.draw.random() < 0.6:
            return self.draw.choice(bound)
        j = self.fresh()
        inner = (*scope, j)
        made = self.draw.choice(
            [
                lambda: ArgMax(self.number(inner, depth - 1), j, self.condition(inner, depth - 1)),
                lambda: First(self.condition(inner, depth - 1), j),
                lambda: at(self.world(), ArgMax(B[j], j, self.condition(inner, depth - 1)), {}),
            ]
        )
        return made()

    def world(self) -> str:
        return self.draw.choice(["", *WORLDS])

    def number(self, scope: tuple, depth: int) -> Any:
        if depth <= 0:
            return self.draw.choice(
                [B[self.anybody(scope, 0)], sp.Rational(self.draw.randint(-1, 3), 2)]
            )
        j, down = self.fresh(), depth - 1
        inner = (*scope, j)
        n, c = (lambda: self.number(scope, down)), (lambda: self.condition(scope, down))
        # Operators over "everybody but somebody" have a way of their own, so they come often.
        where = self.draw.choice(
            [
                lambda: sp.true,
                lambda: self.condition(inner, down),
                lambda: sp.Ne(j, self.anybody(scope, down)),
                lambda: sp.And(sp.Ne(j, self.anybody(scope, down)), self.condition(inner, 0)),
            ]
        )
        body = lambda: self.number(inner, down)  # noqa: E731
        q, x, y = self.fresh("rank"), self.fresh(), self.fresh()
        s, g, mu = self.fresh("slot"), self.fresh("good"), self.fresh("matching")
        swap = lambda: {x: self.anybody(scope, down) for x in scope if x.sort == "agent"}  # noqa: E731
        return self.draw.choice(
            [
                lambda: B[self.anybody(scope, depth)],
                lambda: n() + n(),
                lambda: n() * n(),
                lambda: n() / n() if self.draw.random() < 0.5 else n() ** self.draw.choice([2, -2]),
                lambda: Max(n(), n()),
                lambda: Min(n(), n()) - sp.Abs(n()),
                lambda: Cases((n(), c()), (n(), c()), (n(), True)),
                lambda: Cases(
                    (n(), sp.Eq(self.anybody(scope, 0), self.anybody(scope, depth))), (n(), True)
                ),
                lambda: Highest(body(), j, where(), n()),
                lambda: Highest(B[j], j, where()),
                lambda: Sum(body(), j, where()),
                lambda: KthHighest(
                    self.draw.choice([1, 2, 9, Rank(B[j], j, I)]), body(), j, where()
                ),
                lambda: Rank(body(), j, self.anybody(scope, down), where()),
                lambda: Sum(q * KthHighest(q, body(), j, where()), q, q <= 2),
                lambda: Sum(RATE[s] - RATE[s + 1], s, s >= Rank(body(), j, K, where())),
                lambda: RATE[Rank(body(), j, self.anybody(scope, down), where())],
                lambda: RATE[ArgMax(RATE[s], s, RATE[s] > n())],
                lambda: at(self.world(), n(), swap()),
                lambda: at(self.world(), Sum(q, q) * n(), {}),
                lambda: at(
                    "",
                    Sum(Max(B[j], B[x]), j, sp.Ne(j, y)),
                    dict.fromkeys((x, y), self.anybody(scope, 0)),
                ),
                lambda: Highest(
                    Sum(Cases((body(), Exists(Awards(mu, j, g), g)), (0, True)), j), mu
                ),
            ]
        )()

    def condition(self, scope: tuple, depth: int) -> Any:
        j, m, down = self.fresh(), self.fresh(), max(depth - 1, 0)
        inner = (*scope, j)
        x, y = (lambda: self.anybody(scope, depth)), (lambda: self.anybody(scope, 0))
        plain = [
            lambda: SIDE[x()],
            lambda: sp.Eq(x(), y()),
            lambda: sp.Ne(x(), y()),
            lambda: B[x()] >= B[y()],
            lambda: sp.Eq(B[x()], B[y()]),
        ]
        if depth <= 0:
            return self.draw.choice(plain)()
        c, clash = (
            (lambda: self.condition(scope, down)),
            (lambda: self.condition((*inner, m), down)),
        )
        mu, g, h = self.fresh("matching"), self.fresh("good"), self.fresh("good")
        has = lambda who, what: Exists(Awards(mu, who, what), what)  # noqa: E731
        best = ArgMax(Sum(Cases((B[j], has(j, g)), (0, True)), j), mu, sp.Not(has(I, g)))
        return self.draw.choice(
            [
                *plain,
                lambda: self.number(scope, down) > self.number(scope, down),
                lambda: sp.And(c(), c()),
                lambda: sp.Or(c(), sp.Not(c())),
                lambda: sp.Implies(c(), c()),
                lambda: sp.Equivalent(c(), c()),
                lambda: sp.ITE(c(), c(), c()),
                lambda: Exists(self.condition(inner, down), j, self.condition(inner, 0)),
                lambda: ForAll(self.condition(inner, down), j, sp.Ne(j, y())),
                lambda: Greedy(B[j], j, x(), clash(), m, self.condition(inner, 0)),
                lambda: Exists(Awards(best, x(), h), h),
                lambda: Exists(Awards(ArgMax(0, mu, c()), x(), h), h),
                lambda: at(self.world(), self.condition(scope, down), {}),
            ]
        )()


@pytest.mark.parametrize("seed", range(150))
def test_any_expression(seed: int) -> None:
    grammar, draw = Grammar(seed), random.Random(seed)
    ties = draw.choice(TIES)
    instances = [
        Instance(
            SIZES,
            {f.name: draw_table(f, SIZES, draw) for f in (B.truth, B.lie, SIDE, RATE)},
            {"i": draw.randrange(3), "k": draw.randrange(3)},
            {name: tuple(draw.sample(range(3), 3)) for name in ("truth", *WORLDS)},
        )
        for _ in range(4)
    ]
    batch = batch_of(instances, ties, WORLDS, (I, K))
    readers = [Exact(instance, ties, WORLDS, (I, K)) for instance in instances]
    a = agents("a")
    for _ in range(12):
        make = draw.choice([grammar.number, grammar.condition, grammar.anybody])
        expr = make((a,), 3)
        if expr.has(sp.zoo, sp.nan, sp.oo, -sp.oo):  # sympy divided constants
            continue
        found = batch(expr, axes=(a,))
        agree(expr, found, readers, [{a: n} for n in range(3)], TRUTH, f"{seed} {ties} {expr}")
