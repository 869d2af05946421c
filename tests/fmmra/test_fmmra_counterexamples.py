"""Counterexamples with the numbers of the literature note: each is run exactly, on the rules themselves."""

from fractions import Fraction
from itertools import product

import pytest

from mechanism.registry import rule

F = Fraction
ONE, MANY = "fmmra-one-task", "fmmra-multi-round"
PRICES = ("next-lower-bid", "second-highest-bid", "highest-losing-bid", "runner-up-bid")
PAPER = {"w1": "3/10", "w2": "7/10"}


def one(values, reports, fitness, price, **weights):
    """What everybody is left with: one task, bids are what is said."""
    auction = rule(ONE).with_parameters(price=price)
    found = auction.run(reports, fitness=fitness, **{**PAPER, **weights})
    return [v * got - paid for v, got, paid in zip(values, found.allocation, found.payments)]


def many(values, reports, **options):
    """The same over all tasks, with equal fitness."""
    auction = rule(MANY).with_parameters(**options)
    numbers = {
        "w1": "3/10",
        "w2": "7/10",
        "mu": "1/10",
        "fitness": [[1] * len(row) for row in values],
    }
    names = {f.name for f in auction.parameters}
    found = auction.run(reports, **{n: x for n, x in numbers.items() if n in names})
    worth = [sum(v * g for v, g in zip(row, got)) for row, got in zip(values, found.allocation)]
    return [w - paid for w, paid in zip(worth, found.payments)]


@pytest.mark.parametrize("price", [*PRICES, "critical-value"])
def test_half_the_profit_is_no_best_reply_whatever_the_price(price):
    values = [[22], [20]]
    assert many(values, values, price=price) == [12, 0]
    assert many(values, [[22], [24]], price=price) == [0, 9]


@pytest.mark.parametrize(
    ("price", "gain"),
    [
        ("next-lower-bid", 8),
        ("second-highest-bid", 4),
        ("highest-losing-bid", 0),
        ("runner-up-bid", 0),
    ],
)
def test_a_winner_underbids(price, gain):
    values, fitness = [10, 9, 1], [10, 0, 0]
    truthful = one(values, values, fitness, price)
    deviating = one(values, [5, 9, 1], fitness, price)
    assert truthful[0] == 1
    assert deviating[0] - truthful[0] == gain


def test_a_winner_underbids_with_numbers_like_those_of_the_paper():
    """Expected profits 22, 20, 10, of which half is bid; saying 82/5 bids 41/5."""
    fitness = {"fitness": [["9/10"], ["1/10"], ["1/2"]], **PAPER, "mu": "1/10"}
    values = [[22], [20], [10]]
    assert rule(MANY).run(values, **fitness).payments == (10, 0, 0)
    assert rule(MANY).run([["82/5"], [20], [10]], **fitness).payments == (5, 0, 0)


@pytest.mark.parametrize("price", PRICES)
def test_a_loser_overbids(price):
    values, fitness = [5, 25], [10, 0]
    assert one(values, values, fitness, price)[1] == 0
    assert one(values, [5, 30], fitness, price)[1] == 20
    assert one(values, [5, 30], fitness, "critical-value")[1] == F(25) - F(85, 3)


@pytest.mark.parametrize(
    ("price", "values", "fitness"),
    [
        ("highest-losing-bid", [0, 1], [1, 0]),
        ("runner-up-bid", [0, 1], [1, 0]),
        ("second-highest-bid", [0, 1, 1], [1, 0, 0]),
    ],
)
def test_a_truthful_winner_loses(price, values, fitness):
    assert one(values, values, fitness, price)[0] == -1
    assert one(values, values, fitness, "next-lower-bid")[0] == 0


@pytest.mark.parametrize("price", [*PRICES, "critical-value"])
@pytest.mark.parametrize(("lone", "profit"), [("own-bid", 20), ("nothing", 21)])
def test_the_choice_of_task_is_strategic(price, lone, profit):
    values = [[22, 21], [20, 0]]
    assert many(values, values, price=price, lone_bidder=lone)[0] == 12
    assert many(values, [[0, 2], [20, 0]], price=price, lone_bidder=lone)[0] == profit


@pytest.mark.parametrize(
    ("weights", "values", "fitness", "price", "bid", "gain"),
    [
        ({}, [0, 1], [1, 0], "next-lower-bid", "5/2", 1),
        ({"w1": "7/10", "w2": "3/10"}, [1, 1], [0, 1], "next-lower-bid", "3/4", F(1)),
    ],
)
def test_smallest_gains(weights, values, fitness, price, bid, gain):
    truthful = one(values, values, fitness, price, **weights)
    deviating = one(values, [values[0], bid], fitness, price, **weights)
    assert deviating[1] - truthful[1] == gain


# --- an exhaustive count, against a program of its own --------------------------------------------------


def price_of(reading, bids, fitness, weights, winner, points):
    """The five readings, from their sentences."""
    rest = [k for k in range(len(bids)) if k != winner]
    if reading == "next-lower-bid":
        return max((bids[k] for k in rest if bids[k] <= bids[winner]), default=F(0))
    if reading == "second-highest-bid":
        return sorted(bids)[-2]
    if reading == "highest-losing-bid":
        return max(bids[k] for k in rest)
    if reading == "runner-up-bid":
        return bids[max(rest, key=lambda k: (points[k], -k))]
    needed = (max(points[k] for k in rest) - weights[1] * fitness[winner]) / weights[0]
    return max(F(0), needed)


def left_with(agent, value, bids, fitness, weights, reading):
    points = [weights[0] * b + weights[1] * f for b, f in zip(bids, fitness)]
    winner = max(range(len(bids)), key=lambda k: (points[k], -k))
    if winner != agent:
        return F(0)
    return value - price_of(reading, bids, fitness, weights, winner, points)


def count(reading, top, weights, equal=False):
    """Profiles of two agents with a gain from some misreport, and with a truthful loser of money."""
    gains = losses = 0
    for values in product(range(top + 1), repeat=2):
        for fitness in product(range(1 if equal else top + 1), repeat=2):
            bids = [F(v) for v in values]
            gain = loss = False
            for agent in range(2):
                honest = left_with(agent, values[agent], bids, fitness, weights, reading)
                loss |= honest < 0
                for quarter in range(8 * top + 1):
                    said = [*bids]
                    said[agent] = F(quarter, 4)
                    gain |= (
                        left_with(agent, values[agent], said, fitness, weights, reading) > honest
                    )
            gains, losses = gains + gain, losses + loss
    return gains, losses


COUNTED = {
    ("3/10", "7/10"): [(346, 0), (368, 0), (138, 176), (138, 176), (0, 0)],
    ("7/10", "3/10"): [(326, 0), (224, 0), (24, 24), (24, 24), (0, 0)],
}


@pytest.mark.slow
@pytest.mark.parametrize("weights", COUNTED)
@pytest.mark.parametrize("place", range(5))
def test_counts_over_all_small_profiles(weights, place):
    reading = [*PRICES, "critical-value"][place]
    assert count(reading, 4, tuple(map(F, weights))) == COUNTED[weights][place]


@pytest.mark.parametrize("reading", ["next-lower-bid", "highest-losing-bid", "critical-value"])
def test_no_gain_where_fitness_is_equal(reading):
    assert count(reading, 4, (F(3, 10), F(7, 10)), equal=True) == (0, 0)


@pytest.mark.parametrize("reading", [*PRICES, "critical-value"])
def test_the_rule_agrees_with_the_program(reading):
    weights = (F(3, 10), F(7, 10))
    for values in product(range(3), repeat=2):
        for fitness in product(range(3), repeat=2):
            bids = [F(v) for v in values]
            expected = [left_with(a, values[a], bids, fitness, weights, reading) for a in range(2)]
            assert one(values, bids, fitness, reading) == expected
