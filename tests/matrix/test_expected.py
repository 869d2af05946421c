"""The expected verdict of every rule on every property: complete, in agreement with the claims, and true.

`expected.json` gives for each rule and property

- ``verdict``: ``holds``, ``fails`` or ``n/a``, for all admissible parameters and ties to the lowest index;
- ``evidence``: a citation or a reason, and what was tried without finding a violation;
- ``violation``, where it fails: sizes, tables and roles of one instance. It is replayed here.
- ``value``, for regret: the supremum of what a misreport gains on values in [0, 1], or ``unbounded``;
- ``asked``, where an audit is asked less than that (see `test_matrix.py`).
"""

import json
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, given, settings

from mechanism.bibliography import WORKS, cited
from mechanism.instance import Instance
from mechanism.language import exact
from mechanism.registry import RULES, rule
from mechanism.virtual import parse
from properties.check import check, families
from properties.registry import OF_AUCTIONS, property_of
from properties.strategies import instances

EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text(encoding="utf-8"))
CELLS = [(name, property_id) for name in RULES for property_id in OF_AUCTIONS]
# What a paper claims and is not so.
FALSE_CLAIMS = {
    ("fmmra-one-task", "dsic"),
    ("fmmra-multi-round", "dsic"),
    ("fmmra-multi-round", "coverage"),
}
CONDITIONAL = [
    (name, claim)
    for name in RULES
    for claim in rule(name).claims
    if claim.condition != sp.true and claim.holds
]


def read_table(table, family):
    if isinstance(table, list):
        return tuple(read_table(row, family) for row in table)
    if family.kind == "function":
        return parse(table)
    return table if family.domain.boolean else exact(table)


def read(violation, question):
    by_name = {family.name: family for family in families(question)}
    tables = {name: read_table(t, by_name[name]) for name, t in violation["tables"].items()}
    return Instance(violation["sizes"], tables, violation["roles"])


def test_every_cell_is_there():
    assert list(EXPECTED) == list(RULES)
    for name in RULES:
        assert list(EXPECTED[name]) == list(OF_AUCTIONS), name


@pytest.mark.parametrize("name", RULES)
def test_cells_are_well_formed(name):
    for property_id, cell in EXPECTED[name].items():
        why = property_of(property_id).applies(rule(name))
        assert (cell["verdict"] == "n/a") == bool(why), property_id
        assert cell["evidence"]
        assert ("violation" in cell) == (cell["verdict"] == "fails"), property_id
        assert ("value" in cell) == (property_id == "regret" and not why)
        # Only a violation for some parameters says something of all.
        assert cell["verdict"] == "fails" or set(cell.get("asked", {})) <= {"agents"}


@pytest.mark.parametrize("name", RULES)
def test_violations_replay(name):
    for property_id, cell in EXPECTED[name].items():
        if "violation" in cell:
            question = property_of(property_id).on(rule(name))
            found = check(question, read(cell["violation"], question))
            assert found.violated, (property_id, found)


@pytest.mark.parametrize("name", RULES)
def test_claims_agree(name):
    """A claim under a condition is one about some parameters, and fails for others."""
    claimed = set()
    for claim in rule(name).claims:
        once = (claim.property, claim.condition)
        assert once not in claimed, "claimed twice"
        claimed |= {once, claim.property}
        everywhere = claim.holds and claim.condition == sp.true
        expected = "holds" if everywhere else "fails"
        if (name, claim.property) in FALSE_CLAIMS:
            expected = "fails"
        assert EXPECTED[name][claim.property]["verdict"] == expected, claim.property
    assert claimed >= {"feasibility", "totality", "dsic", "ex-post-ir"}


@pytest.mark.parametrize("name", RULES)
def test_claims_cite_works_that_the_rule_lists(name):
    auction = rule(name)
    for claim in auction.claims:
        keys = cited(claim.reference)
        assert keys, claim.reference
        assert {WORKS[key] for key in keys} <= set(auction.references), claim.reference


@pytest.mark.parametrize(
    ("name", "claim"), CONDITIONAL, ids=[f"{n}-{c.property}" for n, c in CONDITIONAL]
)
def test_conditions_are_right(name, claim):
    """No violation where the condition is met; the one in the matrix does not meet it."""
    question = property_of(claim.property).on(rule(name), claim.condition)
    violation = EXPECTED[name][claim.property]["violation"]
    assert not check(question, read(violation, question)).admitted

    @settings(max_examples=60, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(instances(question))
    def holds(instance):
        assert not check(question, instance).violated

    holds()
