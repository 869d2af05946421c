"""Proofs from the order of the reports: what must be proved for any number, and what must never be."""

from __future__ import annotations

import pytest

from mechanism import registry
from proofs.engines import ranked, telescope
from proofs.engines.engine import Budget
from properties.registry import property_of

TRUE = [
    ("mcafee", "dsic"),
    ("mcafee", "no-deficit"),
    ("mcafee", "weak-group-strategyproofness"),
    ("trade-reduction", "ex-post-ir"),
    ("vcg-double-auction", "efficiency"),
    ("average-price-double-auction", "strong-budget-balance"),
    ("uniform-price", "dsic"),
    ("kth-price", "ex-post-ir"),
]
FALSE = [
    ("mcafee", "efficiency"),
    ("mcafee", "strong-group-strategyproofness"),
    ("average-price-double-auction", "dsic"),
    ("vcg-double-auction", "no-deficit"),
    ("pay-as-bid", "dsic"),
    ("kth-price", "dsic"),
    ("gsp", "dsic"),
]


def ask(engine, name, prop):
    return engine.prove(property_of(prop).on(registry.rule(name)), Budget())


@pytest.mark.parametrize(("name", "prop"), TRUE)
def test_true_cells_are_proved(name, prop):
    assert ask(ranked, name, prop).status == "proved"


@pytest.mark.parametrize(("name", "prop"), FALSE)
def test_false_cells_are_not(name, prop):
    assert ask(ranked, name, prop).status != "proved"


def test_any_number_of_slots_by_induction():
    assert ask(telescope, "vcg-slots", "ex-post-ir").status == "proved"
    assert ask(telescope, "gsp", "dsic").status != "proved"
