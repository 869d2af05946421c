"""`strategyproof list` and `show`, and the help of every command."""

import re
from pathlib import Path

import golden
import pytest
from command_line import failing

from mechanism.registry import rule_ids
from proofs.cli import VERBS, main
from properties.registry import GROUPS

pytestmark = pytest.mark.usefixtures("own_cache")


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


def test_show_several_properties_under_one_name(capsys) -> None:
    assert main(["show", "conduct"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in told] == list(GROUPS["conduct"])


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
