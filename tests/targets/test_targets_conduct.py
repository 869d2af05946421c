"""How code behaves, as properties: asked for and claimed together, and told when nobody asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from proofs import audit
from proofs.cli import main
from proofs.cli.exits import exit_code
from proofs.report import markdown, sarif
from proofs.report.formats import Report
from proofs.report.text import audits_text
from proofs.verdict import Verdict
from properties.registry import GROUPS, spelled_out

CODE = Path(__file__).parent / "misbehaving.py"


def about(name, **options):
    (found,) = audit(f"{CODE}:{name}", as_="single-item", agents=2, **options)
    return {f.property: f for f in found.findings}


def test_a_name_for_all_of_it():
    found = about("mutating", properties=["conduct"])
    assert tuple(found) == GROUPS["conduct"]
    assert all(f.asked for f in found.values())
    assert found["unchanged-inputs"].against_claim
    assert spelled_out(["dsic", "conduct", "totality"]) == ["dsic", *GROUPS["conduct"]]


@pytest.mark.parametrize("name", ["conduct", "unchanged-inputs"])
def test_a_claim(name):
    found = about("mutating", properties=["unchanged-inputs", "totality"], claims={name: "holds"})
    assert found["unchanged-inputs"].claim == "holds"
    assert found["unchanged-inputs"].verdict is Verdict.REFUTED


def test_nobody_asked():
    (found,) = audit(
        f"{CODE}:mutating", as_="single-item", agents=2, properties=["unchanged-inputs"]
    )
    found = replace(found, findings=tuple(replace(f, asked=False) for f in found.findings))
    told = "the code changes the bids that it is given (unchanged-inputs"
    assert f"BEWARE: {told}, #1)" in audits_text([found])
    code, why = exit_code(found.findings)
    assert code == 0
    assert why.endswith(
        "unchanged-inputs is refuted, which counts only if asked for (--property conduct)"
    )
    report = Report([found])
    assert f"**Beware:** {told}" in markdown.text(report).replace("\\", "")
    (run,) = sarif.log(report)["runs"]
    (warned,) = run["invocations"][0]["toolExecutionNotifications"]
    assert (warned["level"], warned["associatedRule"]["id"]) == ("warning", "unchanged-inputs")
    assert not run["results"]


def test_what_is_asked_for_is_not_told_twice(capsys):
    args = ["audit", f"{CODE}:mutating", "--as", "single-item", "--agents", "2", "--jobs", "1"]
    assert main([*args, "--property", "unchanged-inputs"]) == 1
    told = capsys.readouterr().out
    assert "BEWARE" not in told
    assert told.rstrip().endswith("unchanged-inputs is asked for, and is refuted")
