"""What a TARGET stands for, and what is said of one that stands for nothing."""

import os
import sys
from pathlib import Path

import pytest
from command_line import ROOT, failing

from mechanism.errors import InputError
from proofs import targets

pytestmark = pytest.mark.usefixtures("own_cache")


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
