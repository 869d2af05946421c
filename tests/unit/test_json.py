"""JSON: what is read back equals what was written, and the schema says what is written."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from report_samples import AUDIT, BUNDLE, DSIC, EVERY, EVERY_CASE, PROVED, case

from mechanism.errors import InputError
from mechanism.registry import rule
from mechanism.virtual import Affine, PiecewiseLinear
from proofs.report.json import (
    audits_from,
    document,
    finding_from,
    finding_json,
    schema,
)
from proofs.report.json_evidence import counterexample_from, counterexample_json

SCHEMA = json.loads(schema())
DOCS = Path(__file__).parents[2] / "docs" / "reference" / "audit.schema.json"


def over_the_wire(data: Any) -> Any:
    return json.loads(json.dumps(data, allow_nan=False))


def valid(data: Any, part: str = "") -> None:
    form = {"$defs": SCHEMA["$defs"], "$ref": f"#/$defs/{part}"} if part else SCHEMA
    jsonschema.Draft202012Validator(form).validate(data)


def floats(data: Any) -> list[float]:
    if isinstance(data, dict):
        return [f for key, v in data.items() if key != "seconds" for f in floats(v)]
    if isinstance(data, list):
        return [f for v in data for f in floats(v)]
    return [data] if isinstance(data, float) else []


@pytest.mark.parametrize("finding", EVERY, ids=lambda f: f.property)
def test_a_finding_survives(finding) -> None:
    data = over_the_wire(finding_json(finding))
    valid(data, "finding")
    assert finding_from(data, "first-price") == finding


@pytest.mark.parametrize("found", EVERY_CASE, ids=lambda c: f"{c.target}-{c.property}")
def test_a_counterexample_survives(found) -> None:
    data = over_the_wire(counterexample_json(found))
    valid(data, "counterexample")
    assert counterexample_from(data) == found


def test_an_audit_survives_and_holds_no_float() -> None:
    data = over_the_wire(document([AUDIT], seed=7))
    valid(data)
    assert floats(data) == []
    (back,) = audits_from(data)
    assert back == replace(AUDIT, findings=tuple(replace(f, seed=7) for f in AUDIT.findings))


def test_functions_survive() -> None:
    phis = (Affine(2, -10), PiecewiseLinear([(0, -1), (1, 1), (3, 2)]))
    found = case("myerson", "strong-budget-balance", {"v": [7, 0], "phi": phis}, {}, 5)
    data = over_the_wire(counterexample_json(found))
    valid(data, "counterexample")
    assert data["instance"]["tables"]["phi"] == [
        {"function": "affine(2, -10)"},
        {"function": "0:-1, 1:1, 3:2"},
    ]
    assert counterexample_from(data) == found


def test_the_form_that_the_design_shows() -> None:
    data = finding_json(replace(PROVED, evidence=DSIC))
    assert data["scope"]["agents"] == "any"
    evidence = data["evidence"]
    shown = {"agents": 2, "agent": 0, "values": ["1", "0"], "reports": ["0", "0"], "margin": "1"}
    assert {key: evidence[key] for key in shown} == shown
    assert evidence["minimal"] is evidence["replayed"] is True
    assert finding_json(replace(PROVED, evidence=BUNDLE))["evidence"]["reports"] == [
        ["1", [True, False]],
        ["1", [True, True]],
    ]


def test_the_case_of_a_rule_that_is_in_no_file() -> None:
    mine = replace(rule("first-price"), id="mine")
    found = replace(DSIC, target="mine", robust=None)
    with pytest.raises(InputError, match="unknown rule 'mine'"):
        counterexample_json(found)
    assert counterexample_json(found, mine)["reports"] == ["0", "0"]
    refuted = replace(AUDIT.findings[1], mechanism="mine", evidence=found)
    data = document([replace(AUDIT, mechanism="mine", findings=(refuted,))], rules={"mine": mine})
    valid(over_the_wire(data))


def test_the_copy_in_the_docs_is_the_schema() -> None:
    assert DOCS.read_text("utf-8") == schema(), "copy proofs/report/schema.json over it"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"target": None}, "'target' is missing"),
        ({"target": 3}, "'target' must be text"),
        ({"margin": "one"}, "margin: 'one' is not an exact number"),
        ({"coalition": "2"}, "'coalition' must be a whole number"),
        ({"instance": []}, "'instance' must be an object"),
        ({"instance": {"sizes": {"agent": "2"}, "tables": {}}}, "'agent' must be a whole number"),
        ({"instance": {"sizes": {"agent": 2}}}, "'tables' is missing"),
        ({"instance": {"tables": {"v": [0.5]}}}, "v: 0.5 is not an exact number"),
        ({"instance": {"tables": {"v": ["nan"]}}}, "v: 'nan' is not an exact number"),
        ({"instance": {"tables": {"v": [None]}}}, "v: None is not an exact number"),
        ({"instance": {"tables": {"v": [{"function": "sin"}]}}}, "'sin' is not a function"),
        ({"instance": {"tables": {}, "orders": {"truth": 3}}}, "'truth' must be a list"),
    ],
)
def test_what_is_wrong_is_said(change: dict, told: str) -> None:
    with pytest.raises(InputError) as error:
        counterexample_from({**counterexample_json(DSIC), **change})
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([], "expected a JSON object"),
        ({}, "'schema' is missing"),
        ({"schema": 2}, "schema 2"),
        ({"schema": 1, "audits": [3]}, "expected a JSON object"),
        (
            {"schema": 1, "audits": [{"mechanism": "a", "findings": [{"verdict": "good"}]}]},
            "no verdict",
        ),
    ],
)
def test_what_is_no_audit_is_said(data: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        audits_from(data)
