"""Proofs by induction over rounds, what they do not prove, and the unrolled rounds they are held against."""

from dataclasses import replace
from fractions import Fraction
from functools import partial
from random import Random

import pytest
import z3

from mechanism.evaluate.exact import TRUTHFUL, Exact
from mechanism.evaluate.rounds.exact import run
from mechanism.fmmra.rounds import E, bid, i, t
from mechanism.instance import Instance
from mechanism.language import Computed, Exists, Rounds
from mechanism.registry import rule
from proofs.audit import audit_iter
from proofs.engines import long_runs, rounds
from proofs.engines.engine import Budget
from proofs.engines.round_end import endless
from proofs.lowering.fixed_size import FixedSize
from proofs.lowering.terms import compare, number
from proofs.verdict import Verdict
from properties.registry import property_of

MANY = "fmmra-multi-round"
SHOWN = ("feasibility", "totality", "ex-post-ir", "no-deficit", "no-positive-transfers", "losers-pay-nothing",
         "pay-at-most-bid", "termination", "non-wastefulness")  # fmt: skip
PAPER = {"w1": "3/10", "w2": "7/10", "mu": "1/10"}


def prove(property_id, auction=None, **options):
    auction = rule(MANY).with_parameters(**options) if auction is None else auction
    return rounds.prove(property_of(property_id).on(auction), Budget())


def with_step(**parts):
    """The rule with parts of its step rule changed."""
    step = rule(MANY).rounds
    names = ("states", "terms", "guard", "allocation", "payment", "falling", "invariants")
    changed = Rounds(i, t, **({n: getattr(step, n) for n in names} | parts))
    return replace(
        rule(MANY),
        allocation=Computed(changed, "allocation", i, t),
        payment=Computed(changed, "payment", i),
    )


@pytest.mark.parametrize("property_id", SHOWN)
def test_shown_for_any_number_of_agents_tasks_and_rounds(property_id):
    found = prove(property_id)
    assert found.status == "proved"
    assert found.ties == "any"
    assert "by induction over the rounds" in found.reason
    assert all(text.startswith("(") or "declare" in text for _, text in found.smt2)
    assert len(found.smt2) == len(found.steps)


@pytest.mark.parametrize(
    "options",
    [
        {"price": "critical-value"},
        {"price": "own-bid"},
        {"closure": "keep-open"},
        {"raise_form": "none"},
        {"lone_bidder": "nothing"},
        {"raise_form": "multiplicative", "cap": "expected-profit"},
        {"raise_form": "additive", "cap": "expected-profit", "closure": "keep-open"},
        {"raise_form": "multiplicative", "raise_scope": "task"},
        {"raise_form": "additive", "raise_scope": "task", "first_bid": "whole"},
    ],
    ids=str,
)
def test_rationality_is_shown_for_readings_that_have_it(options):
    assert prove("ex-post-ir", **options).status == "proved"


def test_what_exists_is_known_only_where_it_is_needed():
    assert "some agent" not in prove("ex-post-ir").reason
    found = prove("non-wastefulness", closure="keep-open")
    assert found.status == "proved"
    assert "free[i] or (some good s has has[i, s])" in found.reason
    step = rule(MANY).rounds
    plain = [fact for fact in step.invariants if not fact.has(Exists)]
    assert prove("non-wastefulness", with_step(invariants=plain)).status == "unknown"


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [{"price": "highest-losing-bid"}, {"raise_form": "multiplicative"}, {"raise_form": "additive"}],
    ids=str,
)
def test_rationality_is_not_shown_for_readings_that_lack_it(options):
    found = prove("ex-post-ir", **options)
    assert found.status == "unknown"
    assert "do not exclude a violation" in found.reason


def test_an_invariant_that_is_declared_and_false_is_dropped():
    step = rule(MANY).rounds
    found = prove("ex-post-ir", with_step(invariants=(2 * bid[i, t] <= E[i, t], *step.invariants)))
    assert found.status == "proved"
    assert "2*bid" not in found.reason


def test_nothing_is_believed_without_an_invariant():
    assert prove("ex-post-ir", with_step(invariants=())).status == "unknown"


@pytest.mark.slow
def test_a_flag_that_is_declared_to_fall_and_does_not_is_noticed():
    states = [
        (entry, initial, True if str(entry) == "open[t]" else update)
        for entry, initial, update in rule(MANY).rounds.states
    ]
    found = prove("termination", with_step(states=states))
    assert found.status == "unknown"
    assert "flags fall" in found.reason
    assert endless(with_step(states=states), Budget().seed)


def test_two_worlds_are_left_to_others():
    assert prove("dsic").status == "not-accepted"
    assert prove("dsic", rule("second-price")).status == "not-accepted"


# --- refutations ---------------------------------------------------------------------------------------


def decided(property_id, **options):
    auction = rule(MANY).with_parameters(**PAPER, **options)
    return next(audit_iter(auction, properties=[property_id], cache=False))


@pytest.mark.parametrize(("form", "agents", "lost"), [("multiplicative", 9, 8), ("additive", 7, 6)])
@pytest.mark.parametrize(
    ("closing", "tasks"), [({}, 0), ({"closure": "keep-open", "raise_scope": "task"}, 2)], ids=str
)
def test_uncapped_raises_make_somebody_lose_after_many_rounds(form, agents, lost, closing, tasks):
    auction = rule(MANY).with_parameters(**PAPER, raise_form=form, **closing)
    instance = long_runs.search(property_of("ex-post-ir").on(auction))
    assert instance.sizes == {"agent": agents, "good": tasks or agents}
    ran = len(run(auction.rounds, Exact(instance), TRUTHFUL).rounds)
    assert ran == lost + 1


def test_long_runs_keep_to_the_sizes_that_are_fixed():
    auction = rule(MANY).with_parameters(**PAPER, raise_form="additive", fitness=[[0, 0]] * 7)
    instance = long_runs.search(property_of("ex-post-ir").on(auction))
    assert instance is None  # with two tasks, two rounds
    both = auction.with_parameters(closure="keep-open")
    assert long_runs.search(property_of("ex-post-ir").on(both)).sizes == {"agent": 7, "good": 2}


@pytest.mark.slow
def test_the_audit_finds_what_takes_many_rounds():
    finding = decided("ex-post-ir", raise_form="additive")
    assert finding.verdict is Verdict.REFUTED
    assert finding.evidence.agents == 7
    assert not finding.evidence.minimal


def test_a_misreport_where_everybody_wants_every_task():
    plain, crowded = audit_iter(
        rule(MANY).with_parameters(**PAPER), properties=["dsic"], cache=False
    )
    assert plain.verdict is crowded.verdict is Verdict.REFUTED
    assert crowded.condition
    values = crowded.evidence.instance.tables["v_E"]
    assert min(min(row) for row in values) > 0
    assert crowded.evidence.minimal


def table(rng, numbers, agents, tasks):
    return tuple(tuple(rng.choice(numbers) for _ in range(tasks)) for _ in range(agents))


# --- unrolled rounds -----------------------------------------------------------------------------------


@pytest.mark.parametrize("closure", ["close-task", "keep-open"])
def test_unrolled_rounds_come_to_what_a_run_comes_to(closure):
    rng = Random(closure)
    auction = rule(MANY).with_parameters(**PAPER, closure=closure)
    for _ in range(6):
        agents, tasks = rng.randint(2, 3), rng.randint(1, 2)
        whole = [Fraction(n) for n in range(5)]
        draw = partial(table, rng, whole, agents, tasks)
        sizes, tables = {"agent": agents, "good": tasks}, {"v_E": draw(), "fitness": draw()}
        read = Exact(Instance(sizes, tables))
        fixed = FixedSize(sizes, "lowest-index", {}, {}, given=tables)
        for agent in range(agents):
            told = number(fixed.read(auction.payment, {i: [(True, agent)]}))
            paid = read(auction.payment, {i: agent})
            solver = z3.Solver()
            solver.add(*fixed.definitions, told != number(paid))
            assert solver.check() == z3.unsat
        length = Computed(auction.rounds, "rounds")
        solver = z3.Solver()
        solver.add(*fixed.definitions)
        assert solver.check() == z3.sat
        differs = compare(fixed.read(length, {}), "==", read(length))
        assert differs is True or solver.check(z3.Not(differs)) == z3.unsat
