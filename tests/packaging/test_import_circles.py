"""No two modules import each other, directly or through others; imports inside functions count, too."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Let be, and why. The first of each pair imports the second inside a function.
KNOWN = {
    # The forms in which code may answer are made of what the reader of answers knows.
    ("mechanism.targets.reader", "mechanism.targets.roles"),
    # What stands in for a module of numbers installs hooks, and hooks put stand-ins in their place.
    ("proofs.engines.paths.injection", "proofs.engines.paths.hooks"),
}


def modules() -> dict[str, Path]:
    found = {}
    for package in ("mechanism", "properties", "proofs"):
        for file in (ROOT / package).rglob("*.py"):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            found[name.removesuffix(".__init__")] = file
    return found


def imported(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Every import that may be made when the program runs: not those for types only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)):
            yield from imported(child)


def named(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, ...]]:
    """For each name, what it may be: a module, or what is in one."""
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            yield (alias.name,)
        else:
            assert statement.level == 0, "an import is written out in full"
            yield f"{statement.module}.{alias.name}", f"{statement.module}"


def imports(sources: dict[str, str]) -> dict[str, set[str]]:
    """For each module, those it imports."""
    graph: dict[str, set[str]] = {}
    for name, source in sources.items():
        every = [places for s in imported(ast.parse(source)) for places in named(s)]
        found = {next((p for p in places if p in sources), name) for places in every}
        graph[name] = found - {name}
    return graph


def circle(graph: dict[str, set[str]], known: set[tuple[str, str]]) -> list[str]:
    """A circle, if there is one, from a module back to itself."""
    less = {one: {o for o in others if (one, o) not in known} for one, others in graph.items()}
    try:
        TopologicalSorter(less).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_there_is_no_circle() -> None:
    sources = {name: file.read_text("utf-8") for name, file in modules().items()}
    assert circle(imports(sources), KNOWN) == []


@pytest.mark.parametrize(
    "back", ["import m.a", "from m import a", "from m.a import X", "def f():\n    from m import a"]
)
def test_a_circle_is_found(back: str) -> None:
    sources = {"m": "", "m.a": "from m.b import Y", "m.b": "from m import c", "m.c": back}
    assert set(circle(imports(sources), set())) == {"m.a", "m.b", "m.c"}
    assert circle(imports(sources), {("m.c", "m.a")}) == []


def test_types_make_no_circle() -> None:
    back = "if TYPE_CHECKING:\n    from m.a import X"
    assert circle(imports({"m": "", "m.a": "from m.b import Y", "m.b": back}), set()) == []
