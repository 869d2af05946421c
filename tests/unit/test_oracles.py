"""Every catalogue rule, evaluated exactly, against an auction written by hand in plain Python."""

import random
from fractions import Fraction

import pytest
from oracles import oracle

from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance
from mechanism.registry import RULES, rule
from mechanism.virtual import Affine, PiecewiseLinear

# The most agents and goods with which a profile takes little time.
AGENTS = {
    "vcg-assignment": 4,
    "fmmra-repaired": 3,
    "fmmra-repaired-no-subsidy": 3,
    "fmmra-repaired-clipped": 3,
    "vcg-combinatorial": 3,
    "greedy-single-minded": 4,
    "greedy-pay-as-bid": 4,
}
PROFILES = 150


def number(rng, zero=True):
    """A small rational; ties are likely."""
    return Fraction(rng.randint(0 if zero else 1, 6), rng.choice((1, 1, 2, 3)))


def virtual_value(rng):
    if rng.random() < 0.5:
        return Affine(number(rng, zero=False), number(rng) - 3)
    xs = sorted({number(rng) for _ in range(3)} | {Fraction(0), Fraction(7)})
    ys = sorted({number(rng) - 2 for _ in range(9)} | {Fraction(n + 5) for n in range(9)})
    return PiecewiseLinear(tuple(zip(xs, ys, strict=False)))


def fitness(rng, name, size):
    """For one task, or for each of several."""
    if name == "fmmra-one-task":
        return number(rng)
    return tuple(number(rng) for _ in range(size))


def parameters(rng, name, agents, size):
    """Values for every parameter of a rule."""
    per_agent = lambda draw: tuple(draw() for _ in range(agents))  # noqa: E731
    made = {
        "k": lambda: Fraction(rng.randint(1, agents)),
        "reserve": lambda: number(rng),
        "price": lambda: number(rng),
        "w1": lambda: number(rng, zero=False),
        "w2": lambda: number(rng, zero=name != "fmmra-multi-round"),
        "score": lambda: per_agent(lambda: number(rng)),
        "fitness": lambda: per_agent(lambda: fitness(rng, name, size)),
        "mu": lambda: Fraction(rng.randint(1, 5), 5),
        "can": lambda: per_agent(lambda: tuple(rng.random() < 0.8 for _ in range(size))),
        "dummy": lambda: tuple(number(rng) for _ in range(size)),
        "weight": lambda: per_agent(lambda: number(rng, zero=False)),
        "bonus": lambda: tuple(number(rng) - 2 for _ in range(size)),
        "rate": lambda: tuple(sorted((number(rng) for _ in range(size)), reverse=True)),
        "buyer": lambda: per_agent(lambda: rng.random() < 0.5),
        "phi": lambda: per_agent(lambda: virtual_value(rng)),
    }
    return {family.name: made[family.name]() for family in rule(name).parameters}


def reports(rng, auction, agents, sizes):
    """One table for each report family."""
    tables = []
    for family in auction.reports:
        if family.domain.boolean:
            rows = [[rng.random() < 0.6 for _ in range(sizes["good"])] for _ in range(agents)]
            for row in rows:
                row[rng.randrange(len(row))] = True
            tables.append(tuple(tuple(row) for row in rows))
        elif len(family.over) == 1:
            tables.append(tuple(number(rng) for _ in range(agents)))
        else:
            sort = family.over[1]
            width = 2 ** sizes["good"] - 1 if sort == "bundle" else sizes[sort]
            shift = 0 if family.domain.lower == 0 else 2  # below 0 too, where that is allowed
            tables.append(
                tuple(tuple(number(rng) - shift for _ in range(width)) for _ in range(agents))
            )
    return tables


def evaluated(auction, instance):
    """The allocation and the payments by the referee."""
    read, agents = Exact(instance, auction.ties), instance.domain("agent")
    pays = [read(auction.payment, {auction.agent: a}) for a in agents]
    if auction.setting.id == "public":
        return read(auction.allocation), pays
    if auction.good is None:
        return [read(auction.allocation, {auction.agent: a}) for a in agents], pays
    by_good = [
        tuple(
            read(auction.allocation, {auction.agent: a, auction.good: g})
            for g in instance.domain("good")
        )
        for a in agents
    ]
    return by_good, pays


@pytest.mark.parametrize("name", RULES)
def test_agrees_with_the_oracle(name):
    rng = random.Random(name)
    auction = rule(name)
    for _ in range(PROFILES):
        agents = rng.randint(auction.min_agents, AGENTS.get(name, 5))
        sizes = {"agent": agents} | {
            sort: rng.randint(low, high + (sort in ("slot", "outcome")))
            for sort, (low, high) in auction.sizes.items()
        }
        if name == "vcg-assignment":
            sizes["good"] = min(sizes["good"], 7 - agents)
        said = reports(rng, auction, agents, sizes)
        fixed = parameters(
            rng, name, agents, *(sizes[s] for s in auction.sizes), *(() if auction.sizes else (0,))
        )
        tables = {f.truth.name: table for f, table in zip(auction.reports, said, strict=True)}
        instance = Instance(sizes, tables | fixed)
        assert evaluated(auction, instance) == oracle(name)(*map(list, said), **fixed)
