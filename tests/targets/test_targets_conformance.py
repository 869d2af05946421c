"""Code beside a reference: the same outcome but for whom ties go to; a finding like any other."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mechanism.errors import InputError
from proofs import audit, replay
from proofs.checks import Check, checks_for
from proofs.cli import main
from proofs.report.json_evidence import counterexample_json
from proofs.verdict import Verdict

HERE = Path(__file__).parent
CODE = HERE / "differing.py"
SAMPLES = HERE.parent / "implementations"


def compared(target, as_="single-item", properties=("conformance",), **options):
    options = {"agents": 2, "reference": "second-price", **options}
    (found,) = audit(str(target), as_=as_, properties=properties, **options)
    return {f.property: f for f in found.findings}


def reproduces(finding):
    return replay(counterexample_json(finding.evidence)).reproduced


@pytest.mark.parametrize(
    ("name", "conformance", "at_ties"),
    [
        ("last_of_equals", Verdict.PROVED, Verdict.REFUTED),
        ("free_at_ties", Verdict.REFUTED, Verdict.REFUTED),
        ("unsold_at_ties", Verdict.REFUTED, Verdict.REFUTED),
        ("first_price", Verdict.REFUTED, Verdict.PROVED),
    ],
)
def test_only_another_winner_at_a_tie_is_no_difference(name, conformance, at_ties):
    found = compared(f"{CODE}:{name}")
    assert found["conformance"].verdict is conformance
    assert found["conformance-at-ties"].verdict is at_ties
    assert found["conformance"].asked
    assert not found["conformance-at-ties"].asked
    assert all(reproduces(f) for f in found.values() if f.verdict is Verdict.REFUTED)


def test_several_units():
    found = compared(f"{CODE}:other_two", "units:2", agents=3, reference="uniform-price")
    assert found["conformance"].verdict is Verdict.PROVED
    assert found["conformance-at-ties"].verdict is Verdict.REFUTED


def test_a_reference_asks_beside_what_is_named():
    found = compared(f"{CODE}:last_of_equals", properties=["unchanged-inputs"])
    assert [(n, f.asked) for n, f in found.items()] == [
        ("unchanged-inputs", True),
        ("conformance", True),
        ("conformance-at-ties", False),
    ]


def test_how_ties_fall_decides_where_it_is_named():
    found = compared(f"{CODE}:last_of_equals", properties=["conformance-at-ties"])
    assert found["conformance-at-ties"].against_claim


def test_a_claim():
    found = compared(
        f"{CODE}:first_price", properties=["feasibility"], claims={"conformance": "fails"}
    )
    assert found["conformance"].claim == "fails"
    assert found["conformance"].verdict is Verdict.REFUTED
    assert not found["conformance"].against_claim


def test_a_second_implementation():
    found = compared(
        f"{SAMPLES}/lists.py:second_price", reference=None, against=f"{SAMPLES}/lists.py:halfway"
    )
    assert reproduces(found["conformance"])


def test_what_cannot_be_compared():
    with pytest.raises(InputError, match="cannot be compared"):
        compared(f"{SAMPLES}/lists.py:second_price", reference="vcg-assignment")


def test_to_trade_or_not_at_no_gain_is_the_same():
    found = compared(
        f"{CODE}:no_idle_trade", "double:2,2", agents=4, reference="average-price-double-auction"
    )
    assert found["conformance"].verdict is Verdict.PROVED
    assert found["conformance-at-ties"].verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({}, "give --param reserve=VALUE, or --param reference.reserve=VALUE"),
        ({"reference.reserv": 5}, "reserv"),
        ({"reserve": 5}, "no argument 'reserve'"),
    ],
)
def test_a_parameter_of_the_reference_that_is_missing_or_wrong(parameters, told):
    with pytest.raises(InputError, match=told):
        compared(f"{CODE}:with_reserve", reference="second-price-reserve", parameters=parameters)


def test_a_parameter_of_the_reference_alone():
    options = {"reference": "second-price-reserve", "parameters": {"reference.reserve": 5}}
    found = compared(f"{CODE}:with_reserve", **options)
    assert found["conformance"].verdict is Verdict.PROVED
    with pytest.raises(InputError, match="no --reference or --against"):
        compared(f"{CODE}:with_reserve", **{**options, "reference": None})


@pytest.mark.parametrize(
    "options", [{"properties": ["conformance"]}, {"claims": {"conformance": "holds"}}]
)
def test_with_nothing_to_compare(options):
    with pytest.raises(InputError, match="--reference ID or --against TARGET"):
        audit(f"{CODE}:first_price", as_="single-item", **{"properties": ["dsic"], **options})


def test_a_rule_is_not_compared():
    (found,) = audit("second-price", properties=["conformance"])
    assert found.findings[0].verdict is Verdict.NOT_APPLICABLE


def test_every_report_has_it(tmp_path, capsys):
    files = {n: tmp_path / f"audit.{n}" for n in ("json", "junit", "sarif", "markdown")}
    test = tmp_path / "test_written.py"
    args = ["audit", f"{CODE}:free_at_ties", "--as", "single-item", "--agents", "2", "--jobs", "1"]
    args += ["--property", "conformance", "--reference", "second-price", "--write-test", str(test)]
    assert main([*args, *(a for n, f in files.items() for a in (f"--{n}", str(f)))]) == 1
    told = capsys.readouterr().out
    assert "under second-price: agent 0 wins and pays 1" in told
    assert "conformance is asked for, and is refuted" in told
    findings = json.loads(files["json"].read_text())["audits"][0]["findings"]
    assert [f["property"] for f in findings] == ["conformance", "conformance-at-ties"]
    cases = ElementTree.parse(files["junit"]).iter("testcase")
    assert [c.get("name") for c in cases if c.find("failure") is not None] == ["conformance"]
    (run,) = json.loads(files["sarif"].read_text())["runs"]
    assert [r["ruleId"] for r in run["results"]] == ["conformance"]
    assert "| conformance | asked | **REFUTED** (asked for)" in files["markdown"].read_text()
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert "1 failed" in ran.stdout


def test_a_check_of_a_test_suite():
    options = {"as_": "single-item", "agents": 2, "reference": "second-price"}
    # A reference brings rows of its own; the check is about what it names.
    assert Check("feasibility", options).run(f"{CODE}:free_at_ties").outcome == "passed"
    assert checks_for(f"{CODE}:free_at_ties", **options)[-1].property == "conformance"
