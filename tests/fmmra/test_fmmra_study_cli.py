"""``strategyproof study``, as it is called."""

import sys
from pathlib import Path

import pytest

from proofs.cli import main


def call(capsys: pytest.CaptureFixture, *arguments: str) -> tuple[int, str, str]:
    status = main(["study", *arguments])
    out = capsys.readouterr()
    return status, out.out, out.err


SMALL = ("--agents", "5,8", "--draws", "40")


def test_tables_csv_and_figures(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    status, out, err = call(
        capsys, "fmmra", *SMALL, "--seed", "7", "--out", str(tmp_path / "a" / "b")
    )
    assert (status, err) == (0, "")
    for told in ("4 tasks, 40 draws", "seed 7", "Reading: the recommended one", "up to 5.47%"):
        assert told in out
    for title in (
        "Figure 2. Average final profit",
        "Figure 3. Total cost",
        "Figure 4. Total fitness",
        "satisfaction",
    ):
        assert title in out
    assert "13 hold" in out
    written = {p.name for p in (tmp_path / "a" / "b").iterdir()}
    assert "fmmra.csv" in written
    assert (
        len([n for n in written if n.endswith(".svg")])
        == len([n for n in written if n.endswith(".png")])
        == 7
    )
    first = (tmp_path / "a" / "b" / "fmmra.csv").read_bytes()
    call(capsys, "fmmra", *SMALL, "--seed", "7", "--out", str(tmp_path), "--no-figures")
    assert (tmp_path / "fmmra.csv").read_bytes() == first
    assert not list(tmp_path.glob("*.svg"))


def test_without_matplotlib_all_else_comes(
    capsys: pytest.CaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    status, out, err = call(capsys, "fmmra", *SMALL, "--out", str(tmp_path))
    assert status == 2
    assert "Error: figures need matplotlib: python -m pip install 'strategyproof[study]'" in err
    assert "13 hold" in out
    assert (tmp_path / "fmmra.csv").exists()
    assert call(capsys, "fmmra", *SMALL, "--out", str(tmp_path), "--no-figures")[0] == 0


def test_choices_are_told(capsys: pytest.CaptureFixture, tmp_path: Path) -> None:
    given = ("--param", "closure=keep-open", "--param", "w1=0.7", "--no-figures")
    status, out, _ = call(capsys, "fmmra", *SMALL, *given, "--out", str(tmp_path))
    assert status == 0
    assert "Reading: closure = keep-open; w1 = 7/10" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fmra"], "unknown study 'fmra': did you mean fmmra"),
        (
            ["fmmra", "--agents", "none"],
            "'none' is no list of agents; write 16, 8,16,24 or 8..40:8",
        ),
        (["fmmra", "--agents", "0..4"], "they start at 1"),
        (["fmmra", "--agents", "9..4"], "a range goes up"),
        (["fmmra", "--agents", "4,4"], "names a number of agents twice"),
        (["fmmra", "--agents", "4..8:0"], "they start at 1"),
        (["fmmra", "--draws", "1"], "1 is not in the range"),
        (["fmmra", "--tasks", "0"], "0 is not in the range"),
        (["fmmra", "--seed", "-1"], "-1 is not in the range"),
        (["fmmra", "--param", "w1"], "'w1' is not NAME=VALUE"),
        (["fmmra", "--param", "w1=nan"], "w1: 'nan' is not a number"),
        (["fmmra", "--param", "weight=1"], "unknown parameter of the FMMRA study 'weight'"),
        (["fmmra", "--param", "w1=1", "--param", "w1=2"], "'w1' is given more than once"),
        (["fmmra", "--param", "raise_form=steep"], "raise_form must be convex or"),
        (["fmmra", "--agents", "3", "--param", "covered=yes"], "3 agents cannot cover 4 tasks"),
        (["fmmra", "--out", __file__], "is a file, not a folder"),
    ],
)
def test_a_call_that_is_wrong_is_one_clear_error(
    capsys: pytest.CaptureFixture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = call(capsys, *arguments)
    assert status == 2
    assert message in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
