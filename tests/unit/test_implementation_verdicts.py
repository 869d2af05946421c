"""Audits of the implementations say what is true of them, or nothing; never the opposite.

Here each is asked for truthfulness and for what is wrong with it, with as many bidders as show it; `tests/benchmarks/bench_implementations.py`
asks for everything and takes the time.
"""

from functools import cache
from pathlib import Path

import pytest
from implementation_rows import FOLDER, Implementation, findings, implementations, wrong

ROWS = list(implementations())
TRUTHFUL = ("dsic", "strategyproofness")
# State that shows only on a tie shows when the same call is repeated.
CONDUCT = {
    "mutation": ["unchanged-inputs"],
    "state": ["no-hidden-state", "repeatability"],
    "random": ["seed-independence"],
    "timeout": ["totality"],
    "crash": ["totality"],
}


@pytest.fixture(autouse=True)
def _in_their_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(FOLDER)
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(tmp_path))  # nothing is left in it


def asked(row: Implementation) -> list[str]:
    """What is asked of a row here."""
    truthful = [name for name in (*row.holds, *row.loose) if name in TRUTHFUL]
    return [*truthful, *row.fails] or [*row.holds]


@cache
def verdicts(row: Implementation, programs: tuple = ()) -> dict[str, str]:
    found = findings(row, dict(programs), asked(row), quick=True, jobs=2)
    return {name: str(finding.verdict) for name, finding in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.target)
def test_no_verdict_is_wrong(row: Implementation, request: pytest.FixtureRequest) -> None:
    programs = {} if row.python else request.getfixturevalue("programs")
    assert not wrong(row, verdicts(row, tuple(programs.items()))), row.why


@pytest.mark.slow
def test_of_the_ordinary_ones_most_are_decided() -> None:
    single = [row for row in ROWS if row.single]
    some = single[::4]  # tests/benchmarks/bench_implementations.py asks of all
    decided = [row for row in some if verdicts(row)["dsic"] in ("proved", "refuted")]
    assert len(single) >= 40
    assert len(decided) / len(some) >= 0.85


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "fault"),
    [(row, fault) for row in ROWS for fault in row.conduct if fault in CONDUCT],
    ids=lambda value: getattr(value, "target", str(value)),
)
def test_faults_of_conduct_are_found(row: Implementation, fault: str) -> None:
    found = findings(row, names=CONDUCT[fault], quick=True)
    assert "refuted" in [str(finding.verdict) for finding in found.values()], found


def test_a_wrong_verdict_would_be_seen() -> None:
    row = next(r for r in ROWS if r.target == "lists.py:first_price")
    right = {"feasibility": "proved", "ex-post-ir": "unrefuted", "dsic": "refuted"}
    assert wrong(row, right) == []
    assert wrong(row, {**right, "dsic": "unrefuted"}) == []
    assert wrong(row, {**right, "dsic": "proved"}) == ["dsic proved"]
    assert wrong(row, {**right, "feasibility": "refuted"}) == ["feasibility refuted"]
    assert wrong(row, {**right, "feasibility": "error"}) == ["feasibility error"]
