"""From the text of a target to the object it names: files, modules, functions, methods."""

from __future__ import annotations

import difflib
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, util
from pathlib import Path
from types import ModuleType
from typing import Any

from mechanism.errors import InputError, StrategyproofError

FORMS = "give an id of the catalogue (see `strategyproof list`), path/file.py:NAME or package.module:NAME"


def is_file(place: str) -> bool:
    """Whether a place is the path of a file rather than a module."""
    return place.endswith(".py") or "/" in place or "\\" in place


def module_at(place: str) -> ModuleType:
    """Import the file or module.

    Raises
    ------
    InputError
        When there is none; when the import fails, with its own error and line.
    """
    return _from_file(place) if is_file(place) else _from_module(place)


def folder_of(place: str) -> Path:
    """Where the imports of a file or module start from."""
    return Path(place).resolve().parent if is_file(place) else Path.cwd()


def named(module: ModuleType, place: str, name: str) -> Any:
    """The object with this name in a module, ``Class.method`` included.

    Raises
    ------
    InputError
        Suggesting near names.
    """
    found: Any = module
    where = place
    for part in name.split("."):
        if not hasattr(found, part):
            near = difflib.get_close_matches(part, [n for n in dir(found) if n[:1] != "_"], n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise InputError(f"{where}: there is no '{part}' in it{hint}")
        found = getattr(found, part)
        where = f"{where}:{part}"
    return found


def _from_file(place: str) -> ModuleType:
    path = Path(place)
    if not path.is_file():
        raise InputError(f"{place}: there is no such file")
    # A name of its own, so that it hides no other module; the same until the file changes.
    version = f"{path.resolve()} {path.stat().st_mtime_ns}"
    name = f"strategyproof_target_{path.stem}_{hashlib.sha256(version.encode()).hexdigest()[:8]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{place}: this is not a Python file")
    module = util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        with importing_from(path.resolve().parent):  # as `python path/file.py` would
            spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[spec.name]
        raise _broken(place, error) from error
    return module


def _from_module(place: str) -> ModuleType:
    if not all(part.isidentifier() for part in place.split(".")):
        raise InputError(f"'{place}' is neither a file nor a module; {FORMS}")
    try:
        with importing_from(Path.cwd()):  # as `python -m` would
            return import_module(place)
    except BaseException as error:
        raise _broken(place, error) from error


@contextmanager
def importing_from(folder: Path) -> Iterator[None]:
    """Imports look into this folder first, for a while."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        if str(folder) in sys.path:
            sys.path.remove(str(folder))


@contextmanager
def importing_as_served(target: str) -> Iterator[None]:
    """Imports look where those of a worker do: into the folder of the code, then into the current one."""
    place = target.rpartition(":")[0]
    own = folder_of(place) if place and not target.startswith("exec:") else Path.cwd()
    with importing_from(Path.cwd()), importing_from(own):
        yield


def _broken(place: str, error: BaseException) -> BaseException:
    """What to tell of an error in somebody else's code: its own words, and where."""
    if isinstance(error, (StrategyproofError, KeyboardInterrupt)):
        return error
    own = Path(place).name if is_file(place) else place.rpartition(".")[2] + ".py"
    line, deeper, trace = "", "", error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(own):
            line, deeper = f", line {trace.tb_lineno}", ""
        elif line and not file.startswith("<frozen"):
            deeper = f" ({Path(file).name}, line {trace.tb_lineno})"
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.lineno:
        line = f", line {error.lineno}"
    words = error.msg if isinstance(error, SyntaxError) else error
    return InputError(f"{place}{line}: {type(error).__name__}: {words}{deeper}")
