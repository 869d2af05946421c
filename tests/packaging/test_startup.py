"""Cheap commands stay cheap: they load none of the mathematics."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"hypothesis", "mpmath", "numpy", "scipy", "sympy", "z3"}

# Runs the command in a fresh interpreter, then says on the last line what that took.
RUN = """
import json, sys
from proofs.cli import main
sys.argv[0] = "strategyproof"
try:
    code = main()
except SystemExit as end:
    code = end.code
print()
print(json.dumps([code or 0, sorted({name.split(".")[0] for name in sys.modules})]))
"""


def run(*arguments: str) -> tuple[str, int, set[str]]:
    command = [sys.executable, "-c", RUN, *arguments]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text, _, last = done.stdout.rstrip().rpartition("\n")
    code, loaded = json.loads(last)
    return text, code, set(loaded)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["audit", "--help"],
        ["list"],
        ["list", "rules"],
        ["list", "properties"],
    ],
    ids=" ".join,
)
def test_cheap_commands_load_none_of_the_mathematics(arguments: list[str]) -> None:
    text, code, loaded = run(*arguments)
    assert code == 0
    assert text.strip()
    assert not loaded & HEAVY


@pytest.mark.parametrize("package", ["mechanism", "properties", "proofs"])
def test_importing_a_package_loads_none_of_the_mathematics(package: str) -> None:
    # `list` imports the packages, so what they import at the top is paid by every command.
    program = f"import json, sys, {package}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not set(json.loads(done.stdout)) & HEAVY


def test_what_a_proof_needs_is_seen_when_it_is_loaded() -> None:
    # The other tests mean something only if this way of looking notices.
    program = "import json, sys, sympy; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(json.loads(done.stdout)) & HEAVY
