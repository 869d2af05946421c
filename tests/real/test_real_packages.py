"""Packages of other people, from PyPI: what an audit says of them.

Run by name, since it installs 300 MB: ``python -m pytest tests/real/test_real_packages.py``. With
STRATEGYPROOF_REAL=DIR, that folder is used, and filled when it is not there.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder in which they are installed, beside the environment and not in it."""
    given = os.environ.get("STRATEGYPROOF_REAL")
    folder = Path(given) if given else tmp_path_factory.mktemp("packages")
    if not (folder / "pymarket").is_dir():
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        listed = ["--target", str(folder), "-r", str(HERE / "requirements.txt")]
        subprocess.run([*install, *listed], check=True)
    return str(folder)


DOUBLE, MATCHING = ("--as", "double:2,2"), ("--as", "matching")
# What is not refuted is UNREFUTED or, where the calls take too long, UNDECIDED; of the matchings all are tried.
OPEN = {"unrefuted", "undecided"}


@pytest.mark.parametrize(
    ("target", "options", "expected"),
    [
        ("on_freeride.py:lowest_price", DOUBLE, {"dsic": {"refuted"}}),
        ("on_freeride.py:highest_price", DOUBLE, {"dsic": {"refuted"}}),
        (
            "on_freeride.py:middle_price",
            DOUBLE,
            {"dsic": {"refuted"}, "strong-budget-balance": OPEN},
        ),
        ("on_pymarket.py:huang", (*DOUBLE, "--budget", "60"), {"dsic": OPEN, "no-deficit": OPEN}),
        ("on_pymarket.py:muda", (*DOUBLE, "--budget", "60"), {"dsic": OPEN}),
        (
            "on_matching.py:stable_marriage",
            (*MATCHING, "--side", "proposers", "--agents", "4"),
            {"matching-strategyproofness": {"proved"}, "stability": {"proved"}},
        ),
        (
            "on_matching.py:hospital_resident",
            ("--as", "matching:3,2", "--param", "capacities=2,1"),
            {"matching-strategyproofness": {"proved"}, "stability": {"proved"}},
        ),
        (
            "on_tryalgo.py:gale_shapley",
            (*MATCHING, "--side", "proposers"),
            {"matching-strategyproofness": {"proved"}, "stability": {"proved"}},
        ),
    ],
)
def test_verdicts(
    target: str, options: tuple, expected: dict, packages: str, tmp_path: Path
) -> None:
    asked = [word for name in expected for word in ("--property", name)]
    program = "import sys; from proofs.cli import main; sys.exit(main())"
    call = [sys.executable, "-c", program, "audit", target, *options, *asked]
    done = subprocess.run(
        [*call, "--json", str(tmp_path / "audit.json"), "--no-cache"],
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": packages, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    (audit,) = json.loads((tmp_path / "audit.json").read_text())["audits"]
    verdicts = {f["property"]: f["verdict"] for f in audit["findings"]}
    assert all(verdicts[name] in allowed for name, allowed in expected.items()), done.stdout
