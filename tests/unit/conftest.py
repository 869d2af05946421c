"""What is made for tests of the command line."""

import sys
from pathlib import Path

import pytest
from command_line import Engine


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch):
    def use(*findings, end: BaseException | None = None) -> Engine:
        made = Engine(findings, end)
        monkeypatch.setitem(sys.modules, "proofs.audit", made)
        return made

    return use


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATEGYPROOF_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def rule_file(tmp_path: Path) -> Path:
    file = tmp_path / "mine.py"
    file.write_text(
        "from dataclasses import replace\n"
        "from mechanism.registry import rule\n"
        "MINE = replace(rule('first-price'), id='mine')\n"
        "BOTH = [MINE, rule('second-price')]\n"
        "def run(bids): return bids\n"
    )
    (tmp_path / "claiming.py").write_text(
        "from dataclasses import replace\n"
        "from mechanism import fails, holds\n"
        "from mechanism.registry import rule\n"
        "k = [f for f in rule('kth-price').parameters if f.name == 'k'][0][()]\n"
        "CLAIMING = replace(rule('kth-price'), id='claiming', claims=(\n"
        "    holds('dsic', 'Vickrey 1961', only_when=k <= 2), holds('feasibility'), fails('efficiency', when=k > 1)))\n"
    )
    return file
