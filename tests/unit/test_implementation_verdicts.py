"""Audits of the implementations say what is true of them, or nothing; never the opposite."""

import pytest
from implementation_rows import FOLDER, Implementation, implementations, max_agents, verdicts

ROWS = list(implementations())


@pytest.fixture(autouse=True)
def _in_their_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)


def wrong(row: Implementation, found: dict[str, str]) -> list[str]:
    """What is said and is not true."""
    return [
        f"{name} {found[name]}"
        for names, never in (
            (row.holds, ("refuted", "error", "not-applicable")),
            (row.fails, ("proved", "error", "not-applicable")),
            (row.loose, ("proved", "error", "not-applicable")),
        )
        for name in names
        if found[name] in never
    ]


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.target)
def test_no_verdict_is_wrong(row: Implementation, request: pytest.FixtureRequest) -> None:
    programs = {} if row.python else request.getfixturevalue("programs")
    found = verdicts(row, programs)
    assert not wrong(row, found), row.why
    assert max_agents(row) <= 4


def test_a_wrong_verdict_would_be_seen() -> None:
    row = next(r for r in ROWS if r.target == "lists.py:first_price")
    right = {"feasibility": "proved", "ex-post-ir": "unrefuted", "dsic": "refuted"}
    assert wrong(row, right) == []
    assert wrong(row, {**right, "dsic": "unrefuted"}) == []
    assert wrong(row, {**right, "dsic": "proved"}) == ["dsic proved"]
    assert wrong(row, {**right, "feasibility": "refuted"}) == ["feasibility refuted"]
