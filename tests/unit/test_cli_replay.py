"""`strategyproof replay`: of a file, of one out of an audit, and of what is malformed."""

import json
from pathlib import Path

import golden
import pytest
from command_line import failing
from report_samples import DSIC, EVERY

from proofs.cli import main
from proofs.report.json_evidence import counterexample_json

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.fixture
def saved(tmp_path: Path):
    def save(data) -> str:
        file = tmp_path / "case.json"
        file.write_text(data if isinstance(data, str) else json.dumps(data))
        return str(file)

    return save


CASE = counterexample_json(DSIC)


def test_replay(saved, capsys) -> None:
    assert main(["replay", saved(CASE)]) == 1
    golden.check("replay.txt", capsys.readouterr().out)


def test_replay_of_what_is_no_violation(saved, capsys) -> None:
    truthful = {**CASE["instance"], "tables": {"v": ["1", "0"], "b'": ["1", "0"]}}
    assert main(["replay", saved({**CASE, "instance": truthful})]) == 0
    assert "does NOT reproduce" in capsys.readouterr().out
    outside = {**CASE["instance"], "tables": {"v": ["-1", "0"], "b'": ["1", "0"]}}
    assert main(["replay", saved({**CASE, "instance": outside})]) == 0
    assert "v is outside its domain" in capsys.readouterr().out


def test_replay_tells_of_another_margin(saved, capsys) -> None:
    assert main(["replay", saved({**CASE, "margin": "7"})]) == 1
    told = capsys.readouterr().out
    assert "The margin is 1; the file says 7." in told
    assert "Agent 0 gains 1 by" in told


def test_replay_of_one_out_of_an_audit(engine, saved, tmp_path: Path, capsys) -> None:
    engine(*EVERY)
    file = str(tmp_path / "out.json")
    main(["audit", "first-price", "--json", file])
    capsys.readouterr()
    assert "choose with --index:\n  1  first-price: dsic\n  2  " in failing(capsys, "replay", file)
    assert main(["replay", file, "--index", "2"]) == 1
    assert "strong-budget-balance" in capsys.readouterr().out
    assert "no number 9" in failing(capsys, "replay", file, "--index", "9")


def test_replay_of_a_rule_in_a_file(rule_file: Path, saved, capsys) -> None:
    assert main(["replay", saved({**CASE, "target": f"{rule_file}:MINE"})]) == 1
    assert capsys.readouterr().out.startswith("mine: dsic: ")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("{", "is not JSON"),
        ("[]", "not a JSON object"),
        ({}, "'target' is missing"),
        ({"audits": []}, "nothing in it is refuted"),
        ({"audits": [{"mechanism": "a"}]}, "not the JSON of an audit"),
        ({"audits": 3}, "not the JSON of an audit"),
        ({**CASE, "target": "second-prise"}, "did you mean second-price"),
        ({**CASE, "property": "dsci"}, "dsic"),
        ({**CASE, "ties": "random"}, "ties must be one of"),
        ({**CASE, "condition": "k <= 2"}, "in none of the claims"),
        ({**CASE, "parameters": {"k": "2"}}, "no parameter 'k'"),
        ({**CASE, "instance": {**CASE["instance"], "sizes": {}}}, "how many agents there are"),
        ({**CASE, "instance": {**CASE["instance"], "roles": {}}}, "the role 'i'"),
        ({**CASE, "instance": {**CASE["instance"], "roles": {"i": 2}}}, "the role 'i'"),
        (
            {**CASE, "instance": {**CASE["instance"], "tables": {"v": ["1", "0"]}}},
            'no values for "b\'"',
        ),
        (
            {**CASE, "instance": {**CASE["instance"], "tables": {"v": ["1"], "b'": ["1", "0"]}}},
            "2 entries",
        ),
        (
            {
                **CASE,
                "instance": {**CASE["instance"], "tables": {"v": [True, "0"], "b'": ["1", "0"]}},
            },
            "not a number",
        ),
        (
            {
                **CASE,
                "instance": {**CASE["instance"], "tables": {"v": [["1"], "0"], "b'": ["1", "0"]}},
            },
            "not a number",
        ),
        (
            {**CASE, "instance": {**CASE["instance"], "orders": {"truth": [0, 0]}}},
            "every agent once",
        ),
    ],
)
def test_replay_of_what_is_malformed(saved, data, told, capsys) -> None:
    message = failing(capsys, "replay", saved(data))
    assert told.replace('"', "") in message.replace('"', "").replace("'b''", "b'")


def test_replay_tells_of_misreports_that_nobody_reads(saved, capsys) -> None:
    others = {**CASE["instance"], "tables": {"v": ["1", "0"], "b'": ["1/2", "3"]}}
    main(["replay", saved({**CASE, "instance": others})])
    told = " ".join(capsys.readouterr().out.split())
    assert (
        "Note: the misreports of 1 are not read: in dsic, only the agents of its roles lie (i = 0)"
        in told
    )


def test_replay_of_no_file(tmp_path: Path, capsys) -> None:
    assert "there is no such file" in failing(capsys, "replay", str(tmp_path / "no.json"))
    assert "is a folder, not a file" in failing(capsys, "replay", str(tmp_path))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in failing(capsys, "replay", str(tmp_path / "bytes"))
