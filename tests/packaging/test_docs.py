"""What a newcomer reads first agrees with the project: links, commands, versions."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
INSTALL = "python -m pip install . && strategyproof audit fmmra"
TEST = "python -m pip install -e '.[test]' && python -m pytest"


def without_code(text: str) -> str:
    text = re.sub(r"^ *(```|~~~).*?^ *\1", "", text, flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(page: Path) -> set[str]:
    """The fragments that a page's headings give, as common renderers make them."""
    text = re.sub(r"^ *(```|~~~).*?^ *\1", "", page.read_text("utf-8"), flags=re.M | re.S)
    titles = re.findall(r"^#+ +(.*?) *$", text, flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead_links(page: Path) -> list[str]:
    targets = re.findall(r"\]\(([^)\s]+)[^)]*\)", without_code(page.read_text("utf-8")))
    found = []
    for target in targets:
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (fragment and fragment not in anchors(file)):
            found.append(target)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_resolve(page: Path) -> None:
    assert dead_links(page) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n[a](no.md) [b](#title) [c](#none) [d](page.md#title) `[e](no.md)`\n")
    assert dead_links(page) == ["no.md", "#none"]


def test_readme_shows_the_two_commands_and_the_limits_on_its_first_screen() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    lines = text.splitlines()
    assert INSTALL in lines
    assert TEST in lines
    assert any("docs/limitations.md" in line for line in lines[:25])


def test_ci_runs_the_command_of_the_readme() -> None:
    assert TEST in (ROOT / ".ci" / "run").read_text("utf-8")


def test_versions_agree() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(), re.M)


def test_no_file_holds_a_path_of_the_machine_it_was_written_on() -> None:
    roots = ["mechanism", "properties", "proofs", "tests", "docs", ".ci"]
    files = [file for root in roots for file in (ROOT / root).rglob("*") if file.is_file()]
    files += [file for file in ROOT.iterdir() if file.is_file()]
    here = [f"{folder}/" for folder in (ROOT, Path.home()) if len(folder.parts) > 1]
    found = [
        str(file.relative_to(ROOT))
        for file in files
        if not {"__pycache__", ".hypothesis"} & set(file.parts)
        and any(path in file.read_text("utf-8", errors="replace") for path in here)
    ]
    assert found == []
