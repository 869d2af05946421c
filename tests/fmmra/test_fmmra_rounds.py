"""The step rule of FMMRA: what a round does, how it ends, and rivals."""

from fractions import Fraction
from random import Random

import pytest
import sympy as sp
from sympy import And, Not

from mechanism.errors import InputError, RuleError
from mechanism.evaluate.exact import TRUTHFUL, Exact
from mechanism.evaluate.rounds.exact import run
from mechanism.fmmra.choices import CHOICES
from mechanism.fmmra.rivals import RIVALS, mssca
from mechanism.fmmra.rounds import fmmra
from mechanism.instance import Instance
from mechanism.language import Exists, Rounds, agents, goods, report, state
from mechanism.registry import rule

F = Fraction
NUMBERS = {"w1": F(3, 10), "w2": F(7, 10), "mu": F(1, 10)}


def trace(rounds, values, fitness=None, **more):
    table = tuple(tuple(map(F, row)) for row in values)
    fitness = fitness or tuple(tuple(F(0) for _ in row) for row in table)
    sizes = {"agent": len(table), "good": len(table[0])}
    return run(
        rounds,
        Exact(Instance(sizes, {"v_E": table, "fitness": fitness, **NUMBERS, **more})),
        TRUTHFUL,
    )


def random_values(rng, agents, tasks):
    return [[rng.randint(0, 9) for _ in range(tasks)] for _ in range(agents)]


def staircase(size):
    """Everybody ranks the tasks alike, and all agents are ranked: one wins in each round."""
    return [[(10 + a) * (20 - t) for t in range(size)] for a in range(size)]


def bids_on(found, agent, task):
    return [r.terms["bids"][agent][task] for r in found.rounds]


# --- rounds --------------------------------------------------------------------------------------------


def test_first_bids_are_half_of_the_expected_profit():
    found = trace(fmmra(), [[22, 21], [20, 0]])
    assert found.rounds[0].states["bid"] == ((11, F(21, 2)), (10, 0))
    assert found.rounds[0].terms["bids"] == ((True, False), (True, False))
    assert found.outcome.payments == (10, 0)
    assert len(found.rounds) == 1, "agent 1 wants nothing that is left"


@pytest.mark.parametrize(
    ("form", "bids"),
    [
        ("convex", (F(11, 20) * 21, F(11, 20) * 22)),
        ("multiplicative", (F(11, 20) * 21, F(11, 20) * 22)),
        ("additive", (F(3, 5) * 21, F(3, 5) * 22)),
        ("none", (F(21, 2), F(11))),
    ],
)
@pytest.mark.parametrize("scope", ["agent", "task"])
def test_who_loses_raises(form, bids, scope):
    """Agent 1 loses task 1 to agent 0; what becomes of its bids on both tasks."""
    found = trace(fmmra(raise_form=form, raise_scope=scope), [[0, 30], [21, 22]])
    before = (F(21, 2), F(11))
    assert found.rounds[1].states["bid"][1] == (
        (bids[0] if scope == "agent" else before[0]),
        bids[1],
    )


def test_a_cap_keeps_a_raise_below_the_expected_profit():
    values = staircase(9)
    loose = trace(fmmra(raise_form="multiplicative"), values)
    capped = trace(fmmra(raise_form="multiplicative", cap="expected-profit"), values)
    assert loose.outcome.payments[0] > values[0][8]
    assert capped.outcome.payments[0] == values[0][8]


@pytest.mark.parametrize(
    ("form", "lost"), [("multiplicative", 8), ("additive", 6), ("convex", None)]
)
def test_after_how_many_lost_rounds_a_raise_passes_the_expected_profit(form, lost):
    """1/2 * 1.1^8 > 1, and 1/2 + 6/10 > 1; with a convex raise never."""
    profit, bid, passed = F(1), F(1, 2), None
    for number in range(1, 40):
        step = {"multiplicative": bid / 10, "additive": profit / 10, "convex": (profit - bid) / 10}
        bid += step[form]
        if bid > profit and passed is None:
            passed = number
    assert passed == lost
    for size in range(2, 10):
        values = staircase(size)
        outcome = trace(fmmra(raise_form=form), values).outcome
        worst = min(
            sum(v * g for v, g in zip(row, got)) - paid
            for row, got, paid in zip(values, outcome.allocation, outcome.payments)
        )
        assert (worst < 0) == (lost is not None and size > lost), size


def test_a_task_that_stays_open_takes_one_agent_in_each_round():
    found = trace(fmmra(closure="keep-open"), [[9, 0], [8, 0], [7, 0]])
    assert [r.terms["wins"] for r in found.rounds] == [
        tuple((a == n, False) for a in range(3)) for n in range(3)
    ]
    alone = trace(fmmra(closure="keep-open"), [[9], [8], [7]])
    assert len(alone.rounds) == 1, "every task has an agent"


def test_with_task_scope_nobody_bids_twice_on_a_task():
    """A task that is lost is closed, so the raise is never seen: the rule is a plain auction."""
    rng = Random(1)
    for _ in range(60):
        values = random_values(rng, rng.randint(2, 5), rng.randint(1, 4))
        found = trace(fmmra(raise_scope="task"), values)
        for agent, row in enumerate(values):
            for task in range(len(row)):
                assert sum(bids_on(found, agent, task)) <= 1
        plain = trace(fmmra(raise_form="none"), values)
        assert found.outcome == plain.outcome


# --- the end -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closure", ["close-task", "keep-open"])
def test_ends_in_time(closure):
    rng = Random(2)
    for _ in range(40):
        agents_there, tasks = rng.randint(2, 5), rng.randint(1, 5)
        values = random_values(rng, agents_there, tasks)
        rounds = trace(fmmra(closure=closure), values).rounds
        assert len(rounds) <= agents_there
        if closure == "close-task":
            assert len(rounds) <= tasks


def test_fewer_agents_than_tasks_leave_a_task():
    found = trace(fmmra(), [[5, 4, 3], [5, 4, 3]])
    assert [any(row[t] for row in found.outcome.allocation) for t in range(3)] == [
        True,
        True,
        False,
    ]


def test_a_task_that_promises_nothing_stays():
    found = trace(fmmra(), [[5, 0], [4, 0], [3, 0]])
    assert not any(row[1] for row in found.outcome.allocation)
    assert trace(fmmra(), [[0], [0]]).rounds == ()


def test_enough_willing_agents_leave_no_task():
    rng = Random(3)
    for _ in range(40):
        tasks = rng.randint(1, 4)
        values = [
            [rng.randint(1, 9) for _ in range(tasks)] for _ in range(tasks + rng.randint(0, 2))
        ]
        outcome = trace(fmmra(), values).outcome
        assert all(any(row[t] for row in outcome.allocation) for t in range(tasks))


# --- rivals --------------------------------------------------------------------------------------------


def test_first_and_second_price_differ_in_the_price_alone():
    rng = Random(4)
    for _ in range(30):
        values = random_values(rng, 4, 3)
        first, second = (
            trace(RIVALS[n](), values).outcome for n in ("first-price", "second-price")
        )
        assert first.allocation == second.allocation
        assert all(p >= q for p, q in zip(first.payments, second.payments))


def test_fitness_alone_chooses_the_fittest():
    fitness = ((F(0),), (F(2),), (F(1),))
    assert trace(RIVALS["FMMRA by fitness only"](), [[9], [1], [5]], fitness).outcome.winners == (
        1,
    )


def test_with_room_for_one_mssca_is_fmmra_by_the_bid():
    rng = Random(5)
    for _ in range(30):
        values = random_values(rng, 4, 3)
        one = trace(mssca(), values, capacity=(F(1),) * 3).outcome
        assert one == trace(fmmra(chosen_by="bid"), values).outcome


def test_mssca_gives_a_loser_a_second_chance():
    found = trace(mssca(), [[9], [8], [7]], capacity=(F(2),))
    assert found.outcome.winners == (0, 1)
    later = trace(mssca(), [[9, 9], [0, 8], [0, 7]], capacity=(F(1), F(1)))
    assert later.outcome.winners == (0, 1)
    crowd = trace(mssca(), [[9], [8], [7], [6]], capacity=(F(3),))
    assert crowd.outcome.payments == (4, F(7, 2), 3, 0)


# --- choices and bad input -----------------------------------------------------------------------------


def test_every_choice_can_be_given_and_is_remembered():
    auction = rule("fmmra-multi-round")
    for choice in CHOICES:
        for option in choice.options:
            changed = auction.with_parameters(**{choice.name: option}, good=2)
            assert changed.given[choice.name] == option
            assert changed.sizes["good"] == (2, 2)
            again = changed.with_parameters(**{choice.name: choice.default})
            assert again.rounds == auction.rounds


def test_what_was_fixed_before_a_choice_stays_fixed():
    fixed = rule("fmmra-multi-round").with_parameters(mu="1/5", closure="keep-open", w1=1)
    assert {f.name for f in fixed.parameters} == {"fitness", "w2"}
    assert fixed.rounds == fmmra(closure="keep-open").xreplace(
        {
            e: sp.Rational(1, 5) if e.family.name == "mu" else sp.Integer(1)
            for e in fixed_entries("mu", "w1")
        }
    )


def fixed_entries(*names):
    found = fmmra(closure="keep-open").atoms(type(rule("fmmra-multi-round").rounds.states[0].entry))
    return [e for e in found if e.family.name in names]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"closure": "shut"}, "closure must be close-task or keep-open, not 'shut'"),
        ({"closing": "keep-open"}, "has no parameter 'closing'; its parameters are .*closure"),
        ({"mu": 2}, "mu: 2 is outside its domain"),
        ({"w1": 0}, "w1: 0 is outside its domain"),
        ({"raise_form": "none", "mu": "1/10"}, "the parameter 'mu' drops out"),
    ],
)
def test_a_mistake_is_told(given, words):
    with pytest.raises(InputError, match=words):
        rule("fmmra-multi-round").with_parameters(**given)


def test_a_run_takes_options_like_parameters():
    auction = rule("fmmra-multi-round")
    numbers = {"w1": 1, "w2": 1, "mu": 1, "fitness": [[0], [0]]}
    assert auction.run([[6], [4]], price="own-bid", **numbers).payments == (3, 0)
    assert auction.run([[6], [4]], **numbers).payments == (2, 0)


def test_an_auction_without_end_is_an_error():
    i, g = agents("i"), goods("g")
    b, on = report("b"), state("on", over="agent", boolean=True)
    forever = Rounds(i, g, [(on[i], True, on[i])], [], Exists(on[i], i), 0, b[i])
    with pytest.raises(RuleError, match="nothing ends the auction"):
        run(forever, Exact(Instance({"agent": 1, "good": 1}, {"v": (F(1),)})), TRUTHFUL)


@pytest.mark.parametrize(
    ("terms", "guard", "words"),
    [
        ([], lambda i, on: on[i], "the guard leaves the index i free"),
        ([], lambda i, on: Exists(And(on[i], Not(on[agents("j")])), i), "leaves the index j free"),
    ],
)
def test_a_badly_written_step_is_refused(terms, guard, words):
    i, g, on = agents("i"), goods("g"), state("on", over="agent", boolean=True)
    with pytest.raises(RuleError, match=words):
        Rounds(i, g, [(on[i], True, False)], terms, guard(i, on), 0, 0)


def test_a_term_must_be_known_before_it_is_read():
    i, g = agents("i"), goods("g")
    on, early = (state(n, over="agent", boolean=True) for n in ("on", "early"))
    with pytest.raises(RuleError, match="reads early, which is not known there"):
        Rounds(i, g, [(on[i], True, False)], [(on[i], early[i]), (early[i], True)], False, 0, 0)
