"""Running rules: exact outcomes, and arrays."""

import warnings
from fractions import Fraction
from random import Random

import numpy as np
import pytest
import sympy as sp

from mechanism.errors import InputError, MissingExtra
from mechanism.evaluate import run as running
from mechanism.language import agents, report
from mechanism.registry import RULES, rule
from mechanism.rule import Rule
from mechanism.virtual import PiecewiseLinear, uniform

F = Fraction
SIDES = {"buyer": [True, True, True, False, False, False]}
TASKS = {"w1": 2, "w2": 1, "fitness": [[1, 0], [0, 4], [2, 2]], "can": [[1, 1], [1, 1], [1, 0]]}
# What a rule is run on: reports, and parameters.
EXAMPLES = {
    "kth-price": ([[3, 7, 5]], {"k": 2}),
    "second-price-reserve": ([[3, 7, 5]], {"reserve": 6}),
    "first-price-reserve": ([[3, 7, 5]], {"reserve": "13/2"}),
    "posted-price": ([[3, 7, 5]], {"price": 4}),
    "posted-price-unlimited": ([[3, 7, 5]], {"price": 4}),
    "myerson": (
        [[3, 7, 5]],
        {"phi": [uniform(0, 8), uniform(0, 10), PiecewiseLinear([(0, -3), (9, 9)])]},
    ),
    "score-auction": ([[3, 7, 5]], {"w1": 2, "w2": "1/3", "score": [9, 1, 1]}),
    "fmmra-one-task": ([[3, 7, 5]], {"w1": 2, "w2": 3, "fitness": [9, 1, 1]}),
    "fmmra-multi-round": (
        [[[3, 1], [7, 6], [5, 5]]],
        {"w1": 2, "w2": 3, "mu": "1/10", "fitness": [[9, 1], [1, 2], [0, 3]]},
    ),
    "fmmra-repaired": ([[[3, 1], [7, 6], [5, -5]]], TASKS),
    "fmmra-repaired-no-subsidy": ([[[3, 1], [7, 6], [5, -5]]], TASKS | {"dummy": [2, 4]}),
    "fmmra-repaired-clipped": ([[[3, 1], [7, 6], [5, 0]]], TASKS),
    "uniform-price": ([[3, 7, 5]], {"k": 2}),
    "pay-as-bid": ([[3, 7, 5]], {"k": 2}),
    "gsp": ([[3, 7, 5]], {"rate": [1, "1/2"]}),
    "vcg-slots": ([[3, 7, 5]], {"rate": [1, "1/2"]}),
    "vcg-assignment": ([[[3, 1], [7, 6], [5, 5]]], {}),
    "vcg-combinatorial": ([[[3, 1, 4], [7, 6, 7], [5, 5, 11]]], {}),
    "vcg-public": ([[[3, 1], [7, 6], [0, 5]]], {}),
    "affine-maximizer": ([[[3, 1], [7, 6], [0, 5]]], {"weight": [1, 2, 3], "bonus": [0, "-1/7"]}),
    "greedy-single-minded": ([[3, 7, 5], [[1, 0], [1, 1], [0, 1]]], {}),
    "greedy-pay-as-bid": ([[3, 7, 5], [[1, 0], [1, 1], [0, 1]]], {}),
    "mcafee": ([[9, 7, 5, 2, 4, 8]], SIDES),
    "trade-reduction": ([[9, 7, 5, 2, 4, 8]], SIDES),
    "average-price-double-auction": ([[9, 7, 5, 2, 4, 8]], SIDES),
    "vcg-double-auction": ([[9, 7, 5, 2, 4, 8]], SIDES),
}


def example(name):
    return EXAMPLES.get(name, ([[3, 7, 5]], {}))


def leaves(values):
    return [x for v in values for x in leaves(v)] if isinstance(values, tuple) else [values]


# --- outcomes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "allocation", "payments"),
    [
        ("first-price", (0, 1, 0), (0, 7, 0)),
        ("second-price", (0, 1, 0), (0, 5, 0)),
        ("all-pay", (0, 1, 0), (3, 7, 5)),
        ("second-price-reserve", (0, 1, 0), (0, 6, 0)),
        ("posted-price", (0, 1, 0), (0, 4, 0)),
        ("posted-price-unlimited", (0, 1, 1), (0, 4, 4)),
        ("myerson", (0, 1, 0), (0, F(41, 6), 0)),
        ("score-auction", (0, 1, 0), (0, 5, 0)),
        ("fmmra-one-task", (1, 0, 0), (0, 0, 0)),
        ("uniform-price", (0, 1, 1), (0, 3, 3)),
        ("pay-as-bid", (0, 1, 1), (0, 7, 5)),
        ("gsp", (0, 1, F(1, 2)), (0, 5, F(3, 2))),
        ("vcg-slots", (0, 1, F(1, 2)), (0, 4, F(3, 2))),
        ("vcg-assignment", ((0, 0), (1, 0), (0, 1)), (0, 3, 2)),
        ("vcg-combinatorial", ((0, 0), (1, 0), (0, 1)), (0, 6, 2)),
        ("vcg-public", 1, (0, 0, 3)),
        ("greedy-single-minded", ((1, 0), (0, 0), (0, 1)), (0, 0, F(7, 2))),
        ("mcafee", (1, 1, 0, 1, 1, 0), (F(13, 2),) * 2 + (0,) + (-F(13, 2),) * 2 + (0,)),
        ("trade-reduction", (1, 0, 0, 1, 0, 0), (7, 0, 0, -4, 0, 0)),
        (
            "average-price-double-auction",
            (1, 1, 0, 1, 1, 0),
            (F(11, 2),) * 2 + (0,) + (-F(11, 2),) * 2 + (0,),
        ),
        ("vcg-double-auction", (1, 1, 0, 1, 1, 0), (5, 5, 0, -7, -7, 0)),
    ],
)
def test_known_outcomes(name, allocation, payments):
    reports, parameters = example(name)
    outcome = rule(name).run(*reports, **parameters)
    assert outcome.allocation == allocation
    assert outcome.payments == payments


@pytest.mark.parametrize("name", RULES)
def test_run_stays_exact(name):
    reports, parameters = example(name)
    outcome = rule(name).run(*reports, **parameters)
    assert all(type(p) is Fraction for p in outcome.payments)
    if name in ("vcg-public", "affine-maximizer"):
        assert type(outcome.allocation) is int
    else:
        assert all(type(x) is Fraction for x in leaves(outcome.allocation))


@pytest.mark.parametrize("dtype", [np.int64, np.float64, np.int32, np.float32, object])
@pytest.mark.parametrize("name", RULES)
def test_rows_of_a_batch_are_runs(name, dtype):
    reports, parameters = example(name)
    once = rule(name).run(*reports, **parameters)
    arrays = [np.array([r, r], dtype=bool if np.max(r) == 1 else dtype) for r in reports]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome = rule(name).run_batch(*arrays, **parameters)
    assert outcome.payments.shape == (2, len(once.payments))
    for row in range(2):
        assert np.array_equal(
            np.array(outcome.allocation[row], float), np.array(once.allocation, float)
        )
        assert np.allclose(np.array(outcome.payments[row], float), np.array(once.payments, float))
    if dtype is object:
        assert tuple(outcome.payments[0]) == once.payments
        assert all(type(x) is Fraction for x in outcome.payments.flat)


def test_numbers_in_any_form():
    given = rule("second-price").run([3, "7/2", 0.5, F(1, 3), sp.Rational(10, 3)])
    assert given.payments == (0, F(10, 3), 0, 0, 0)


def test_fixed_parameters_are_not_asked_for():
    assert rule("second-price-reserve").with_parameters(reserve=6).run([7, 5]).payments == (6, 0)
    assert rule("gsp").with_parameters(rate=[2, 1]).run([7, 5]).payments == (10, 0)
    assert rule("third-price").run([7, 5, 3]).payments == (3, 0, 0)


def test_bundles_by_name():
    bids = [{frozenset({0, 1}): 5}, {(0,): 3}, {frozenset({1}): 1}]
    outcome = rule("vcg-combinatorial").run(bids)
    assert outcome.allocation == ((1, 1), (0, 0), (0, 0))
    assert outcome.payments == (4, 0, 0)
    assert len(rule("vcg-combinatorial").run([{(0,): 3}, {}], good=3).allocation[0]) == 3


@pytest.mark.parametrize(("ties", "order", "winner"), [
    ("lowest-index", None, 0), ("highest-index", None, 2), ("any", None, 0), ("any", [1, 2, 0], 1),
])  # fmt: skip
def test_tie_policies(ties, order, winner):
    assert rule("second-price").with_ties(ties).run([4, 4, 4], order=order).winners == (winner,)


def test_public_decisions_and_revenue_in_batches():
    outcome = rule("vcg-public").run_batch(np.array([[[3, 1], [1, 2]], [[0, 1], [0, 1]]]))
    assert outcome.allocation.tolist() == [0, 1]
    assert outcome.revenue.tolist() == [1, 0]


def test_no_rows():
    assert rule("second-price").run_batch(np.zeros((0, 3))).payments.shape == (0, 3)
    assert rule("vcg-assignment").run_batch(np.zeros((0, 3, 2))).allocation.shape == (0, 3, 2)


def test_nobody_where_nobody_is_needed():
    i, b = agents("i"), report("b")
    free = Rule(id="free", reports=b, allocation=0, payment=0 * b[i], min_agents=0)
    assert free.run([]).payments == ()
    assert free.run_batch(np.zeros((4, 0))).payments.shape == (4, 0)


def test_parameters_by_row():
    outcome = rule("score-auction").run_batch(
        [[2, 1], [2, 1]], w1=np.array([1, 1]), w2=1, score=np.array([[0, 0], [0, 3]])
    )
    assert outcome.allocation.tolist() == [[1, 0], [0, 1]]


def test_blocks_do_not_show():
    bids = np.random.default_rng(0).integers(0, 5, (50_001, 7))
    r = rule("uniform-price")
    whole = r.run_batch(bids, k=3)
    for start in (0, 13_000, 50_000):
        part = r.run_batch(bids[start : start + 5], k=3)
        assert np.array_equal(whole.payments[start : start + 5], part.payments)
        assert np.array_equal(whole.allocation[start : start + 5], part.allocation)


# --- large numbers, many outcomes ------------------------------------------------------------------


def test_int64_never_overflows_unnoticed():
    huge = 2**62
    r = rule("score-auction")
    for row in ([[huge, huge + 1]], [[huge + 1, huge]]):
        exact = r.run(row[0], w1=3, w2=4, score=[1, 2])
        outcome = r.run_batch(np.array(row), w1=3, w2=4, score=[1, 2])
        assert tuple(outcome.payments[0]) == exact.payments
    assert rule("second-price").run_batch(np.array([[huge, huge - 1]])).payments.dtype == np.int64
    assert rule("second-price").run_batch(np.array([[2**63 + 1, 2**63]])).payments[0][0] == 2**63


def test_the_solver_agrees_with_the_definition(monkeypatch):
    pytest.importorskip("scipy")
    draw = Random(0)
    for ties in ("lowest-index", "highest-index"):
        r = rule("vcg-assignment").with_ties(ties)
        for _ in range(60):
            goods = draw.randint(1, 3)
            values = [
                [draw.choice([0, 0, 1, 1, 2, 3]) for _ in range(goods)]
                for _ in range(draw.randint(1, 4))
            ]
            monkeypatch.setattr(running, "FEW", 10**6)
            by_definition = r.run(values)
            monkeypatch.setattr(running, "FEW", 0)
            assert r.run(values) == by_definition, values


def test_many_goods_need_the_solver(monkeypatch):
    pytest.importorskip("scipy")
    values = np.random.default_rng(0).integers(0, 100, (30, 30))
    outcome = rule("vcg-assignment").run(values)
    assert sum(map(sum, outcome.allocation)) == 30
    assert all(0 <= p <= 100 for p in outcome.payments)

    def nothing_installed(*_):
        raise MissingExtra("scipy")

    monkeypatch.setattr(running, "_solve", nothing_installed)
    assert len(rule("vcg-assignment").run(values[:8, :3]).payments) == 8
    with pytest.raises(MissingExtra):
        rule("vcg-assignment").run(values)


def test_too_many_outcomes():
    with pytest.raises(InputError, match="the limit is 20000"):
        rule("vcg-combinatorial").run([{frozenset(range(9)): 5}] * 3)
    with pytest.raises(InputError, match="the limit is 20000"):
        rule("vcg-assignment").run_batch(np.zeros((2, 30, 30)))
