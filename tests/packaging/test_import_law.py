"""The import law: mechanism <- properties <- proofs, and which library each may use."""

import ast
import fnmatch
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# The whole law. What a package may import beside the standard library and itself.
ALLOWED = {
    "mechanism": {"numpy", "sympy", "scipy", "pandas"},
    "properties": {"mechanism", "numpy", "sympy", "hypothesis"},
    "proofs": {
        *("mechanism", "properties", "numpy", "sympy", "scipy"),
        *("z3", "hypothesis", "click", "rich", "pytest", "matplotlib"),
    },
}
# Where a library is confined to some of a package's files.
ONLY_IN = {("properties", "hypothesis"): ["properties/strategies.py", "properties/strategies/*"]}
# Within a package, what a folder may import of the rest: the language knows nobody who reads it.
BELOW = {"mechanism/language/*": ("mechanism.language", "mechanism.errors", "mechanism.outcome")}
# Optional, so never needed to import a module.
ONLY_IN_FUNCTIONS = {"scipy", "pandas", "pytest", "matplotlib"}
PYTEST_PLUGIN = "proofs/pytest_plugin.py"


def imported(tree: ast.Module, path: str) -> Iterator[tuple[int, str, bool]]:
    """Line, absolute dotted name, and whether it is inside a function, for every import."""
    package = Path(path).parent.parts

    def visit(node: ast.AST, inside: bool) -> Iterator[tuple[int, str, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from ((child.lineno, alias.name, inside) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                base = package[: len(package) - child.level + 1] if child.level else ()
                yield child.lineno, ".".join([*base, *filter(None, [child.module])]), inside
            elif isinstance(child, ast.Call) and child.args:
                name = getattr(child.func, "attr", getattr(child.func, "id", ""))
                first = child.args[0]
                if (
                    name in {"import_module", "__import__"}
                    and isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                    and not first.value.startswith(".")
                ):
                    yield child.lineno, first.value, inside
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from visit(child, inside or function)

    yield from visit(tree, False)


def dotted_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Strings that name something in one of the packages, which a registry imports later."""
    pattern = re.compile(rf"({'|'.join(ALLOWED)})(\.\w+)+(:\w+)?")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and pattern.fullmatch(str(node.value)):
            yield node.lineno, str(node.value)


def broken(source: str, path: str) -> list[str]:
    """Every breach of the law in a file, as a line of text."""
    package, tree, found = Path(path).parts[0], ast.parse(source), []
    own = ALLOWED[package] | {package}
    for line, name, inside in imported(tree, path):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names:
            continue
        if top not in own:
            found.append(f"{path}:{line}: {package} may not import {name}")
        places = ONLY_IN.get((package, top))
        if places and not any(fnmatch.fnmatch(path, place) for place in places):
            found.append(f"{path}:{line}: {top} belongs in {' or '.join(places)}")
        below = [known for place, known in BELOW.items() if fnmatch.fnmatch(path, place)]
        if top == package and any(not within(name, known) for known in below):
            found.append(f"{path}:{line}: this folder may not import {name}")
        if top in ONLY_IN_FUNCTIONS and not inside and path != PYTEST_PLUGIN:
            found.append(f"{path}:{line}: {top} is optional: import it inside the function")
    for line, name in dotted_strings(tree):
        if name.split(".")[0] not in own:
            found.append(f"{path}:{line}: {package} may not name {name}")
    return found


def within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def sources() -> list[Path]:
    return [file for package in ALLOWED for file in sorted((ROOT / package).rglob("*.py"))]


def test_every_import_keeps_the_law() -> None:
    files = sources()
    assert {file.relative_to(ROOT).parts[0] for file in files} == set(ALLOWED)
    found = [
        line
        for file in files
        for line in broken(file.read_text("utf-8"), file.relative_to(ROOT).as_posix())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("mechanism/rule.py", "import properties"),
        ("mechanism/rule.py", "from proofs.audit import audit"),
        ("mechanism/rules/a.py", "from ...proofs import audit"),
        ("mechanism/rule.py", "def f():\n    import z3"),
        ("mechanism/rule.py", "from hypothesis import given"),
        ("mechanism/rule.py", "import pandas"),
        ("mechanism/rule.py", "import numpy, rich"),
        ("mechanism/rule.py", "import scipy.optimize"),
        ("mechanism/rule.py", "try:\n    import scipy\nexcept ImportError:\n    scipy = None"),
        ("mechanism/rule.py", "if TYPE_CHECKING:\n    from properties import Property"),
        ("mechanism/registry.py", "importlib.import_module('proofs.audit')"),
        ("mechanism/registry.py", "ENGINES = {'search': 'proofs.engines.search:Search'}"),
        (
            "mechanism/language/rounds.py",
            "def f():\n    from mechanism.evaluate.rounds.exact import run",
        ),
        ("mechanism/language/rounds.py", "if TYPE_CHECKING:\n    from mechanism.rule import Rule"),
        ("mechanism/language/rounds.py", "from mechanism import evaluate"),
        ("mechanism/language/rounds.py", "from ..evaluate import exact"),
        ("properties/property.py", "import proofs"),
        ("properties/property.py", "import z3"),
        ("properties/property.py", "import hypothesis.strategies as st"),
        ("properties/budget/strategies.py", "import hypothesis"),
        ("proofs/audit.py", "import cvxpy"),
        ("proofs/audit.py", "import pytest"),
    ],
)
def test_a_breach_is_found(path: str, source: str) -> None:
    assert broken(source, path)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("mechanism/rules/a.py", "from __future__ import annotations\nimport sympy as sp"),
        ("mechanism/rules/a.py", "from ..language import agents\nfrom . import b"),
        (
            "mechanism/language/sums.py",
            "from mechanism.language import Sum\nfrom .index import Index",
        ),
        ("mechanism/rule.py", "def f():\n    from scipy.optimize import linear_sum_assignment"),
        ("mechanism/rule.py", "from collections import abc\nimport mechanism.rule"),
        ("mechanism/rule.py", "'''See proofs.audit for more.'''"),
        ("properties/strategies.py", "import hypothesis.strategies as st"),
        ("properties/strategies/bids.py", "from hypothesis import strategies"),
        ("properties/registry.py", "DSIC = 'properties.incentives.dsic:DSIC'"),
        ("proofs/lowering/any_size.py", "import z3\nfrom mechanism import rule"),
        ("proofs/pytest_plugin.py", "import pytest"),
    ],
)
def test_what_the_law_allows_passes(path: str, source: str) -> None:
    assert broken(source, path) == []


def test_every_folder_of_code_is_a_package_and_none_of_tests_is() -> None:
    folders = {file.parent for file in sources()}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_every_folder_says_what_is_in_it() -> None:
    silent = [
        file.relative_to(ROOT).as_posix()
        for file in sources()
        if file.name == "__init__.py" and not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert not silent


def test_there_is_no_fourth_code_folder() -> None:
    with_code = {
        folder.name
        for folder in ROOT.iterdir()
        if folder.is_dir() and not folder.name.startswith(".") and any(folder.rglob("*.py"))
    }
    assert with_code - {"tests", "docs", "build", "dist"} == set(ALLOWED)
