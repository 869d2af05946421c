"""The engine as an audit uses it: code in a worker, a verdict with its scope, and what keeps it from one."""

import textwrap
from fractions import Fraction

import pytest

from mechanism.targets.rules import foreign_rule
from proofs.engines.paths import engine
from proofs.foreign import decide_foreign
from proofs.question import EngineError, Question
from properties.check import check
from properties.registry import property_of

CODE = textwrap.dedent(
    """
    import math
    import random


    def ranked(bids):
        return sorted(range(len(bids)), key=lambda i: -bids[i])


    def second(bids):
        order = ranked(bids)
        return order[0], bids[order[1]]


    def knife_edge(bids):
        order = ranked(bids)
        if 3 * bids[1] == bids[0] + 170001:
            return order[0], bids[order[0]]
        return order[0], bids[order[1]]


    def strict(bids):
        order = ranked(bids)
        if bids[order[0]] == bids[order[1]]:
            raise ValueError("a tie")
        return order[0], bids[order[1]]


    def in_cents(bids):
        order = ranked(bids)
        return order[0], round(bids[order[1]], 2)


    def logarithmic(bids):
        order = sorted(range(len(bids)), key=lambda i: -math.log(bids[i] + 1))
        return order[0], bids[order[1]]


    def coin(bids):
        first = random.random() < 0.5
        order = sorted(range(len(bids)), key=lambda i: (-bids[i], i if first else -i))
        return order[0], bids[order[1]]


    def in_decimals(bids):
        from decimal import ROUND_HALF_UP, Decimal

        money = [Decimal(str(b)) for b in bids]
        price = sorted(money, reverse=True)[1]
        return money.index(max(money)), price.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


    def tolerant(bids):
        order = ranked(bids)
        if bids[order[0]] - bids[order[1]] < 1e-9:
            return min(order[:2]), bids[order[1]]
        return order[0], bids[order[1]]


    def for_nothing_alone(bids):
        return second(bids) if len(bids) > 1 else (0, 0)


    def capped(bids):
        order = ranked(bids)
        return order[0], min(bids[order[0]], bids[order[1]] + 1e-7)


    def wrong_for_three(bids):
        order = ranked(bids)
        return order[0], bids[order[1]] if len(bids) == 2 else bids[order[2]] * 0.5


    def whole_prices(bids):
        order = ranked(bids)
        return order[0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9][int(bids[order[1]]) % 10]
    """
)


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    file = tmp_path_factory.mktemp("code") / "their_auction.py"
    file.write_text(CODE)

    def decide(name, property_id="dsic", agents=(2, 3)):
        rule = foreign_rule(f"{file}:{name}", "single-item")
        question = Question(property_of(property_id).on(rule), agents=agents)
        return decide_foreign(question), question

    return decide


def test_a_proof_says_for_what_it_holds(decided):
    finding, _ = decided("second")
    assert finding.verdict == "proved"
    assert finding.evidence.argument == "paths"
    assert (finding.scope.agents, finding.scope.arithmetic) == ((2, 3), "exact")
    assert (
        "2 agents: 2 paths; validated: 2 interior, 48 lattice, 2 replayed, 1 covered"
        in finding.evidence.steps
    )
    assert finding.budget["attacks"] > 100
    assert all(text.rstrip().endswith("(check-sat)") for _, text in finding.evidence.smt2)


@pytest.mark.parametrize(
    "property_id",
    ["feasibility", "no-deficit", "totality", "revenue-monotonicity", "false-name-proofness"],
)
def test_every_property_is_read_from_the_same_leaves(decided, property_id):
    assert decided("second", property_id, (2, 3))[0].verdict == "proved"


def test_a_knife_edge_is_found_and_replayed(decided):
    finding, question = decided("knife_edge")
    assert finding.verdict == "refuted"
    checked = check(question.obligation, finding.evidence.instance)
    assert checked.violated
    assert checked.margin == finding.evidence.margin > 0


def test_where_the_code_raises_is_said(decided):
    finding, _ = decided("strict")
    assert finding.verdict == "proved"
    assert "where the code returns; it raises ValueError: a tie" in finding.reason


def test_rounding_is_not_taken_as_exact(decided):
    finding, _ = decided("in_cents")
    assert finding.verdict == "refuted"  # below a cent
    assert 0 < finding.evidence.margin < Fraction(1, 100)


def test_decimals_are_an_assumption(decided):
    finding, _ = decided("in_decimals")
    assert finding.verdict == "unrefuted"
    assert "if decimal numbers are taken as exact" in finding.reason


def test_what_cannot_be_run_on_symbols_is_named(decided):
    finding, _ = decided("logarithmic")
    assert finding.verdict == "unrefuted"
    assert "their_auction.py:" in finding.reason
    assert "math.log" in finding.reason


def test_a_random_draw_is_in_the_scope(decided):
    finding, _ = decided("coin")
    assert finding.verdict == "proved"
    assert "one seed" in finding.scope.condition


@pytest.mark.parametrize("name", ["envy-freeness", "anonymity"])
def test_what_needs_two_is_proved_from_two_on(decided, name):
    finding, _ = decided("for_nothing_alone", name, (1, 3))
    assert (finding.verdict, finding.scope.agents) == ("proved", (2, 3))
    alone, _ = decided("for_nothing_alone", name, (1, 1))
    assert alone.verdict != "proved"


def test_a_gain_that_a_search_sees_is_one_however_small(decided):
    finding, _ = decided("capped")
    assert finding.verdict == "refuted"
    assert 0 < finding.evidence.margin < Fraction(1, 10**6)


def test_a_tolerance_on_ties_accuses_nobody(decided):
    finding, _ = decided("tolerant")
    assert finding.verdict == "proved"
    assert finding.scope.condition == "gains of more than 1e-6"


def test_a_violation_among_more_agents_is_found(decided):
    finding, _ = decided("wrong_for_three")
    assert finding.verdict == "refuted"
    assert finding.scope.agents == (3, 3)


def test_what_stops_symbols_is_left_to_the_search(decided):
    finding, _ = decided("whole_prices")
    assert finding.verdict == "refuted"


def test_a_contradicted_proof_is_an_error(decided, monkeypatch):
    _, question = decided("second")
    hit = decided("wrong_for_three")[0].evidence.instance
    monkeypatch.setattr(engine, "search", lambda *args: engine.Search(1, hit))
    monkeypatch.setattr(engine.Search, "instance", hit, raising=False)
    assert engine.decide(question).verdict == "undecided"  # no fresh process shows it
    monkeypatch.setattr(engine, "replayed", lambda *of: {})
    with pytest.raises(EngineError, match="contradicted"):
        engine.decide(question)


def test_that_nothing_is_gained_is_a_number(decided):
    finding, _ = decided("second", "regret")
    assert finding.verdict == "proved"
    assert finding.evidence.values == ((2, 0, True), (3, 0, True))
    gained, _ = decided("in_cents", "regret", (2, 2))
    assert gained.verdict != "proved"
