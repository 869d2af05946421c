"""The page of verdicts for every reading: complete, and as fresh audits say."""

from importlib import util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def load():
    spec = util.spec_from_file_location("fmmra_verdicts", DOCS / "fmmra_verdicts.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGE = load()
READINGS = list(PAGE.readings())
CHEAP = [
    (PAGE.ONE, {}),
    (PAGE.ONE, {"price": "second-highest-bid"}),
    (PAGE.ONE, {"price": "critical-value"}),
    (PAGE.MANY, {"raise_form": "additive", "raise_scope": "task"}),
]


def test_every_reading_has_a_row():
    rows = [line for line in PAGE.PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    heads = [line for line in rows if line.startswith("| reading")]
    assert len(rows) == len(READINGS) + len(heads)
    assert len(heads) == 2
    assert not [line for line in rows if "error" in line]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "chosen"), CHEAP, ids=str)
def test_a_row_is_what_an_audit_says(name, chosen):
    assert PAGE.row(name, chosen) in PAGE.PAGE.read_text("utf-8")
