"""`strategyproof audit`: options, exit codes, files, and one clear error for every mistake."""

import json
import os
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from command_line import ROOT, failing
from report_samples import AGAINST, BROKEN, EVERY, PROVED, REFUTED, SKIPPED, UNREFUTED

from proofs.cli import main, options
from proofs.report.json import audits_from, schema

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.mark.parametrize(
    ("findings", "more", "code"),
    [
        ([PROVED, REFUTED, UNREFUTED], [], 0),
        ([AGAINST], [], 1),
        ([UNREFUTED], ["--strict"], 3),
        ([SKIPPED], [], 5),
    ],
)
def test_the_exit_code_and_why(engine, findings, more, code, capsys) -> None:
    engine(*findings)
    assert main(["audit", "first-price", *more]) == code
    assert f"\nexit {code}: " in capsys.readouterr().out


def test_the_report_ends_with_counts(engine, capsys) -> None:
    engine(PROVED, REFUTED, UNREFUTED)
    main(["audit", "first-price", "--seed", "3"])
    *_, counts, _ = capsys.readouterr().out.splitlines()
    assert counts.startswith("1 proved, 1 refuted, 1 unrefuted; ")
    assert counts.endswith("seed 3")


def test_options_reach_the_engine(engine) -> None:
    used = engine(PROVED)
    main(
        [
            "audit",
            "first-price",
            "--property",
            "dsic",
            "--property",
            "strategyproofness",
            "--agents",
            "2..3",
            "--max-agents",
            "5",
            "--budget",
            "2.5",
            "--jobs",
            "2",
            "--seed",
            "4",
            "--ties",
            "any",
            "--coalition",
            "3",
            "--no-cache",
        ]
    )
    assert used.target == "first-price"
    assert used.asked == {
        "properties": ("dsic", "strategyproofness"), "agents": (2, 3), "max_agents": 5,
        "budget_seconds": pytest.approx(2.5, abs=2.5), "jobs": 2, "seed": 4, "parameters": {}, "ties": "any",
        "coalition": 3, "cache": False, "reference": None, "against": None,
    }  # fmt: skip
    main(["audit", "kth-price", "--param", "k=3", "--agents", "any"])
    assert used.asked["parameters"] == {"k": "3"}
    assert used.asked["agents"] == "any"
    assert used.asked["properties"] is None


def test_fixed_parameters_stand_in_the_headline(engine, capsys) -> None:
    engine(replace(PROVED, mechanism="kth-price"))
    main(["audit", "kth-price", "--param", "k=3"])
    assert capsys.readouterr().out.startswith("kth-price: k-th price auction  (k = 3;")


@pytest.mark.parametrize("text", ["3", "2..4", " any "])
def test_agents_are_read(text: str) -> None:
    assert options.AgentsType().convert(text, None, None) in ((3, 3), (2, 4), "any")


def test_functions_as_parameters() -> None:
    value = options.parameter_value("uniform(0,10); 0:-1, 1:1")
    assert [str(f) for f in value] == ["affine(2, -10)", "0:-1, 1:1"]
    assert options.parameter_value("1,") == ["1"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["second-prise"], "did you mean second-price"),
        (["first-price", "--agents", "0"], "no range of agents"),
        (["first-price", "--agents", "4..2"], "no range of agents"),
        (["first-price", "--agents", "some"], "write 3, 2..4 or any"),
        (["first-price", "--agents", "1"], "first-price is meant for 2 agents or more"),
        (["first-price", "--property", "dsci"], "did you mean dsic"),
        (["kth-price", "--param", "k=0"], "outside its domain"),
        (["kth-price", "--param", "k=x"], "is not a number"),
        (["kth-price", "--param", "reserve=1"], "its parameters are k"),
        (["first-price", "--budget", "-1"], "a positive number of seconds"),
        (["first-price", "--budget", "0"], "a positive number of seconds"),
        (["first-price", "--budget", "soon"], "a positive number of seconds"),
        (["first-price", "--budget", "nan"], "a positive number of seconds"),
        (["first-price", "--budget", "inf"], "a positive number of seconds"),
        (["first-price", "--jobs", "0"], "x>=1"),
        (["first-price", "--seed", "x"], "not a valid integer"),
        (["first-price", "--ties", "random"], "lowest-index"),
        (["first-price", "--coalition", "9"], "1<=x<=5"),
        (["kth-price", "--param", "k"], "not NAME=VALUE"),
        (["kth-price", "--param", "=3"], "not NAME=VALUE"),
        (["kth-price", "--param", "k=2", "--param", "k=3"], "more than once"),
        (["myerson", "--param", "phi=sin(1,2)"], "is not a function"),
        (["first-price", "--json", "nowhere/out.json"], "no folder nowhere"),
        (["first-price", "--json", "."], "is a folder"),
        (["first-price", "--save", "pyproject.toml"], "is a file, not a folder"),
        (["first-price", "--emit-smt2", "pyproject.toml/smt"], "no folder"),
        (["first-price", "--nonsense"], "No such option"),
        ([], "Missing argument"),
    ],
)
def test_mistakes(engine, arguments, told, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    used = engine(PROVED)
    message = failing(capsys, "audit", *arguments)
    assert told in message
    assert message.count("Error:") == 1
    assert used.target is None, "the audit had begun"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_files_that_may_not_be_written_are_found_first(engine, tmp_path: Path, capsys) -> None:
    used = engine(PROVED)
    tmp_path.chmod(0o500)
    for option in ("--json", "--save", "--emit-smt2"):
        assert "may be written" in failing(
            capsys, "audit", "first-price", option, str(tmp_path / "new")
        )
    tmp_path.chmod(0o700)
    assert used.target is None


def test_json_to_a_file(engine, tmp_path: Path, capsys) -> None:
    engine(*EVERY)
    file = tmp_path / "out.json"
    assert main(["audit", "first-price", "--json", str(file), "--seed", "9"]) == 2
    data = json.loads(file.read_text())
    jsonschema.validate(data, json.loads(schema()))
    (audit,) = audits_from(data)
    assert audit.findings == tuple(replace(f, seed=9) for f in EVERY)
    assert audit.title == "First-price auction"
    assert "UNREFUTED" in capsys.readouterr().out


def test_json_to_standard_output_is_nothing_else(engine, capsys) -> None:
    engine(AGAINST)
    assert main(["audit", "first-price", "--json", "-"]) == 1
    assert json.loads(capsys.readouterr().out)["audits"][0]["mechanism"] == "first-price"


def test_counterexamples_and_obligations_are_saved(engine, tmp_path: Path, capsys) -> None:
    engine(AGAINST, PROVED)
    cases, smt2 = tmp_path / "cases", tmp_path / "deep" / "smt2"
    main(["audit", "first-price", "--save", str(cases), "--emit-smt2", str(smt2)])
    (file,) = cases.iterdir()
    assert file.name == "first-price-dsic-k-le-2.json"
    assert main(["replay", str(file)]) == 1
    assert len(list(smt2.rglob("*.smt2"))) == 1
    assert f"strategyproof replay {file}" in capsys.readouterr().err


def test_interrupted(engine, tmp_path: Path, capsys) -> None:
    file = tmp_path / "out.json"
    engine(AGAINST, end=KeyboardInterrupt())
    assert main(["audit", "first-price", "--json", str(file)]) == 130
    told = capsys.readouterr().out
    assert "Agent 0 gains 1" in told
    assert "exit 130: interrupted" in told
    data = json.loads(file.read_text())
    assert data["interrupted"] is True
    assert len(data["audits"][0]["findings"]) == 1


def test_an_error_of_an_engine_leaves_a_file_to_report(engine, capsys) -> None:
    engine(BROKEN, AGAINST)
    assert main(["audit", "first-price"]) == 2
    said = capsys.readouterr()
    assert "ERROR" in said.out
    assert "the replay disagrees" in Path(said.err.rpartition(": ")[2].strip()).read_text()


def test_an_internal_error_leaves_a_file_to_report(engine, capsys) -> None:
    engine(PROVED, end=ZeroDivisionError("deep inside"))
    message = failing(capsys, "audit", "first-price")
    assert message.startswith("Internal error: ZeroDivisionError: deep inside\n")
    assert "Traceback" in Path(message.rpartition(": ")[2].strip()).read_text()


def test_progress_only_on_a_terminal(engine, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    from proofs.cli import progress

    engine(PROVED)
    main(["audit", "first-price"])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "DELAY", 0.0)
    with progress.Bar(shown=True) as bar:
        bar.timer.join()
        bar(PROVED, 1, 3)
        assert bar.progress.tasks[0].total == 3
    assert not bar.progress.live.is_started
