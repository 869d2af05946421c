"""Many runs at once, market by market, against exact stepping of the same rule, ties included."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import And, Eq, Not, Or

from mechanism.errors import RuleError
from mechanism.evaluate.batch import HANDLERS, Batch
from mechanism.evaluate.block import Block
from mechanism.evaluate.exact import TRUTHFUL, Exact
from mechanism.evaluate.rounds import blocks, exact, markets
from mechanism.evaluate.rounds.shape import shape
from mechanism.evaluate.rounds.views import OtherShape, emptied
from mechanism.fmmra.choices import CHOICES
from mechanism.fmmra.rivals import RIVALS, capacity, mssca
from mechanism.fmmra.rounds import E, fitness, fmmra, mu, w1, w2
from mechanism.instance import Instance
from mechanism.language import (
    ArgMax,
    Cases,
    Count,
    Exists,
    Highest,
    Rounds,
    Sum,
    World,
    agents,
    goods,
    report,
    state,
)
from properties.strategies import rationals

READINGS = {
    **{name: make() for name, make in RIVALS.items()},
    **{
        f"{make.__name__}, {choice.name}={option}": make(**{choice.name: option})
        for make, choice in product((fmmra, mssca), CHOICES)
        for option in list(choice.options)[1:]
        if make is fmmra or choice.name not in ("closure", "chosen_by")
    },
    "keep-open, task": fmmra(closure="keep-open", raise_scope="task", raise_form="multiplicative"),
}


@st.composite
def draws(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Profits, fitness and capacities of a few draws of one size: small numbers, often equal."""
    rows, team, tasks = (draw(st.integers(1, n)) for n in (3, 5, 3))
    size = rows * team * tasks
    values = st.lists(rationals(), min_size=size, max_size=size)
    tables = [np.array(draw(values), dtype=object).reshape(rows, team, tasks) for _ in range(2)]
    losses = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    tables[0] -= np.array(losses).reshape(rows, team, tasks) * Fraction(3)
    room = draw(st.lists(st.integers(1, 3), min_size=tasks, max_size=tasks))
    return tables[0], tables[1], np.array(room, dtype=object)


def given_tables(profit: np.ndarray, fits: np.ndarray, room: np.ndarray, kind: type) -> dict:
    number = Fraction if kind is object else float
    scalars = {w1: Fraction(1, 4), w2: Fraction(3, 4), mu: Fraction(1, 8)}
    return {
        E: np.moveaxis(profit, -1, 0).astype(kind),
        fitness: np.moveaxis(fits, -1, 0).astype(kind),
        capacity: room[:, None].astype(kind),
        **{entry.family: np.array([number(x)], dtype=kind) for entry, x in scalars.items()},
    }


def exactly(rule: Rounds, profit: np.ndarray, fits: np.ndarray, room: np.ndarray) -> exact.Trace:
    def nested(table: np.ndarray) -> tuple:
        return tuple(map(nested, table)) if isinstance(table, np.ndarray) else table

    tables = {
        E.truth.name: nested(profit),
        "fitness": nested(fits),
        "capacity": nested(room),
        "w1": Fraction(1, 4),
        "w2": Fraction(3, 4),
        "mu": Fraction(1, 8),
    }
    sizes = {"agent": profit.shape[0], "good": profit.shape[1]}
    return exact.run(rule, Exact(Instance(sizes, tables)), TRUTHFUL)


@pytest.mark.parametrize("name", READINGS)
@given(draws())
@settings(max_examples=5)
def test_every_reading_ends_as_exact_stepping_does(name: str, drawn: tuple) -> None:
    rule, (profit, fits, room) = READINGS[name], drawn
    rows, team, tasks = profit.shape
    traces = [exactly(rule, profit[r], fits[r], room) for r in range(rows)]
    found = markets.run(rule, given_tables(*drawn, kind=object), rows, team, tasks)
    assert found.rounds.tolist() == [len(t.rounds) for t in traces]
    for s in rule.states:
        name = s.entry.family.name
        axes = (
            (1, 2, 0)
            if found.states[name].ndim == 3
            else (0, 1)
            if s.entry.index == (rule.agent,)
            else (1, 0)
        )
        ours = np.transpose(found.states[name], axes)
        want = np.array([t.last[name] for t in traces], dtype=object)
        assert (ours == want).all(), name


@pytest.mark.parametrize("name", READINGS)
def test_doubles_and_fractions_agree(name: str) -> None:
    rng = np.random.default_rng(0)  # whole numbers and dyadic weights: doubles are exact, too
    drawn = rng.integers(-2, 9, (20, 6, 3)), rng.integers(0, 4, (20, 6, 3)), np.array([1, 2, 3])
    rule = READINGS[name]
    fine, rough = (
        markets.run(rule, given_tables(*drawn, kind=kind), 20, 6, 3) for kind in (object, float)
    )
    assert (fine.rounds == rough.rounds).all()
    for state_name, table in rough.states.items():
        assert np.allclose(fine.states[state_name].astype(float), table)


def test_several_blocks_are_the_same_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    tables = given_tables(
        rng.integers(-2, 9, (8, 9, 3)), rng.integers(0, 4, (8, 9, 3)), np.ones(3), float
    )
    whole = {n: markets.run(r, tables, 8, 9, 3) for n, r in READINGS.items()}
    monkeypatch.setattr(markets, "CELLS", 9)
    for name, rule in READINGS.items():
        parts = markets.run(rule, tables, 8, 9, 3)
        assert (parts.rounds == whole[name].rounds).all()
        for state_name, table in parts.states.items():
            assert (table == whole[name].states[state_name]).all()


def test_ties_to_the_highest_index() -> None:
    tables = given_tables(np.full((1, 3, 1), 8), np.ones((1, 3, 1)), np.ones(1), float)
    for ties, winner in (("lowest-index", 0), ("highest-index", 2)):
        has = markets.run(fmmra(), tables, 1, 3, 1, ties).states["has"]
        assert np.flatnonzero(has).tolist() == [winner]


def test_single_precision_is_kept() -> None:
    rng = np.random.default_rng(0)
    rough = given_tables(rng.random((1, 50, 6)), rng.random((1, 50, 6)), np.ones(6), np.float32)
    found = markets.run(fmmra(), rough, 1, 50, 6)
    assert found.states["bid"].dtype == np.float32
    fine = {family: table.astype(float) for family, table in rough.items()}
    best = markets.run(fmmra(), fine, 1, 50, 6)
    assert (found.states["has"] == best.states["has"]).all()
    assert np.allclose(found.states["paid"], best.states["paid"], atol=1e-6)


i, j = agents("i j")
t, s = goods("t s")
b = report("b", over=("agent", "good"))
free = state("free", over="agent", boolean=True)
bids = state("bids", over=("agent", "good"), boolean=True)
total = state("total", over=("agent", "good"))
SOMEBODY = Exists(Exists(bids[i, t], i), t)
ON_ONE = And(free[i], Eq(t, ArgMax(b[i, s], s)))
STAYS = And(free[i], Not(Exists(bids[i, s], s)))


def other(value: Any, update: Any = STAYS, guard: Any = SOMEBODY, *terms: Any) -> Rounds:
    rows = [(bids[i, t], value), *terms]
    return Rounds(i, t, [(free[i], True, update)], rows, guard, 0, 0, [free[i]])


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (other(free[i]), "agents do not bid on one good that they prefer"),
        (other(And(ON_ONE, Exists(b[j, t] > 1, j))), "ranges over all of a sort"),
        (other(ON_ONE, update=False), "changes for agents who do not bid"),
        (other(ON_ONE, And(STAYS, Exists(b[i, s] > 1, s))), "goods that the agent does not bid on"),
        (other(ON_ONE, STAYS, Exists(free[i], i)), "rounds go on where nobody bids"),
        (other(ON_ONE, STAYS, SOMEBODY, (total[i, t], Sum(b[j, t], j))), "agents who do not bid"),
        (other(ON_ONE, STAYS, SOMEBODY, (total[i, t], Highest(b[i, s], s))), "another sort"),
    ],
)
def test_other_shapes_are_told(rule: Rounds, message: str) -> None:
    with pytest.raises(OtherShape, match=message):
        shape(rule)


def test_flags_that_are_down_simplify() -> None:
    assert emptied(STAYS, {bids}) == free[i]
    assert emptied(Cases((1, bids[i, t]), (2, True)), {bids}) == 2
    assert emptied(Cases((1, bids[i, t])), {bids}) == 0
    assert emptied(Highest(b[j, t], j, bids[j, t], 7), {bids}) == 7
    assert emptied(Count(bids[j, t], j), {bids}) == 0


def test_an_auction_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markets, "MANY", 5)
    idle = Rounds(
        i, t, [(free[i], True, Or(free[i], Exists(bids[i, s], s)))], [(bids[i, t], ON_ONE)],
        SOMEBODY, 0, 0, [free[i]],
    )  # fmt: skip
    with pytest.raises(RuleError, match="nothing ends the auction: it still goes on in round 5"):
        markets.run(idle, {b: np.ones((1, 1, 2))}, 1, 2, 1)


@pytest.mark.parametrize("name", READINGS)
def test_a_batch_is_run_market_by_market_and_ends_as_by_whole_tables(name: str) -> None:
    rng, rule = np.random.default_rng(0), READINGS[name]
    tables = {
        E.truth.name: rng.integers(-2, 9, (20, 5, 3)),
        "fitness": rng.integers(0, 4, (5, 3)),  # the same in all rows
        "capacity": [1, 2, 1],
        "w1": 0.25,
        "w2": 0.75,
        "mu": 0.125,
    }
    profiles = Batch({"agent": 5, "good": 3}, tables).profiles
    block = Block(profiles, 0, 20, HANDLERS)
    fast = blocks._by_markets(rule, block, TRUTHFUL)
    assert fast is not None
    slow = blocks._by_tables(rule, block, TRUTHFUL)
    assert (fast[1] == slow[1]).all()
    for family in rule.remembered:
        assert np.allclose(
            *(
                np.broadcast_to(b.table(family, None), fast[0].table(family, None).shape)
                for b in (fast[0], slow[0])
            )
        )
    without = World("without", absent=(i,))
    assert blocks._by_markets(rule, block, without) is None
