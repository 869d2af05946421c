"""Runs tests as somebody else would, who does not have this project."""

import os
import re
import subprocess
import sys
from pathlib import Path

# Runs pytest where none of the packages of this project can be imported.
WITHOUT = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("mechanism", "properties", "proofs"):
            raise ModuleNotFoundError(f"{name} is hidden")
sys.meta_path.insert(0, Hidden())
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


def run(folder: Path) -> subprocess.CompletedProcess:
    options = ["-q", "-rA", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *options],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )


def outcomes(told: str) -> dict[str, str]:
    return {name: what for what, name in re.findall(r"^(PASSED|FAILED|ERROR) (\S+)", told, re.M)}
