"""The fixed-size lowering agrees with the exact referee, ties included."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import z3

from mechanism import registry
from mechanism.language import World, at
from mechanism.setting import HOLDER, OWNER
from mechanism.virtual import Affine
from proofs.engines.engine import Budget
from proofs.engines.fixed import decide, lowerings
from proofs.lowering.obligation import instance_of, lower, role_choices
from proofs.lowering.terms import condition, number
from proofs.solver import solve
from properties.check import check, referee
from properties.registry import property_of

LARGE = {"vcg-combinatorial", "greedy-single-minded", "greedy-pay-as-bid", "vcg-assignment"}


def sizes_of(rule, agents):
    return {"agent": agents, **{sort: min(high, 2) for sort, (low, high) in rule.sizes.items()}}


def pinned(lowered, rng):
    """Random whole numbers from a small range for every entry: many ties."""
    facts = []
    for (family, _), constant in lowered.entries.items():
        if family.domain.boolean:
            facts.append(constant == (rng.random() < 0.6))
        else:
            low = 1 if family.domain.strict or family.name == "k" else 0
            facts.append(number(constant) == rng.randint(low, 2))
    return facts


@pytest.mark.parametrize("ties", ["lowest-index", "highest-index"])
@pytest.mark.parametrize("name", registry.rule_ids())
def test_payments_and_worth_agree_with_the_referee(name, ties):
    rng = random.Random(f"{name} {ties}")
    rule = registry.rule(name).with_ties(ties)
    obligation = property_of("ex-post-ir").on(rule)
    agents = 2 if name in LARGE else 3
    sizes = sizes_of(rule, agents)
    compared = 0
    for _ in range(6):
        lowered = lower(obligation, sizes, {obligation.roles[0]: 0})
        reads = {}
        for agent in range(agents):
            env = {rule.agent: [(True, agent)], OWNER: [(True, agent)], HOLDER: [(True, agent)]}
            reads[agent] = tuple(
                number(lowered.fixed.read(e, env, World("truth")))
                for e in (rule.payment, rule.setting.worth)
            )
        solver = z3.Solver()
        solver.add(*lowered.fixed.definitions, *pinned(lowered, rng))
        assert solver.check() == z3.sat
        model = solver.model()
        values = {d.name(): _python(model[d]) for d in model.decls() if d.arity() == 0}
        instance = instance_of(lowered, values)
        if not check(obligation, instance).admitted:
            continue
        read = referee(obligation, instance)
        for agent, terms in reads.items():
            env = {rule.agent: agent, OWNER: agent, HOLDER: agent}
            for term, expr in zip(terms, (rule.payment, rule.setting.worth), strict=True):
                assert _python(model.eval(term, True)) == read(expr, env), (instance, agent)
                compared += 1
    assert compared


@pytest.mark.parametrize(
    ("name", "prop", "agents"),
    [
        ("second-price", "weak-group-strategyproofness", 3),
        ("second-price", "anonymity", 3),
        ("kth-price", "non-bossiness", 3),
        ("vcg-combinatorial", "dsic", 2),
        ("greedy-single-minded", "false-name-proofness", 3),
        ("mcafee", "revenue-monotonicity", 4),
    ],
)
def test_what_roles_share_is_what_each_would_read_alone(name, prop, agents):
    """Lowered one beside the other, every choice of roles still says what the referee says."""
    rng = random.Random(f"{name} {prop}")
    rule = registry.rule(name)
    obligation = property_of(prop).on(rule)
    sizes, told, beside = sizes_of(rule, agents), [], None
    for roles in role_choices(obligation, agents, canonical=False):
        lowered = lower(obligation, sizes, roles, beside=beside)
        if lowered is None:
            continue
        beside = lowered
        for _ in range(4):
            solver = z3.Solver()
            violated = condition(lowered.violation)
            solver.add(*lowered.fixed.definitions, *pinned(lowered, rng))
            assert solver.check() == z3.sat
            model = solver.model()
            values = {d.name(): _python(model[d]) for d in model.decls() if d.arity() == 0}
            checked = check(obligation, instance_of(lowered, values))
            if checked.admitted:
                told.append(checked.violated)
                assert z3.is_true(model.eval(violated, True)) == checked.violated, values
    assert told


def _python(value):
    if z3.is_bool(value):
        return z3.is_true(value)
    return Fraction(value.as_long()) if z3.is_int_value(value) else value.as_fraction()


@pytest.mark.parametrize(
    ("name", "prop", "status"),
    [
        ("second-price", "dsic", "proved"),
        ("first-price", "dsic", "sat"),
        ("mcafee", "dsic", "proved"),
        ("score-auction", "ex-post-ir", "proved"),
        ("kth-price", "envy-freeness", "sat"),
    ],
)
def test_three_agents_are_decided(name, prop, status):
    assert decide(property_of(prop).on(registry.rule(name)), 3, Budget()).status == status


def test_roles_up_to_renaming():
    obligation = property_of("anonymity").on(registry.rule("second-price"))
    canonical = [tuple(r.values()) for r in role_choices(obligation, 3, canonical=True)]
    assert canonical == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 1, 2)]


def test_given_virtual_values_are_lowered_piece_by_piece():
    from mechanism.virtual import PiecewiseLinear

    bent = PiecewiseLinear([(0, -1), (1, 1), (3, 2)])
    rule = registry.rule("myerson").with_parameters(phi=[bent, Affine(2, -1)])
    obligation = property_of("efficiency").on(rule)
    lowered = lower(obligation, {"agent": 2}, {})
    solver = z3.Solver()
    solver.add(*lowered.premises, condition(lowered.violation))
    assert solver.check() == z3.sat
    names = {d.name(): _python(solver.model()[d]) for d in solver.model().decls() if d.arity() == 0}
    found = check(obligation, instance_of(lowered, names))
    assert found.violated


def test_tie_orders_of_a_model_are_replayed():
    rule = registry.rule("second-price").with_ties("any")
    obligation = property_of("monotone-allocation").on(rule)
    lowered = lower(obligation, {"agent": 2}, {obligation.roles[0]: 0})
    assert at("truth", rule.payment, {rule.agent: obligation.roles[0]}).world == "truth"
    solver = z3.Solver()
    solver.add(*lowered.premises)
    assert solver.check() == z3.sat
    names = {d.name(): _python(solver.model()[d]) for d in solver.model().decls() if d.arity() == 0}
    assert check(obligation, instance_of(lowered, names)).admitted


def test_agents_with_given_parameters_are_not_exchangeable():
    """Only the second agent can gain, by a price that is off for the low score."""
    rule = registry.rule("fmmra-one-task").with_parameters(fitness=[0, 5], w1=1, w2=1)
    assert not rule.exchangeable
    obligation = property_of("dsic").on(rule)
    tried = {
        tuple(low.roles.values()) for low in lowerings(obligation, 2, rule.ties, canonical=False)
    }
    assert tried == {(0,), (1,)}
    assert decide(obligation, 2, Budget()).status == "sat"


@pytest.mark.parametrize(
    "prop", ["anonymity", "envy-freeness", "dsic", "non-bossiness", "efficiency"]
)
@pytest.mark.parametrize("name", ["posted-price", "greedy-single-minded"])
def test_an_open_queue_makes_agents_alike(name, prop):
    """One choice of roles with any queue is any choice of roles with one queue."""
    obligation = property_of(prop).on(registry.rule(name))
    for n in (2, 3) if name == "posted-price" else (2,):
        alike = _violated(lowerings(obligation, n, "free", canonical=True))
        one_by_one = _violated(lowerings(obligation, n, "lowest-index", canonical=False))
        assert alike == one_by_one


def _violated(lowered):
    return any(solve(low.assertions).status == "sat" for low in lowered)
