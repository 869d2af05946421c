"""Simulated deals against a plain Python loop, and what is told of bad input and of tasks left over."""

from fractions import Fraction

import numpy as np
import pytest

from mechanism.errors import InputError
from mechanism.fmmra.costs import Costs
from mechanism.fmmra.fitness import fitness
from mechanism.fmmra.generate import draw_scenarios
from mechanism.fmmra.large import draw_large
from mechanism.fmmra.rivals import RIVALS, mssca
from mechanism.fmmra.rounds import fmmra
from mechanism.fmmra.simulate import Deals, Weights, assigned, simulate


def tables(agents: int, draws: int = 50, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    scene = draw_scenarios(np.random.default_rng(seed), agents, draws=draws)
    return Costs().expected_profit(scene), fitness(scene.importance, scene.suitability)


def by_hand(name: str, profit: np.ndarray, fits: np.ndarray) -> dict[int, tuple[int, float, float]]:
    """One draw, written out: for each task its agent, the agent's bid and its price."""
    agents, tasks = profit.shape
    bid, free, left, deals = profit / 2, set(range(agents)), set(range(tasks)), {}
    while True:
        offers: dict[int, list[int]] = {}
        for i in sorted(free):
            open_ = [t for t in sorted(left) if profit[i, t] > 0]
            if open_:
                best = max(open_, key=lambda t: (profit[i, t] - bid[i, t], -t))
                offers.setdefault(best, []).append(i)
        if not offers:
            return deals
        losers = []
        for t, bidders in offers.items():
            score = {
                "FMMRA": lambda i, t=t: 0.3 * bid[i, t] + 0.7 * fits[i, t],
                "FMMRA by fitness only": lambda i, t=t: fits[i, t],
            }.get(name, lambda i, t=t: bid[i, t])
            winner = max(bidders, key=lambda i: (score(i), -i))
            lower = [bid[i, t] for i in bidders if i != winner and bid[i, t] <= bid[winner, t]]
            price = max(lower, default=bid[winner, t])
            deals[t] = winner, bid[winner, t], bid[winner, t] if name == "first-price" else price
            free.discard(winner)
            left.discard(t)
            losers += [i for i in bidders if i != winner]
        if not name.endswith("price"):
            for i in losers:
                bid[i] += 0.1 * (profit[i] - bid[i])


@pytest.mark.parametrize("name", RIVALS)
@pytest.mark.parametrize("agents", [3, 9])
def test_each_auction_is_what_a_plain_loop_says(name: str, agents: int) -> None:
    profit, fits = tables(agents)
    deals = simulate(RIVALS[name](), profit, fits)
    found = [
        {
            int(t): (int(i), b, p)
            for t, i, b, p in zip(*(x[deals.draw == d] for x in (deals.task, deals.agent, deals.bid, deals.price)))
        }
        for d in range(len(profit))
    ]  # fmt: skip
    for draw, one in enumerate(found):
        want = by_hand(name, profit[draw], fits[draw])
        assert {t: d[0] for t, d in one.items()} == {t: d[0] for t, d in want.items()}
        assert np.allclose([one[t][1:] for t in sorted(one)], [want[t][1:] for t in sorted(want)])


def test_the_worked_example() -> None:
    # Reward 24, costs 2, 4 and 14: bids 11, 10 and 5. The first wins and pays the next lower bid.
    profit = np.array([[[22], [20], [10]]])
    deals = simulate(fmmra(), profit, np.array([[[0.9], [0.1], [0.5]]]))
    assert (deals.agent[0], deals.bid[0], deals.price[0]) == (0, 11, 10)
    assert deals.final_profit[0] == 12
    assert deals.cost_effectiveness[0] == pytest.approx(3.93)
    assert deals.rounds.tolist() == [1]


def test_fractions_stay_exact() -> None:
    profit = np.array([[[Fraction(22, 3)], [Fraction(20, 3)]]], dtype=object)
    deals = simulate(
        fmmra(), profit, np.array([[[Fraction(1, 2)], [Fraction(1, 3)]]], dtype=object)
    )
    assert deals.price.tolist() == [Fraction(10, 3)]
    assert deals.cost_effectiveness.tolist() == [
        Fraction(3, 10) * Fraction(11, 3) + Fraction(7, 20)
    ]


def test_what_nobody_bids_on_is_reported() -> None:
    profit, fits = tables(agents=2, draws=3)
    few = simulate(fmmra(), profit, fits)
    assert few.uncovered.tolist() == [2, 2, 2]  # fewer agents than tasks
    nobody = np.ones(profit.shape, dtype=bool)
    nobody[:, :, 1] = False
    assert 1 not in simulate(fmmra(), profit, fits, may=nobody).task
    none = simulate(fmmra(), -profit, fits)  # every task a loss for everybody
    assert none.number.tolist() == [0, 0, 0]
    assert none.uncovered.tolist() == [4, 4, 4]
    assert none.rounds.tolist() == [0, 0, 0]
    assert none.total(none.final_profit).tolist() == [0, 0, 0]


def test_an_agent_with_losses_everywhere_stays_out_and_harms_nobody() -> None:
    profit, fits = tables(agents=6, draws=30)
    poor = np.concatenate([profit, np.full((30, 1, 4), -1.0)], axis=1)
    fit = np.concatenate([fits, np.full((30, 1, 4), 9.0)], axis=1)
    with_it, without = simulate(fmmra(), poor, fit), simulate(fmmra(), profit, fits)
    assert (with_it.agent == without.agent).all()
    assert (with_it.price == without.price).all()


def test_a_seller_of_mssca_may_have_room_for_more() -> None:
    profit, fits = tables(agents=9)
    one, two = (simulate(mssca(), profit, fits, Weights(capacity=n)) for n in (1, 2))
    assert one.number.tolist() == [4] * 50
    assert two.number.tolist() == [8] * 50
    assert two.uncovered.sum() == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p, f: simulate(fmmra(), p[0], f), r"profit: give an array with the axes \[draw, agent, task\]"),
        (lambda p, f: simulate(fmmra(), p[:0], f[:0]), "none of them empty"),
        (lambda p, f: simulate(fmmra(), p[:, :0], f), "none of them empty"),
        (lambda p, f: simulate(fmmra(), p, f[:1]), r"profit has the shape .* and fitness"),
        (lambda p, f: simulate(fmmra(), p, f - 9), "a fitness is negative"),
        (lambda p, f: simulate(fmmra(), np.where(p == p[1, 2, 3], np.nan, p), f), "profit: nan of draw 1, agent 2, task 3"),
        (lambda p, f: simulate(fmmra(), p, np.where(f == f[0, 1, 2], np.inf, f)), "fitness: inf of draw 0, agent 1, task 2"),
        (lambda p, f: simulate(fmmra(), p.astype(str), f), "profit: give an array of numbers"),
        (lambda p, f: simulate(fmmra(), p.astype(object), np.full(f.shape, "x", object)), "fitness: 'x' is not a number"),
        (lambda p, f: Weights(w1=0), "w1: 0 is not above 0"),
        (lambda p, f: Weights(w2="-1"), "w2: -1 is not above 0"),
        (lambda p, f: Weights(mu="1.5"), "mu: 3/2 is not above 0 and at most 1"),
        (lambda p, f: Weights(w1=float("nan")), "w1: nan is not a finite number"),
        (lambda p, f: Weights(capacity=0), "capacity: 0"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_error(call, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call(*tables(agents=5, draws=2))


def test_deals_of_one_round() -> None:
    profit, fits = tables(agents=5, draws=2)
    winner = np.array([[3, -1, 0, 1], [-1, -1, -1, -1]])
    deals = assigned(winner, np.ones((2, 4)), profit, fits)
    assert isinstance(deals, Deals)
    assert deals.uncovered.tolist() == [1, 4]
    assert deals.bid[0] == profit[0, 3, 0]
    assert deals.worth(deals.profit)[0] == pytest.approx(
        0.3 * profit[0, 3, 0] + 0.7 * fits[0, 3, 0]
    )


def test_a_large_scenario_is_drawn_task_by_task_and_in_single_precision() -> None:
    profit, fits = draw_large(np.random.default_rng(0), 3000, 23)
    assert profit.dtype == fits.dtype == np.float32
    assert 10 <= profit.min() <= profit.max() <= 30
    assert abs(fits.mean() - 0.5) < 0.01
    many = draw_scenarios(np.random.default_rng(1), 3000, 23).draw(0)
    assert abs(profit.mean() - Costs().expected_profit(many).mean()) < 0.8
    single = simulate(fmmra(), profit, fits)
    double = simulate(fmmra(), profit.astype(float), fits.astype(float))
    assert sorted(single.task.tolist()) == list(range(23))
    assert (single.agent == double.agent).all()
    assert np.allclose(single.price, double.price, rtol=1e-5)
