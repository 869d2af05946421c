"""The test modules shown in docs/how-to/pytest.md do in pytest what the page says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "pytest.md").read_text("utf-8")
FILES = dict(re.findall(r'^```python title="(test_\w+\.py)"\n(.*?)^```', PAGE, re.M | re.S))


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("test_marked.py", "2 checks ran: 2 proved, 0 failed, 0 failed as expected, 0 skipped"),
        ("test_elsewhere.py", "2 checks ran: 1 proved, 0 failed, 1 failed as expected, 0 skipped"),
        (
            "test_conformance.py",
            "4 checks ran: 3 proved, 0 failed, 1 failed as expected, 0 skipped",
        ),
    ],
)
def test_the_modules(name: str, counts: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", name],
        cwd=tmp_path,
        env={**os.environ, "STRATEGYPROOF_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
    )
    assert counts in done.stdout
    assert done.returncode == 0, done.stdout


def test_every_module_of_the_page_is_run() -> None:
    assert len(FILES) == 3
    assert "2 checks ran: 2 proved, 0 failed, 0 failed as expected, 0 skipped" in PAGE
