"""The places in files that reports point at."""

from pathlib import Path

import pytest

from proofs.report.place import line_of, place

SOURCE = """\
import functools

class Auction:
    reserve = 1

    def prepare(self): ...

    @functools.cache
    def run(self, bids): ...

settle = Auction().run
RULES: list = []
"""


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Auction", 3),
        ("Auction.run", 9),
        ("Auction.inherited", 3),
        ("settle", 11),
        ("RULES[0]", 12),
        ("nothing", 1),
        ("", 1),
    ],
)
def test_lines(tmp_path: Path, name: str, line: int) -> None:
    file = tmp_path / "mine.py"
    file.write_text(SOURCE)
    assert line_of(file, name) == line


def test_a_file_that_is_not_python_has_a_first_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(b"\xff\x00 def (")
    assert line_of(file, "run") == 1


def test_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "auction.py").write_text("X = 1\ndef run(bids): ...\n")
    (tmp_path / "auction.js").write_text("")
    assert place("shop/auction.py:run") == (Path("shop/auction.py"), 2)
    assert place("shop.auction:run") == (Path("shop/auction.py"), 2)
    assert place("exec:node auction.js --fast") == (Path("auction.js"), 1)
    for nowhere in ("exec:node other.js", "shop/no.py:run", "no.module:run", "no-rule"):
        assert place(nowhere) is None
    for target, name in (
        ("json:dumps", "json/__init__.py"),
        ("json.decoder:JSONDecoder.decode", "json/decoder.py"),
        ("bisect:insort_left", "bisect.py"),
    ):
        file, line = place(target) or (Path(), 0)
        assert file.as_posix().endswith(name)
        assert line > 1
