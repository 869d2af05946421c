"""`strategyproof doctor`: what is broken is found."""

from pathlib import Path

import pytest
from command_line import ROOT

from proofs.cli import main
from proofs.cli.doctor import BROKEN as IS_BROKEN
from proofs.cli.doctor import cache, examine

pytestmark = pytest.mark.usefixtures("own_cache")


def test_doctor(capsys) -> None:
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    for what in ("python", "z3-solver", "sympy", "package mechanism", "proof cache"):
        assert f"{what}  " in told
    assert told.endswith("\nnothing broken\n")


def test_doctor_tries_the_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    places = {tmp_path / "new": "ok", tmp_path / "file" / "in": "note", Path("/proc/nope"): "note"}
    for place, state in places.items():
        monkeypatch.setenv("STRATEGYPROOF_CACHE", str(place))
        assert cache()[0] == state, place
    assert [f.name for f in tmp_path.iterdir()] == ["file"]


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
