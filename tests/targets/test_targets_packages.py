"""Packages of other people, from PyPI: what an audit says of them.

They are installed once, beside the environment and not in it, into a folder of the user's cache (350 MB), or into
STRATEGYPROOF_REAL. Where they cannot be installed, as without a network, the tests are skipped and say so.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REAL = Path(__file__).parents[1] / "real"
REQUIREMENTS = REAL / "requirements.txt"


@pytest.fixture(scope="session")
def packages() -> str:
    """The folder in which they are installed; of several processes that want it, one makes it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    version = f"{sys.implementation.cache_tag}-{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]}"
    given = os.environ.get("STRATEGYPROOF_REAL")
    folder = Path(given) if given else cache / "strategyproof-tests" / version
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            _install(folder)
    return str(folder)


def _install(folder: Path) -> None:
    """All or nothing: a folder that is there is whole."""
    making = folder.with_name(f"{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    call = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--retries", "2"]
    done = subprocess.run(
        [*call, "--target", str(making), "-r", str(REQUIREMENTS)], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"tests/real/requirements.txt cannot be installed: {done.stderr[-300:]}")
    making.rename(folder)


DOUBLE, MATCHING = ("--as", "double:2,2"), ("--as", "matching")
# What is not refuted is UNREFUTED or, where the calls take too long, UNDECIDED; of the matchings all are tried.
OPEN = {"unrefuted", "undecided"}


@pytest.mark.slow
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
        ("on_pymarket.py:huang", (*DOUBLE, "--budget", "10"), {"dsic": OPEN}),
        ("on_pymarket.py:muda", (*DOUBLE, "--budget", "10"), {"dsic": OPEN}),
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
            (*MATCHING, "--side", "proposers", "--agents", "4"),
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
        cwd=REAL,
        env={**os.environ, "PYTHONPATH": packages, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    (audit,) = json.loads((tmp_path / "audit.json").read_text())["audits"]
    verdicts = {f["property"]: f["verdict"] for f in audit["findings"]}
    assert all(verdicts[name] in allowed for name, allowed in expected.items()), done.stdout
