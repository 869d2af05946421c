"""The pytest plugin, as somebody else's test suite meets it: in a pytest of its own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from proofs.checks import Check, checks_for
from proofs.pytest_plugin import parametrize_with_checks

HEAVY = {"hypothesis", "mpmath", "numpy", "scipy", "sympy", "z3", "click", "rich"}

SUITE = """
import pytest
from proofs.pytest_plugin import parametrize_with_checks

def known(mechanism):
    return {"dsic": "bids are shaded"} if mechanism == "first-price" else {}

@parametrize_with_checks(
    ["second-price", "first-price"], properties=["dsic", "ex-post-ir"], expected_failures=known
)
def test_auctions(mechanism, check):
    check(mechanism)

mark = pytest.mark.strategyproof

@mark("kth-price", properties=["dsic"], parameters={"k": 3})
def test_refuted(check):
    check()

@mark("second-price", properties=["strategyproofness"], expected_failures={"dsic": "mended long ago"})
def test_passes_unexpectedly(check):
    check()

@mark("second-price", properties=["dsic"])
def test_forgets_to_check(check):
    pass

@mark("vcg-public", properties=["monotone-allocation"])
def test_has_no_meaning(check):
    check()

@mark("second-price", properties=["efficiency"], budget_seconds=1e-9)
def test_has_no_time(check):
    check()

@mark("second-price", properties=["efficiency"], budget_seconds=1e-9, strict=True)
def test_has_no_time_strict(check):
    check()

@pytest.mark.skip(reason="not today")
@mark("second-price", properties=["dsic"])
def test_skipped(check):
    check()

@mark("second-prise", properties=["dsic"])
def test_is_not_there(check):
    check()

def test_of_something_else():
    pass
"""


def suite(folder: Path, text: str, *arguments: str) -> subprocess.CompletedProcess:
    (folder / "test_suite.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", *arguments]
    environment = {**os.environ, "STRATEGYPROOF_CACHE": str(folder / "cache"), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    done = suite(tmp_path_factory.mktemp("suite"), SUITE)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("test", "result", "why"),
    [
        ("test_auctions[second-price-dsic]", "PASSED", ""),
        ("test_auctions[second-price-ex-post-ir]", "PASSED", ""),
        ("test_auctions[first-price-ex-post-ir]", "PASSED", ""),
        ("test_auctions[first-price-dsic]", "XFAIL", "bids are shaded; dsic REFUTED for 2 agents"),
        ("test_refuted[dsic]", "FAILED", ""),
        ("test_passes_unexpectedly[dsic]", "FAILED", "(mended long ago), and did not: dsic PROVED"),
        ("test_forgets_to_check[dsic]", "FAILED", "nothing was checked"),
        ("test_has_no_time_strict[efficiency]", "FAILED", "not decided: efficiency UNDECIDED"),
        ("test_is_not_there[dsic]", "FAILED", "did you mean second-price"),
        ("test_of_something_else", "PASSED", ""),
    ],
)
def test_what_comes_of_a_check(whole: str, test: str, result: str, why: str) -> None:
    (line,) = re.findall(rf"^{result} test_suite.py::{re.escape(test)}.*", whole, re.M)
    assert why in line


def test_skips_say_why(whole: str) -> None:
    told = "\n".join(re.findall(r"^SKIPPED .*", whole, re.M))
    assert "NOT_APPLICABLE" in told
    assert "not decided: efficiency UNDECIDED" in told
    assert "not today" in told


def test_a_failure_shows_the_counterexample_and_no_traceback(whole: str) -> None:
    assert "utility before" in whole
    assert "from proofs import replay; replay({" in whole
    assert "Traceback" not in whole


def test_the_footer_counts(whole: str) -> None:
    assert "= strategyproof =" in whole
    # Four passed as checks; the test of something else is none.
    assert "9 checks ran: 3 proved, 5 failed, 1 failed as expected, 3 skipped" in whole
    assert "Skipped is not passed" in whole


def test_the_footer_says_so_when_nothing_ran(tmp_path: Path) -> None:
    done = suite(tmp_path, SUITE, "-k", "something_else")
    assert done.returncode == 0
    assert "NO CHECK RAN: 0 proved, 0 failed, 0 failed as expected, 0 skipped" in done.stdout


def test_a_suite_without_checks_is_left_alone(tmp_path: Path) -> None:
    done = suite(tmp_path, "def test(): pass\n")
    assert done.returncode == 0
    assert "strategyproof" not in done.stdout


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('@mark("second-price", properties=["dsik"])\ndef test(check): check()', "'dsik'"),
        ('@mark("second-price")\ndef test(): pass', "takes `check`, and calls it"),
        (
            '@mark("second-price", properties=["dsic"], expected_failures={"efficiency": "x"})\n'
            "def test(check): check()",
            "not among the properties checked",
        ),
        (
            '@mark("second-price", expected_failures={"dsic": ""})\ndef test(check): check()',
            "say why",
        ),
    ],
)
def test_mistakes_are_told_when_tests_are_collected(tmp_path: Path, text: str, why: str) -> None:
    done = suite(tmp_path, f"import pytest\nmark = pytest.mark.strategyproof\n{text}\n")
    assert done.returncode != 0
    assert why in done.stdout + done.stderr
    assert "pluggy" not in done.stdout + done.stderr
    assert "passed" not in done.stdout


def test_the_plugin_imports_nothing_heavy() -> None:
    program = "import json, sys, proofs.pytest_plugin; print(json.dumps([*sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert "proofs" in loaded
    assert not loaded & HEAVY


def test_the_checks_of_a_mechanism(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs.pytest_plugin._wanted", [])  # or this suite would have a footer
    assert checks_for("second-price", properties=["strategyproofness"], ties="any") == [
        Check("dsic", {"ties": "any"})
    ]
    assert [c.property for c in checks_for("second-price")] == ["feasibility", "dsic", "ex-post-ir"]
    mark = parametrize_with_checks(["second-price"], properties=["dsic"])
    assert mark.args[0] == ("mechanism", "check")
    assert [case.id for case in mark.args[1]] == ["second-price-dsic"]
