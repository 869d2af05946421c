"""Clarke payments recognised, and what is left of a question without the choice of an outcome."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from mechanism import registry
from mechanism.language import Sum, agents, at
from proofs.engines.engine import Budget
from proofs.engines.fixed import decide, lowerings
from proofs.engines.search import random_profiles
from proofs.lowering.obligation import size_choices
from proofs.lowering.outcomes import outcome_cases
from proofs.lowering.pivots import PivotTerms, forms, pivot
from properties.check import referee
from properties.registry import property_of
from properties.terms import Terms

CLARKE = ("vcg-assignment", "vcg-combinatorial", "vcg-public", "affine-maximizer")
i, j = agents("i j")


@pytest.mark.parametrize("name", registry.RULES)
def test_the_form_is_recognised(name):
    found = pivot(registry.rule(name))
    assert (found is not None) == (name in CLARKE), name
    if found is not None:
        assert found.closed == (name != "affine-maximizer")


VCG = registry.rule("vcg-assignment")
BROKEN = {
    "half of it": VCG.payment / 2,
    "its own bid": VCG.payment + Sum(VCG.reports[0][i, VCG.good], VCG.good),
    "no pivot": VCG.payment.xreplace({VCG.payment.args[0]: sp.Integer(0)}),
    "nothing": sp.Integer(0),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_other_payments_are_not_taken_for_it(mistake):
    assert pivot(replace(VCG, payment=BROKEN[mistake])) is None


@pytest.mark.parametrize("name", CLARKE)
def test_utility_and_revenue_are_the_same_numbers(name):
    """On random instances with ties, read by the exact referee."""
    rule = registry.rule(name)
    form = pivot(rule)
    asked = property_of("revenue-monotonicity").on(rule)
    plain, written = Terms(rule), PivotTerms(rule, form, frozenset({"truth", "without"}))
    rng = np.random.default_rng(5)
    for sizes in [s for n in (2, 3) for s in size_choices(asked, n)]:
        from proofs.engines.search import instance_at

        tables, roles = random_profiles(asked, sizes, (2,), 6, rng)
        for row in range(6):
            instance = instance_at(asked, sizes, tables, roles, row)
            read = referee(asked, instance)
            for world in asked.worlds:
                assert read(plain.revenue(world)) == read(written.revenue(world))
                for agent in read.domain("agent", asked.worlds[world]):
                    one, other = (read(t.utility(world, i), {i: agent}) for t in (plain, written))
                    assert one == other


@pytest.mark.parametrize(
    "prop",
    [
        "revenue-monotonicity",
        "weak-group-strategyproofness",
        "false-name-proofness",
        "envy-freeness",
    ],
)
def test_assignment_is_proved_for_three(prop):
    decided = decide(property_of(prop).on(VCG), 3, Budget())
    assert (decided.status, decided.ties) == ("proved", "any"), decided.reason


@pytest.mark.slow
@pytest.mark.parametrize("prop", ["revenue-monotonicity", "weak-group-strategyproofness"])
def test_assignment_is_proved_for_four(prop):
    decided = decide(property_of(prop).on(VCG), 4, Budget())
    assert decided.status == "proved", decided.reason


@pytest.mark.parametrize(
    ("name", "prop", "agents"),
    [
        ("vcg-combinatorial", "revenue-monotonicity", 3),
        ("vcg-combinatorial", "weak-group-strategyproofness", 2),
        ("vcg-combinatorial", "false-name-proofness", 3),
        ("vcg-assignment", "strong-group-strategyproofness", 2),
        ("vcg-assignment", "collusion-proofness", 2),
        ("vcg-assignment", "bid-revenue-monotonicity", 2),
        ("vcg-public", "revenue-monotonicity", 3),
        ("affine-maximizer", "weak-group-strategyproofness", 2),
    ],
)
def test_what_is_false_is_never_proved(name, prop, agents):
    question = property_of(prop).on(registry.rule(name))
    assert decide(question, agents, Budget()).status != "proved"


def test_revenue_is_compared_agent_by_agent():
    lifted, written = forms(property_of("revenue-monotonicity").on(VCG))
    assert len(lifted.roles) == len(written.roles) + 1
    assert isinstance(lifted.violation, sp.Or)


def test_cases_of_the_outcome_are_all_cases():
    """Every matching is, under new names for bystanders and goods, one of those that are tried."""
    question = property_of("dsic").on(VCG)
    for lowered in lowerings(question, 3, "free", canonical=True):
        cases = list(outcome_cases(lowered))
        picks = [p for p in lowered.fixed.picks if p.sort == "matching" and p.alone]
        whole = int(np.prod([len(p.elements) for p in picks]))
        assert 1 <= len(cases) <= whole
        goods = lowered.sizes["good"]
        if goods == 1:  # nobody, the liar, or one of two bystanders: 3 of 4 choices in each world
            assert len(cases) == 3 * 3 + 1
            # of two bystanders: the same one in both worlds, or another one


def test_goods_that_are_told_apart_are_not_exchanged():
    given = replace(VCG, given={"anything": (Fraction(1),)})
    question = property_of("envy-freeness").on(given)
    kept = next(iter(lowerings(question, 2, "free", canonical=True)))
    plain = next(iter(lowerings(property_of("envy-freeness").on(VCG), 2, "free", canonical=True)))
    assert len(list(outcome_cases(kept))) >= len(list(outcome_cases(plain)))
    assert at("", i, {}) is not None
