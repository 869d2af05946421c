"""``repair``: derived payments against the truthful twins, refusals with their reasons, and Python that audits."""

import json
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import repair_rules as users

from mechanism.critical import NotDerived, critical_payment
from mechanism.errors import InputError
from mechanism.registry import RULES, rule
from mechanism.rules import vcg_assignment
from mechanism.writing.python import python_source
from proofs.cli import main
from proofs.replay import replay
from proofs.report.repair import average
from proofs.rule_repair import Status, repair
from proofs.verdict import Verdict

# The rule, the truthful twin in the catalogue, and the parameters that make them comparable.
TWINS = [
    ("first-price", "second-price"),
    ("all-pay", "second-price"),
    ("kth-price", "second-price"),
    ("first-price-reserve", "second-price-reserve"),
    ("fmmra-one-task", "score-auction"),
    ("pay-as-bid", "uniform-price"),
    ("gsp", "vcg-slots"),
    ("greedy-pay-as-bid", "greedy-single-minded"),
    ("average-price-double-auction", "vcg-double-auction"),
]
# Truthful rules whose own payment is derived anew, word for word.
FIXED_POINTS = (
    *("posted-price", "posted-price-unlimited", "myerson", "score-auction", "uniform-price"),
    *("vcg-slots", "greedy-single-minded", "trade-reduction", "vcg-double-auction"),
)


def parameters(rng, agents):
    number = lambda: Fraction(rng.randint(0, 6), rng.choice((1, 2)))  # noqa: E731
    merit = [number() for _ in range(agents)]
    return {
        "reserve": number(), "w1": number() + 1, "w2": number() + 1, "fitness": merit, "score": merit,
        "k": rng.randint(1, agents), "rate": sorted([number(), number()], reverse=True),
        "buyer": [rng.random() < 0.5 for _ in range(agents)],
    }  # fmt: skip


def given(auction, values):
    return {f.name: values[f.name] for f in auction.parameters}


def with_payment(auction):
    return replace(auction, payment=critical_payment(auction), choices=(), remake=None)


@pytest.mark.parametrize(("name", "twin"), TWINS, ids=[n for n, _ in TWINS])
def test_the_twin_charges_the_derived_payment(name, twin):
    rng, made, other = random.Random(name), with_payment(rule(name)), rule(twin)
    for _ in range(120):
        agents = rng.randint(2, 5)
        values = parameters(rng, agents)
        bids = [[Fraction(rng.randint(0, 6), rng.choice((1, 2))) for _ in range(agents)]]
        if name.startswith("greedy"):
            bids.append([rng.choice([[1, 0], [0, 1], [1, 1]]) for _ in range(agents)])
        assert made.run(*bids, **given(made, values)) == other.run(*bids, **given(other, values))


@pytest.mark.parametrize("name", FIXED_POINTS)
def test_truthful_rules_get_the_payment_they_have(name):
    assert critical_payment(rule(name)) == rule(name).payment


@pytest.mark.parametrize("name", ["first-price", "fmmra-one-task", "gsp"])
def test_repaired_rules_are_proved_for_any_number(name):
    found = repair(name, cache=False)
    assert found.status is Status.REPAIRED
    before, after = ({f.property: f.verdict for f in side} for side in (found.before, found.after))
    assert before["dsic"] is Verdict.REFUTED
    assert after["dsic"] is Verdict.PROVED
    assert after["ex-post-ir"] is Verdict.PROVED
    assert all(f.scope.agents[1] is None for f in found.after if f.property == "dsic")


def test_a_two_sided_repair_shows_the_deficit():
    found = repair("average-price-double-auction", cache=False)
    assert found.status is Status.REPAIRED
    before, after = ({f.property: f.verdict for f in side} for side in (found.before, found.after))
    assert (before["no-deficit"], after["no-deficit"]) == (Verdict.PROVED, Verdict.REFUTED)


def test_truthful_rules_are_left_as_they_are():
    kept = repair("mcafee", cache=False)
    assert kept.status is Status.TRUTHFUL
    assert kept.repaired is None


@pytest.mark.parametrize("auction", [users.SECOND_WINS, users.CAPPED], ids=lambda r: r.id)
def test_no_payment_can_work_where_a_higher_report_gets_less(auction):
    found = repair(auction, cache=False)
    assert found.status is Status.IMPOSSIBLE
    witness = found.monotone.evidence
    assert witness.minimal
    assert replay(witness, rule=auction).reproduced
    assert found.repaired is None


@pytest.mark.parametrize("auction", [users.DOOR, users.BEST_TWO, users.STEPS], ids=lambda r: r.id)
def test_rules_of_users_are_repaired(auction):
    assert repair(auction, cache=False).status is Status.REPAIRED


@pytest.mark.parametrize(
    ("auction", "told"),
    [
        (users.SQUARE, "no formula is known"),
        (users.MAYBE_FLAT, "w is not known to be above 0"),
        (users.ABOVE_AVERAGE, "not linear"),
        (users.SECOND_WINS, "who else is in"),
        (users.CAPPED, "need not rise"),
        (rule("mcafee"), "number of trades"),
        (rule("vcg-assignment"), "more than one number"),
        (rule("fmmra-multi-round"), "more than one number"),
    ],
)
def test_what_is_not_derived_is_told(auction, told):
    with pytest.raises(NotDerived, match=told):
        critical_payment(auction)


def test_a_monotone_rule_without_a_formula_is_not_said_to_be_beyond_repair():
    found = repair(users.ABOVE_AVERAGE, cache=False)
    assert found.status is Status.NOT_DERIVED
    assert "a payment exists" in found.reason


def test_several_numbers_are_refused_with_the_theorem():
    auction = rule("vcg-assignment")
    first_price = replace(
        auction,
        id="pay-as-bid-assignment",
        payment=vcg_assignment.bid(auction.agent, vcg_assignment.chosen),
        solver="",
    )
    found = repair(first_price, cache=False)
    assert found.status is Status.NOT_DERIVED
    assert found.monotone.verdict is Verdict.PROVED
    assert "Rochet" in found.reason
    assert repair("vcg-assignment", cache=False).status is Status.TRUTHFUL


def test_no_price_repairs_the_choice_of_a_task():
    found = repair("fmmra-multi-round", cache=False)
    assert found.status is Status.IMPOSSIBLE
    assert found.monotone.property == "weak-monotonicity"
    assert replay(found.monotone.evidence).reproduced


def test_a_target_of_several_rules_is_refused():
    with pytest.raises(InputError, match="several mechanisms"):
        repair("fmmra")


# --- as Python ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RULES)
def test_rules_come_back_from_their_python(name):
    auction = rule(name)
    try:
        source = python_source(auction)
    except InputError as refused:
        assert "cannot be written" in str(refused)  # noqa: PT017  (the other rules are compared)
        return
    space: dict = {}
    exec(source, space)
    made = space["RULE"]
    for part in (
        "allocation",
        "payment",
        "reports",
        "setting",
        "assumptions",
        "admissible",
        "claims",
        "min_agents",
    ):
        assert getattr(made, part) == getattr(auction, part), part


def test_the_written_rule_audits_by_itself(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("STRATEGYPROOF_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "mine.py"
    users_file = Path(users.__file__)
    assert main(["repair", f"{users_file}:DOOR", "--write", str(file)]) == 0
    assert (
        main(["audit", str(file), "--property", "dsic", "--json", str(tmp_path / "out.json")]) == 0
    )
    findings = json.loads((tmp_path / "out.json").read_text())["audits"][0]["findings"]
    assert {f["verdict"] for f in findings if f["property"] == "dsic"} == {"proved"}
    capsys.readouterr()
    assert main(["repair", f"{users_file}:SECOND_WINS", "--write", str(tmp_path / "no.py")]) == 1
    shown = capsys.readouterr()
    assert "no payment makes it truthful" in shown.out
    assert "No smaller profile shows it" in shown.out
    assert "Nothing is written" in shown.err
    assert not (tmp_path / "no.py").exists()


def test_formulas_in_latex_and_parameters(capsys):
    assert main(["repair", "first-price-reserve", "--param", "reserve=2", "--latex"]) == 0
    shown = capsys.readouterr().out
    assert r"\max_{j:\, j \neq i \wedge b_{j} \geq 2} b_{j}" in shown
    assert "Revenue on average" in shown
    assert main(["repair", f"{Path(users.__file__)}:ABOVE_AVERAGE"]) == 3


def test_an_average_of_nothing_has_no_sign():
    rule = SimpleNamespace(
        parameters=(), given={}, sizes={}, reports=(0,), fixed_size=None, min_agents=1,
        run_batch=lambda values: SimpleNamespace(payments=np.full(values.shape, -1e-9)),
    )  # fmt: skip
    assert [f"{mean:.1f}" for mean in average(rule, rule, 0)[:2]] == ["0.0", "0.0"]
