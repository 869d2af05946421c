"""Where a mechanism stands in somebody's files: the file and the line of a target, found without running it."""

from __future__ import annotations

import ast
import shlex
from importlib import import_module, util
from importlib.machinery import ModuleSpec
from pathlib import Path


def place(target: str) -> tuple[Path, int] | None:
    """The file of a target and the line where it is defined, from 1; None where there is no file.

    Parameters
    ----------
    target : str
        An id of the catalogue, ``path/file.py:NAME``, ``package.module:NAME`` or ``exec:COMMAND``; of a command, the
        first word that is a file.
    """
    if target.startswith("exec:"):
        files = [Path(word) for word in shlex.split(target.removeprefix("exec:"))]
        return next(((file, 1) for file in reversed(files) if file.is_file()), None)
    where, _, name = target.rpartition(":")
    if not where and not target.endswith(".py"):
        return _in_catalogue(target)
    file = _file(where or target)
    return None if file is None else (file, line_of(file, name if where else ""))


def _in_catalogue(name: str) -> tuple[Path, int] | None:
    from mechanism import registry

    if name not in registry.RULES:
        return None
    module = import_module(f"mechanism.rules.{name.replace('-', '_')}")
    file = Path(str(module.__file__))
    return file, line_of(file, name.replace("-", "_").upper())


def _file(where: str) -> Path | None:
    if where.endswith(".py"):
        return Path(where) if Path(where).is_file() else None
    # Only the outermost package is looked for, since to find a module in a package would run the package.
    first, *inner = where.split(".")
    local = Path(first)
    found = None if local.with_suffix(".py").is_file() or local.is_dir() else _spec(first)
    roots = [local] if found is None else [Path(p) for p in found.submodule_search_locations or ()]
    if found is not None and not inner and found.origin:
        return Path(found.origin)
    files = [root.joinpath(*inner) for root in roots]
    forms = [form for file in files for form in (file.with_suffix(".py"), file / "__init__.py")]
    return next((form for form in forms if form.is_file()), None)


def _spec(name: str) -> ModuleSpec | None:
    try:
        return util.find_spec(name)
    except (ImportError, ValueError):
        return None


def line_of(file: Path, name: str) -> int:
    """The line on which a dotted name is defined in a file of Python; 1 where it is not found."""
    try:
        body = ast.parse(file.read_bytes()).body
    except (SyntaxError, ValueError, OSError):
        return 1
    line = 1
    for part in name.partition("[")[0].split("."):
        found = next((node for node in body if part in _names(node)), None)
        if found is None:
            return line
        line, body = found.lineno, getattr(found, "body", [])
    return line


def _names(node: ast.stmt) -> set[str]:
    """What a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    return {target.id for target in targets if isinstance(target, ast.Name)}
