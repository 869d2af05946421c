"""Audits: which questions are asked, what the answers amount to, and what they cost."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from fractions import Fraction
from importlib import import_module

import pytest
import sympy as sp
from sympy import Rational

from mechanism import ArgMax, Cases, InputError, Rule, UnknownId, agents, registry, report
from mechanism.rule import fails, holds
from mechanism.rules.second_price_reserve import reserve
from proofs import answering, audit, workers
from proofs.any_number import ENGINES, engine
from proofs.audit import audit_iter
from proofs.engines import random_tests
from proofs.engines.grids import grid
from proofs.engines.search import search
from proofs.verdict import Number, Verdict
from properties.check import check
from properties.registry import property_of

ID = {"cache": False}


def only(target, prop, **options):
    (found,) = audit(target, properties=[prop], **{**ID, **options})
    (finding,) = found.findings
    return finding


def test_the_paper_is_refuted_and_confirmed():
    """One task: refuted, proved where fitness plays no part; many tasks: refuted, also where all compete."""
    for found in audit("fmmra", properties=["dsic", "ex-post-ir"], **ID):
        dsic, special, rationality = found.findings
        assert dsic.verdict is Verdict.REFUTED
        assert dsic.evidence.minimal
        assert dsic.against_claim
        expected = Verdict.PROVED if found.mechanism == "fmmra-one-task" else Verdict.REFUTED
        assert special.verdict is expected
        assert not special.against_claim
        assert rationality.verdict is Verdict.PROVED
        assert rationality.scope.agents == (2, None)


def test_a_refutation_replays_on_the_referee():
    finding = only("first-price", "dsic")
    obligation = property_of("dsic").on(registry.rule("first-price"))
    assert check(obligation, finding.evidence.instance).margin == finding.evidence.margin > 0


def test_a_conditional_claim_is_asked_on_both_sides():
    k = registry.rule("kth-price").parameters[0][()]
    rule = replace(registry.rule("kth-price"), claims=(holds("dsic", only_when=sp.Eq(k, 2)),))
    (found,) = audit(rule, properties=["dsic"], **ID)
    one, other = found.findings
    assert (one.claim, one.verdict, one.condition) == ("holds", Verdict.PROVED, "k = 2")
    assert (other.claim, other.verdict, other.condition) == ("fails", Verdict.REFUTED, "k ≠ 2")
    assert not one.against_claim
    assert not other.against_claim


def test_a_parameter_decides_a_conditional_claim():
    k = registry.rule("kth-price").parameters[0][()]
    rule = replace(registry.rule("kth-price"), claims=(holds("dsic", only_when=sp.Eq(k, 2)),))
    (third,) = audit(rule, properties=["dsic"], parameters={"k": 3}, **ID)
    assert [(f.claim, f.verdict) for f in third.findings] == [("fails", Verdict.REFUTED)]
    (second,) = audit(rule, properties=["dsic"], parameters={"k": 2}, **ID)
    assert [(f.claim, f.verdict) for f in second.findings] == [("holds", Verdict.PROVED)]


def test_a_claim_that_something_fails_can_be_wrong():
    rule = replace(registry.rule("second-price"), claims=(fails("dsic"),))
    assert only(rule, "dsic").against_claim


def test_exact_numbers_of_agents():
    finding = only("second-price", "dsic", agents="2..3")
    assert (finding.verdict, finding.scope.agents) == (Verdict.PROVED, (2, 3))
    assert only("second-price", "dsic", agents=3).scope.agents == (3, 3)
    assert only("first-price", "dsic", agents="any").verdict is Verdict.REFUTED


@pytest.mark.parametrize("agents", ["0", "3..2", "many", "-1", "2.."])
def test_bad_numbers_of_agents(agents):
    with pytest.raises(InputError, match="number of agents"):
        only("second-price", "dsic", agents=agents)


def test_too_few_agents_is_not_applicable():
    assert only("first-price", "dsic", agents=1).verdict is Verdict.NOT_APPLICABLE


def test_numbers_given_for_too_few_agents_are_not_applicable():
    rule = registry.rule("fmmra-one-task").with_parameters(fitness=[1, 2])
    finding = only(rule, "revenue-monotonicity")  # of two and a newcomer
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert (
        finding.reason == "this needs at least 3 agents, and the parameters are given for 2 agents"
    )


def test_premises_that_cannot_be_met_are_vacuous():
    rule = replace(registry.rule("second-price-reserve"), assumptions=(reserve < 0,))
    assert only(rule, "ex-post-ir").verdict is Verdict.VACUOUS


def test_properties_that_do_not_apply_say_why():
    finding = only("vcg-public", "monotone-allocation")
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert "more than one number" in finding.reason


@pytest.mark.parametrize(
    ("name", "value", "attained"),
    [
        ("first-price", 1, True),
        ("second-price", 0, True),
        ("average-price-double-auction", Fraction(1, 2), True),
    ],
)
def test_regret_is_a_number(name, value, attained):
    finding = only(name, "regret", max_agents=3)
    assert isinstance(finding.evidence, Number)
    assert finding.verdict is Verdict.PROVED
    assert finding.evidence.values[0][1:] == (value, attained)


def test_a_regret_may_be_approached_and_not_attained():
    """A lone bidder wins with any bid above a half, and pays it."""
    i, j = agents("i j")
    b = report("b")
    winner = ArgMax(b[j], j, where=b[j] > Rational(1, 2))
    above = Rule(
        id="above",
        agent=i,
        reports=b,
        allocation=Cases((1, sp.Eq(i, winner)), (0, True)),
        payment=Cases((b[i], sp.Eq(i, winner)), (0, True)),
    )
    finding = only(above, "regret", agents=1)
    assert finding.evidence.values == ((1, Fraction(1, 2), False),)


def test_unknown_names_suggest_the_nearest():
    with pytest.raises(UnknownId, match="second-price"):
        audit("second-prise")
    with pytest.raises(UnknownId, match="dsic"):
        audit("second-price", properties=["dsicc"])


def test_a_rule_without_claims_is_asked_for_the_basics():
    i = agents("i")
    b = report("b")
    free = Rule(id="free", agent=i, reports=b, allocation=sp.Integer(0), payment=Cases((0, True)))
    asked = {f.property for f in audit_iter(free, **ID) if f.asked}
    assert asked == {"feasibility", "dsic", "ex-post-ir"}


def test_the_budget_is_kept_and_said():
    start = time.monotonic()
    findings = list(audit_iter("mcafee", budget_seconds=0.2, **ID))
    assert time.monotonic() - start < 20
    assert any(f.verdict is Verdict.UNDECIDED for f in findings)
    with pytest.raises(InputError, match="positive"):
        list(audit_iter("mcafee", budget_seconds=0))


def test_the_cache_gives_the_same_findings(tmp_path, monkeypatch):
    monkeypatch.setenv("STRATEGYPROOF_CACHE", str(tmp_path))
    cold = list(audit_iter("second-price", properties=["dsic", "non-bossiness"]))
    warm = list(audit_iter("second-price", properties=["dsic", "non-bossiness"]))
    assert len(list(tmp_path.rglob("*"))) > 1
    for one, other in zip(cold, warm, strict=True):
        assert (one.verdict, one.scope, one.claim) == (other.verdict, other.scope, other.claim)
    assert warm[1].evidence.instance == cold[1].evidence.instance


def test_a_worker_that_hangs_is_killed():
    results = dict(workers.run([lambda: time.sleep(60), lambda: 7], 2, 1.0, float("inf")))
    assert isinstance(results[0], workers.Killed)
    assert results[1] == 7


@pytest.mark.parametrize(("apart", "processes"), [(False, 1), (True, 4)])
def test_a_process_does_one_task_after_the_other_unless_they_are_kept_apart(apart, processes):
    results = dict(workers.run([os.getpid] * 4, 1, 60.0, float("inf"), apart))
    assert sorted(results) == [0, 1, 2, 3]
    assert len(set(results.values()) - {os.getpid()}) == processes


def test_an_error_in_a_task_is_handed_over_and_the_next_task_is_done():
    results = dict(workers.run([lambda: 1 // 0, lambda: 7], 1, 60.0, float("inf")))
    assert isinstance(results[0], ZeroDivisionError)
    assert results[1] == 7


def test_a_process_that_ends_itself_costs_one_task():
    results = dict(workers.run([lambda: os._exit(3), lambda: 7], 1, 60.0, float("inf")))
    assert isinstance(results[0], workers.Killed)
    assert results[1] == 7


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_every_engine_of_the_registry_is_there(name):
    assert callable(engine(name))


def test_searches_find_what_is_false_and_only_that():
    false = property_of("dsic").on(registry.rule("first-price"))
    true = property_of("dsic").on(registry.rule("second-price"))
    assert check(false, search(false, [2], 2000, 0).instance).violated
    assert search(true, [2, 3], 5000, 0).instance is None
    assert check(false, random_tests.search(false, (2, 2), 50, 0).instance).violated
    assert random_tests.search(true, (1, 3), 50, 0).instance is None


def test_the_grid_is_whole():
    obligation = property_of("dsic").on(registry.rule("second-price"))
    tables, roles = grid(obligation, {"agent": 2}, 1, 100)
    (role,) = roles
    columns = (tables["v"].tolist(), tables["b'"].tolist(), roles[role].tolist())
    rows = {(*types, *said, who) for types, said, who in zip(*columns, strict=True)}
    assert len(rows) == len(roles[role]) == 2**3 * 2


@pytest.mark.skipif(not workers.available(), reason="nothing is killed without worker processes")
def test_what_takes_too_long_is_killed_and_searched(monkeypatch) -> None:
    monkeypatch.setattr(answering, "HARD_SECONDS", 2.0)
    monkeypatch.setattr(
        import_module("proofs.decide"), "any_number", lambda *_, **__: time.sleep(60)
    )
    ((found,),) = (a.findings for a in audit("second-price", properties=["dsic"], cache=False))
    assert found.verdict is Verdict.UNREFUTED
    assert found.evidence.profiles > 100
    assert found.reason.startswith("time ran out")
    assert found.scope.agents == (1, 4)
    assert found.seconds >= 2
