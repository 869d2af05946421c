"""A counterexample of a rule in a file carries the file's text, and never runs it unasked."""

from __future__ import annotations

import json

import pytest

from mechanism.errors import InputError
from proofs.audit import audit
from proofs.cli import main
from proofs.replay import replay
from proofs.report.json_evidence import counterexample_json

RULE = """from sympy import Eq

from mechanism import ArgMax, Cases, Rule, agents, report

i, j = agents("i j")
b = report("b")
winner = ArgMax(b[j], j)
MINE = Rule(
    id="mine",
    reports=b,
    agent=i,
    min_agents=2,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((b[i], Eq(i, winner)), (0, True)),
)
"""
FIXED = RULE.replace("(b[i], Eq(i, winner))", "(0, Eq(i, winner))")


@pytest.fixture
def saved(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(RULE)
    (found,) = audit(f"{file}:MINE", properties=["dsic"], cache=False)
    case = tmp_path / "case.json"
    case.write_text(json.dumps(counterexample_json(found.findings[0].evidence)))
    return file, case


def test_the_text_goes_along(saved):
    _, case = saved
    data = json.loads(case.read_text())
    assert data["source"]["text"] == RULE
    found = replay(case)
    assert found.reproduced
    assert found.remark == ""
    assert found.counterexample.source.text == RULE


def test_a_changed_file_is_told(saved, capsys):
    file, case = saved
    file.write_text(RULE + "# nothing\n")
    assert main(["replay", str(case)]) == 1
    assert "has changed since this was saved" in capsys.readouterr().out
    file.write_text(FIXED)
    found = replay(case)
    assert not found.reproduced
    assert "about the rule as it is now" in found.remark
    trusted = replay(case, trust_source=True)
    assert trusted.reproduced
    assert trusted.remark == ""


def test_a_file_that_is_gone(saved, capsys):
    file, case = saved
    file.unlink()
    assert main(["replay", str(case)]) == 2
    assert "--trust-source" in capsys.readouterr().err
    assert main(["replay", str(case), "--trust-source"]) == 1


def test_a_text_that_was_tampered_with(saved):
    file, case = saved
    file.unlink()
    data = json.loads(case.read_text())
    data["source"]["text"] += "print('hello')\n"
    with pytest.raises(InputError, match="hash"):
        replay(data, trust_source=True)


def test_a_rule_of_the_catalogue_has_no_file():
    (found,) = audit("first-price", properties=["dsic"], cache=False)
    assert counterexample_json(found.findings[0].evidence)["source"] is None
