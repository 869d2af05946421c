"""Proofs by induction over ranks: any number of slots and of bidders."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from ranked_concrete import violated

from mechanism import registry
from mechanism.language import KthHighest, Sum
from mechanism.rules import vcg_slots
from proofs.engines import ranked, telescope
from proofs.engines.engine import Budget
from properties.registry import property_of

PROVED = ["dsic", "ex-post-ir", "envy-freeness", "losers-pay-nothing", "pay-at-most-bid",
          "no-positive-transfers", "weak-group-strategyproofness"]  # fmt: skip
VCG = vcg_slots.VCG_SLOTS


def prove(rule, prop):
    rule = registry.rule(rule) if isinstance(rule, str) else rule
    return telescope.prove(property_of(prop).on(rule), Budget())


@pytest.mark.parametrize("prop", PROVED)
def test_vcg_for_any_number_of_slots(prop):
    result = prove("vcg-slots", prop)
    assert result.status == "proved", result.reason
    assert any("one rank further" in step for step in result.steps)


def test_the_induction_is_needed():
    assert ranked.prove(property_of("dsic").on(VCG), Budget()).status != "proved"


@pytest.mark.parametrize(
    "prop", ["false-name-proofness", "non-bossiness", "strong-group-strategyproofness"]
)
def test_false_cells_are_not_proved(prop):
    assert prove("vcg-slots", prop).status != "proved"


def test_given_rates():
    assert prove(VCG.with_parameters(rate=[3, "3/2", 1]), "dsic").status == "proved"


def charged(harm, start=vcg_slots.place):
    q = vcg_slots.q
    return replace(VCG, id="mutant", payment=Sum(harm, q, where=q >= start))


RATE, Q, J, B = vcg_slots.rate, vcg_slots.q, vcg_slots.j, vcg_slots.b
MUTANTS = {
    "price of the own rank": charged((RATE[Q] - RATE[Q + 1]) * KthHighest(Q, B[J], J)),
    "price two ranks below": charged((RATE[Q] - RATE[Q + 1]) * KthHighest(Q + 2, B[J], J)),
    "whole rates": charged(RATE[Q] * KthHighest(Q + 1, B[J], J)),
    "one slot forgotten": charged((RATE[Q] - RATE[Q + 1]) * KthHighest(Q + 1, B[J], J), vcg_slots.place + 1),
    "rates may rise": replace(
        VCG, id="mutant", assumptions=(), setting_of=lambda rule: replace(VCG.setting_of(rule), assumptions=())
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_not_proved(name):
    asked = property_of("dsic").on(MUTANTS[name])
    if name != "rates may rise":  # random rates fall
        assert violated(Random(2), asked, 4000) is not None
    assert telescope.prove(asked, Budget()).status != "proved"


def test_without_slots_it_does_not_apply():
    assert prove("mcafee", "dsic").status == "not-accepted"
    assert prove("vcg-slots", "no-deficit").status == "not-accepted"
