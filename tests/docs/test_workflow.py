"""The workflow shown in docs/how-to/continuous-integration.md runs an audit that writes what it uploads."""

import json
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest

from proofs.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "continuous-integration.md").read_text(
    "utf-8"
)


def test_the_command_of_the_workflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r'^```python title="auction.py"\n(.*?)^```', PAGE, re.M | re.S)
    (workflow,) = re.findall(r"^```yaml[^\n]*\n(.*?)^```", PAGE, re.M | re.S)
    (command,) = re.findall(r"run: >-\n((?: {10}[^\n]*\n)+)", workflow)
    summary = tmp_path / "summary.md"
    words = shlex.split(command.replace("$GITHUB_STEP_SUMMARY", str(summary)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STRATEGYPROOF_CACHE", str(tmp_path / "cache"))
    Path("auction.py").write_text(code)
    assert words[:3] == ["strategyproof", "audit", "auction.py:vickrey"]
    assert main(words[1:]) == 0
    (run,) = json.loads(Path("audit.sarif").read_text())["runs"]
    assert run["results"] == []
    root = xml.fromstring(Path("audit.xml").read_bytes())
    assert (root.attrib["tests"], root.attrib["failures"]) >= ("3", "0")
    assert "vickrey" in summary.read_text()
    for file in ("audit.sarif", "audit.xml"):
        assert f": {file}\n" in workflow
