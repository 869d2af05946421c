"""The command line: verbs, exit codes, files, and one clear error for every mistake."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import golden
import jsonschema
import pytest
from report_samples import AGAINST, BROKEN, DSIC, EVERY, PROVED, REFUTED, SKIPPED, UNREFUTED

from mechanism.errors import InputError
from mechanism.registry import rule_ids
from proofs import replay, targets
from proofs.cli import VERBS, main, options
from proofs.cli.doctor import BROKEN as IS_BROKEN
from proofs.cli.doctor import examine
from proofs.report.json import audits_from, schema
from proofs.report.json_evidence import counterexample_json

ROOT = Path(__file__).parents[2]


class Engine(ModuleType):
    """In the place of `proofs.audit`: yields given findings, and keeps what it was asked."""

    def __init__(self, findings, end: BaseException | None = None) -> None:
        super().__init__("proofs.audit")
        self.findings, self.end, self.target, self.asked = findings, end, None, {}

    def audit_iter(self, target, *, progress, **asked):
        self.target, self.asked = target, asked
        for done, finding in enumerate(self.findings, 1):
            progress(finding, done, len(self.findings))
            yield finding
        if self.end is not None:
            raise self.end


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch):
    def use(*findings, end: BaseException | None = None) -> Engine:
        made = Engine(findings, end)
        monkeypatch.setitem(sys.modules, "proofs.audit", made)
        return made

    return use


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATEGYPROOF_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def rule_file(tmp_path: Path) -> Path:
    file = tmp_path / "mine.py"
    file.write_text(
        "from dataclasses import replace\n"
        "from mechanism.registry import rule\n"
        "MINE = replace(rule('first-price'), id='mine')\n"
        "BOTH = [MINE, rule('second-price')]\n"
        "def run(bids): return bids\n"
    )
    (tmp_path / "claiming.py").write_text(
        "from dataclasses import replace\n"
        "from mechanism import fails, holds\n"
        "from mechanism.registry import rule\n"
        "k = [f for f in rule('kth-price').parameters if f.name == 'k'][0][()]\n"
        "CLAIMING = replace(rule('kth-price'), id='claiming', claims=(\n"
        "    holds('dsic', 'Vickrey 1961', only_when=k <= 2), holds('feasibility'), fails('efficiency', when=k > 1)))\n"
    )
    return file


def failing(capsys: pytest.CaptureFixture, *arguments: str) -> str:
    """The one message of a call that is wrong."""
    assert main(list(arguments)) == 2
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.out == ""
    return said.err


# --- list, show, help ------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_help(verb: str, capsys) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert f"\n  {verb} " in told
    assert main([verb, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: strategyproof {verb} ")


def test_the_help_of_audit_tells_the_exit_codes(capsys) -> None:
    main(["audit", "--help"])
    told = capsys.readouterr().out
    assert "\n    3  with --strict, " in told
    for option in ("--property", "--agents", "--max-agents", "--budget", "--jobs", "--seed", "--param", "--ties",
                   "--coalition", "--emit-smt2", "--json", "--save", "--strict", "--no-cache"):  # fmt: skip
        assert f"{option} " in told


def test_list(capsys) -> None:
    assert main(["list"]) == 0
    told = capsys.readouterr().out
    assert "\n  second-price                  Second-price (Vickrey) auction\n" in told
    assert "= kth-price, k = 3\n" in told
    assert "\n  strategyproofness = dsic\n" in re.sub(" +=", " =", told)
    assert main(["list", "rules"]) == 0
    assert "dsic" not in capsys.readouterr().out
    assert main(["list", "properties"]) == 0
    assert "vickrey" not in capsys.readouterr().out


@pytest.mark.parametrize("name", ["dsic", "anonymity", "false-name-proofness"])
def test_show_a_property(name: str, capsys) -> None:
    assert main(["show", name]) == 0
    golden.check(f"show-{name}.txt", capsys.readouterr().out)


def test_show_a_rule(rule_file: Path, capsys) -> None:
    assert main(["show", str(rule_file.with_name("claiming.py"))]) == 0
    golden.check("show-rule.txt", capsys.readouterr().out)


@pytest.mark.parametrize("name", rule_ids())
def test_every_rule_can_be_shown(name: str, capsys) -> None:
    assert main(["show", name]) == 0
    assert main(["show", name, "--latex"]) == 0
    assert "\\[ " in capsys.readouterr().out


@pytest.mark.parametrize("name", ["second-price", "dsic", "anonymity"])
def test_show_latex(name: str, capsys) -> None:
    assert main(["show", name, "--latex"]) == 0
    assert "\\[ " in capsys.readouterr().out


def test_show_takes_aliases_and_files(rule_file: Path, capsys) -> None:
    assert main(["show", "individual-rationality"]) == 0
    assert capsys.readouterr().out.startswith("ex-post-ir: ")
    assert main(["show", f"{rule_file}:BOTH"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("mine: ")
    assert "\nsecond-price: " in told


def test_show_suggests(capsys) -> None:
    assert "did you mean second-price" in failing(capsys, "show", "second-prise")
    assert "dsic" in failing(capsys, "show", "dsci")


# --- targets ---------------------------------------------------------------------------------------


def test_targets(rule_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [r.id for r in targets.load("third-price")] == ["kth-price"]
    assert [r.id for r in targets.load(f"{rule_file}:MINE")] == ["mine"]
    assert [r.id for r in targets.load(f"{rule_file}:BOTH")] == ["mine", "second-price"]
    assert [r.id for r in targets.load(str(rule_file))] == ["mine"]
    assert [r.id for r in targets.load("mechanism.rules.first_price:FIRST_PRICE")] == [
        "first-price"
    ]
    assert [r.id for r in targets.load(f"{rule_file}:BOTH[1]")] == ["second-price"]
    with pytest.raises(InputError, match="holds 2 rules"):
        targets.load(f"{rule_file}:BOTH[2]")
    monkeypatch.chdir(rule_file.parent)
    before = list(sys.path)
    assert [r.id for r in targets.load("mine.py:MINE")] == ["mine"]
    assert [r.id for r in targets.load("mine:MINE")] == ["mine"]
    assert sys.path == before


def test_a_target_that_finds_the_one_rule_again(rule_file: Path) -> None:
    for target in ("fmmra", "third-price", "mechanism.rules.first_price:FIRST_PRICE", str(rule_file),
                   f"{rule_file}:MINE", f"{rule_file}:BOTH"):  # fmt: skip
        for rule in targets.load(target):
            (again,) = targets.load(targets.replayable(target, rule))
            assert again.id == rule.id
    (mine,) = targets.load(f"{rule_file}:MINE")
    assert targets.replayable(mine, mine) == "mine"


def test_a_file_that_changed_is_read_again(rule_file: Path) -> None:
    (before,) = targets.load(f"{rule_file}:MINE")
    assert targets.load(f"{rule_file}:MINE")[0] is before
    rule_file.write_text(rule_file.read_text().replace("id='mine'", "id='yours'"))
    os.utime(rule_file, ns=(0, 1))
    assert targets.load(f"{rule_file}:MINE")[0].id == "yours"


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("second-prise", "did you mean second-price"),
        ("nowhere.py:RULE", "there is no such file"),
        ("nowhere:RULE", "ModuleNotFoundError"),
        ("no where:RULE", "neither a file nor a module"),
        ("mechanism.rules.first_price:FIRST", "did you mean FIRST_PRICE"),
        ("mechanism.rules.first_price:winner", "not a Rule"),
        ("mechanism.rules.two_sided:high", "is a function, not a Rule"),
        ("exec:./auction", "say what it is with --as"),
        ("", "unknown rule ''"),
        (":", "unknown rule ''"),
    ],
)
def test_no_target(target: str, told: str) -> None:
    with pytest.raises(InputError) as error:
        targets.load(target)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 1\ny = (", "broken.py, line 2: SyntaxError"),
        ("x = 1\n\n1 / 0\n", "broken.py, line 3: ZeroDivisionError: division by zero"),
        ("import nothing_of_this_name", "line 1: ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("x = 1", "there is no rule in it"),
        ("from mechanism import report\nreport('b', at_least=float('nan'))", "not a finite number"),
    ],
)
def test_a_file_that_is_broken(tmp_path: Path, source: str, told: str, capsys) -> None:
    file = tmp_path / "broken.py"
    file.write_text(source)
    assert told in failing(capsys, "audit", str(file))


def test_a_float_in_a_rule(tmp_path: Path, capsys) -> None:
    source = (ROOT / "mechanism" / "rules" / "second_price.py").read_text()
    file = tmp_path / "floats.py"
    file.write_text(source.replace("allocation=Cases((1,", "allocation=Cases((0.1,"))
    assert 'write Rational(1, 10) or "0.1"' in failing(capsys, "audit", f"{file}:SECOND_PRICE")


# --- audit -----------------------------------------------------------------------------------------


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
        "budget_seconds": 2.5, "jobs": 2, "seed": 4, "parameters": {}, "ties": "any",
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


# --- replay ----------------------------------------------------------------------------------------


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


def test_replay_of_no_file(tmp_path: Path, capsys) -> None:
    assert "there is no such file" in failing(capsys, "replay", str(tmp_path / "no.json"))
    assert "there is no such file" in failing(capsys, "replay", str(tmp_path))
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in failing(capsys, "replay", str(tmp_path / "bytes"))


# --- doctor, and the whole program -----------------------------------------------------------------


def test_doctor(capsys) -> None:
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    for what in ("python", "z3-solver", "sympy", "package mechanism", "proof cache"):
        assert f"{what}  " in told
    assert told.endswith("\nnothing broken\n")


def test_doctor_finds_a_clash(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    from importlib import metadata, util

    found = {"mechanism": ["strategyproof", "other"]}
    monkeypatch.setattr(metadata, "packages_distributions", lambda: found)
    here = type("Dist", (), {"locate_file": staticmethod(lambda name: ROOT), "version": "1"})
    monkeypatch.setattr(metadata, "distribution", lambda name: here)
    assert main(["doctor"]) == 2
    assert "is also a name of other" in capsys.readouterr().out
    elsewhere = util.spec_from_file_location("proofs", "/elsewhere/proofs/__init__.py")
    monkeypatch.setattr(util, "find_spec", lambda name: elsewhere)
    assert [what for state, what, _ in examine() if state == IS_BROKEN] == [
        "package mechanism", "package properties", "package proofs",
    ]  # fmt: skip


def test_doctor_finds_a_broken_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    point = metadata.EntryPoint("theirs", "nowhere.at_all:RULE", "strategyproof.rules")
    monkeypatch.setattr(metadata, "entry_points", lambda group: [point] if "rules" in group else [])
    assert (IS_BROKEN, "rule theirs") in [line[:2] for line in examine()]


def test_an_unknown_command_suggests(capsys) -> None:
    message = failing(capsys, "adit", "first-price")
    assert "did you mean audit" in message


def shell(arguments: str) -> subprocess.CompletedProcess:
    """Run the command line in a shell, which sends its output somewhere."""
    program = "import sys; from proofs.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        f'"{sys.executable}" -c "{program}" {arguments}',
        shell=True, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("arguments", ["list", "audit second-price --property dsic --jobs 1"])
def test_a_full_output_is_one_error(arguments: str) -> None:
    done = shell(f"{arguments} > /dev/full")
    assert done.returncode == 2
    assert done.stderr == "Error: standard output cannot be written: No space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that can close files")
def test_a_closed_output_is_one_error() -> None:
    done = shell("list >&-")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: standard output is closed")
    assert len(done.stderr.splitlines()) == 1


def test_a_closed_pipe_is_no_error() -> None:
    program = "import sys; from proofs.cli import main; sys.exit(main(['list']))"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", program],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(20) == 141
    assert errors == b""


def test_a_terminal_without_unicode(tmp_path: Path) -> None:
    program = "import sys; from proofs.cli import main; sys.exit(main(['show', 'second-price']))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert b"with j != winner" in done.stdout


def test_what_is_printed_without_unicode_can_be_pasted_back() -> None:
    program = "import sys; from proofs.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, "audit", "kth-price", "--property", "dsic"], cwd=ROOT,
        capture_output=True, check=True, timeout=60, text=True, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("from proofs import"))
    assert "'condition': 'k != 2'" in line
    _, _, call = line.partition("; ")
    assert eval(call, {"replay": replay}).reproduced


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_what_was_found_is_kept_when_the_process_is_told_to_end(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    program = (
        "import signal, sys, time, types\n"
        # Jobs in the background are started with Ctrl-C ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from report_samples import AGAINST\n"
        "engine = types.ModuleType('proofs.audit')\n"
        "def audit_iter(target, **asked):\n"
        "    yield AGAINST\n"
        "    print('ready', file=sys.stderr, flush=True)\n"
        "    time.sleep(60)\n"
        "engine.audit_iter = audit_iter\n"
        "sys.modules['proofs.audit'] = engine\n"
        "from proofs.cli import main\n"
        "sys.exit(main(['audit', 'first-price', '--json', sys.argv[1]]))\n"
    )
    file = tmp_path / "out.json"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(file)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr.readline() == "ready\n"
        process.send_signal(sent)
        process.send_signal(sent)  # as `timeout` does, and an impatient user
        told, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert errors == ""
    assert "Agent 0 gains 1" in told
    assert json.loads(file.read_text())["interrupted"] is True


def test_from_end_to_end(tmp_path: Path, capsys) -> None:
    smt2, cases = str(tmp_path / "smt2"), str(tmp_path / "cases")
    asked = [
        "--property",
        "strategyproofness",
        "--property",
        "individual-rationality",
        "--no-cache",
    ]
    assert main(["audit", "first-price", *asked, "--emit-smt2", smt2, "--save", cases]) == 1
    told = capsys.readouterr().out
    assert "any number of agents from 2" in told
    assert "Agent 0 gains 1 by misreporting: agent 0 reports 0 instead of 1." in told
    assert told.endswith("\nexit 1: dsic is asked for, and is refuted\n") or "claimed" in told
    assert "(check-sat)" in next(Path(smt2).rglob("*.smt2")).read_text()
    assert main(["replay", str(next(Path(cases).iterdir()))]) == 1


def test_a_list_of_rules_in_a_file_from_end_to_end(rule_file: Path, tmp_path: Path, capsys) -> None:
    cases = str(tmp_path / "cases")
    assert main(["audit", f"{rule_file}:BOTH", "--property", "dsic", "--save", cases]) == 1
    told = capsys.readouterr().out
    assert "\nsecond-price: " in told
    assert f"{rule_file}:BOTH[0]" in told
    assert main(["replay", str(next(Path(cases).iterdir()))]) == 1
    # The same rule in another file is another target, also when the answer comes from the cache.
    copy = rule_file.rename(rule_file.with_name("copy.py"))
    capsys.readouterr()
    assert main(["audit", f"{copy}:MINE", "--property", "dsic"]) == 1
    assert f"{copy}:MINE" in capsys.readouterr().out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("option", ["--json", "--junit", "--markdown"])
def test_a_full_disk_is_named(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "second-price", "--property", "dsic", option, "/dev/full"]) == 2
    assert "Error: /dev/full: cannot be written" in capsys.readouterr().err
