"""Proofs for any number of agents by instances: what must be proved, and what must never be."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from mechanism import registry
from mechanism.language import Cases, Highest, Sum, agents
from proofs.engines.engine import Budget
from proofs.engines.fixed import decide
from proofs.engines.instances import prove
from properties.registry import property_of

SINGLE_GOOD = (
    "first-price", "second-price", "all-pay", "second-price-reserve", "first-price-reserve",
    "posted-price", "posted-price-unlimited", "myerson", "score-auction", "fmmra-one-task",
)  # fmt: skip
OUTCOMES = ("vcg-assignment", "vcg-combinatorial", "vcg-public", "affine-maximizer")
TRUTHFUL = (
    "second-price", "second-price-reserve", "posted-price", "posted-price-unlimited", "myerson",
    "score-auction", *OUTCOMES,
)  # fmt: skip


def engine(name, prop, **changes):
    rule = replace(registry.rule(name), **changes) if changes else registry.rule(name)
    return prove(property_of(prop).on(rule), Budget())


@pytest.mark.parametrize("prop", ["dsic", "ex-post-ir"])
@pytest.mark.parametrize("name", TRUTHFUL)
def test_truthful_rules_are_proved_for_any_number(name, prop):
    result = engine(name, prop)
    assert result.status == "proved", result.reason
    assert result.ties == "any"


@pytest.mark.parametrize("prop", ["feasibility", "totality", "no-deficit", "efficiency"])
@pytest.mark.parametrize(
    "name", ["second-price", "vcg-assignment", "vcg-combinatorial", "vcg-public"]
)
def test_what_sums_over_all_agents_is_proved(name, prop):
    assert engine(name, prop).status == "proved"


@pytest.mark.parametrize(
    ("name", "prop"),
    [
        ("first-price", "dsic"), ("all-pay", "ex-post-ir"), ("fmmra-one-task", "dsic"),
        ("second-price", "strong-group-strategyproofness"), ("second-price", "non-bossiness"),
        ("second-price", "collusion-proofness"), ("posted-price", "anonymity"),
        ("score-auction", "revenue-monotonicity"), ("myerson", "envy-freeness"),
        ("second-price-reserve", "efficiency"), ("vcg-public", "collusion-proofness"),
        ("affine-maximizer", "efficiency"), ("vcg-combinatorial", "false-name-proofness"),
    ],
)  # fmt: skip
def test_what_is_false_is_never_proved(name, prop):
    assert engine(name, prop).status != "proved"


def test_the_cut_off_is_exact_and_agrees_with_fixed_sizes():
    """Below the cut-off every size is decided without the any-size argument."""
    result = engine("second-price", "dsic")
    assert result.cutoff == 5
    obligation = property_of("dsic").on(registry.rule("second-price"))
    assert all(
        decide(obligation, n, Budget()).status == "proved" for n in range(1, result.cutoff + 1)
    )


def test_unknown_sums_leave_no_exact_cut_off():
    assert engine("vcg-public", "dsic").cutoff is None


def test_the_pivot_with_the_agent_included_is_not_proved():
    rule = registry.rule("vcg-public")
    i, j = rule.agent, agents("j")
    chosen = rule.allocation
    without = Highest(Sum(rule.reports[0][j, chosen.var], j), chosen.var)
    others = Sum(rule.reports[0][j, chosen], j, where=sp.Ne(j, i))
    assert engine("vcg-public", "dsic", payment=without - others).status != "proved"


def test_a_price_from_the_own_bid_is_not_proved():
    rule = registry.rule("second-price")
    (winner,) = rule.allocation.atoms(sp.Eq)
    own = Cases((rule.reports[0][rule.agent] / 2, winner), (0, True))
    assert engine("second-price", "dsic", payment=own).status != "proved"
    assert engine("second-price", "ex-post-ir", payment=own).status == "proved"


def test_a_symbolic_k_is_left_to_other_engines():
    result = engine("kth-price", "dsic")
    assert result.status == "not-accepted"
    assert "symbolic k" in result.reason
