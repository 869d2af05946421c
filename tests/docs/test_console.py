"""What the pages show on the command line is what the program prints.

A page is one session in an empty folder. A ``python`` or ``json`` block with ``title="NAME"`` is a file in it, each
``$ strategyproof ...`` of a ``console`` block is run, and the lines below it are compared with what was
printed: times may differ, and ``...`` stands for anything. A command ends with status 0, with the one that
its output or a comment (``# exit 1``) names, or with what ``$ echo $?`` shows.
"""

import contextlib
import doctest
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from proofs.cli import main

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(python|json|console)([^\n]*)\n(.*?)^```", re.M | re.S)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    """Language, file name and text of each block that is part of the session."""
    for language, info, text in BLOCK.findall(page.read_text("utf-8")):
        name = re.search(r'title="([^"]+)"', info)
        if language == "console" or name:
            yield language, name[1] if name else "", text


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block and the output shown below it."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def without_times(text: str) -> str:
    return re.sub(r"-{5,}", "-----", re.sub(r"\b\d+\.\d+ s\b", "0.00 s", text))


def run(command: str) -> tuple[int, str]:
    words = shlex.split(command, comments=True)
    assert words[0] == "strategyproof", f"in a console block, but not run here: {command}"
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = main(words[1:])
    return status, out.getvalue()


def expected_status(command: str, shown: str) -> int:
    named = re.search(r"# exit (\d+)", command) or re.search(r"^exit (\d+):", shown, re.M)
    return int(named[1]) if named else 0


@pytest.fixture(scope="session")
def proof_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(language == "console" for language, *_ in blocks(page))],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_session(
    page: Path, tmp_path: Path, proof_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("STRATEGYPROOF_CACHE", str(proof_cache))
    status = 0
    for language, name, text in blocks(page):
        if language != "console":
            Path(name).write_text(text, "utf-8")
            continue
        session = list(commands(text))
        for n, (command, shown) in enumerate(session):
            if command == "echo $?":
                assert shown.strip() == str(status), session[n - 1][0]
                continue
            status, printed = run(command)
            followed = session[n + 1 : n + 2] and session[n + 1][0] == "echo $?"
            assert followed or status == expected_status(command, shown), f"{command}\n{printed}"
            if shown.strip():
                want, got = without_times(shown), without_times(printed)
                same = doctest.OutputChecker().check_output(want, got, FLAGS)
                assert same, f"$ {command}\nshown:\n{shown}\nprinted:\n{printed}"
