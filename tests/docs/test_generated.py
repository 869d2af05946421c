"""The pages made from the registry are not stale."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = runpy.run_path(str(DOCS / "generate.py"))["pages"]()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_generated_page_is_up_to_date(page: Path) -> None:
    assert page.read_text("utf-8") == PAGES[page], "run: python docs/generate.py"
