"""What can be audited: a TARGET, as text, turned into rules."""

from __future__ import annotations

import difflib
import hashlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, util
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from mechanism import registry
from mechanism.errors import InputError, StrategyproofError

if TYPE_CHECKING:
    from mechanism.rule import Rule

FORMS = "give an id of the catalogue (see `strategyproof list`), path/file.py:NAME or package.module:NAME"


def load(target: str) -> list[Rule]:
    """The rules a target stands for.

    Parameters
    ----------
    target : str
        An id or alias of the catalogue (``second-price``), ``path/file.py:NAME`` or
        ``package.module:NAME``. Without ``:NAME``, a file may hold only one rule. Where NAME is a list
        of rules, ``NAME[0]`` is the first.

    Raises
    ------
    UnknownId
        For an id that is not in the catalogue, suggesting the nearest.
    InputError
        When there is no such file, module or name, or it is not a rule.
    """
    if target.startswith("exec:"):
        raise InputError(
            f"{target}: other programs cannot be audited by this version, only rules written in the "
            f"rule language; {FORMS}"
        )
    place, colon, name = target.rpartition(":")
    if not colon:
        place, name = (name, "") if _is_file(name) else ("", name)
    if not place:
        return registry.rules(name)
    module = _from_file(place) if _is_file(place) else _from_module(place)
    return _rules_in(module, place, name)


def replayable(target: str | Rule, rule: Rule) -> str:
    """The target that stands for just this rule of another target, so that a replay finds it."""
    if not isinstance(target, str) or not (_is_file(target) or ":" in target):
        return rule.id
    place, _, name = target.rpartition(":") if ":" in target else (target, "", "")
    if not name:
        module = _from_file(place)
        name = next(n for n, r in vars(module).items() if getattr(r, "id", None) == rule.id)
        return f"{place}:{name}"
    ids = [r.id for r in load(target)]
    return target if len(ids) == 1 else f"{target}[{ids.index(rule.id)}]"


def file_of(target: str) -> Path | None:
    """The file that a target of the form ``path/file.py:NAME`` is in."""
    place, colon, name = target.rpartition(":")
    place = place if colon else name
    return Path(place) if not target.startswith("exec:") and _is_file(place) else None


def _is_file(place: str) -> bool:
    return place.endswith(".py") or "/" in place or "\\" in place


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
        with _importing_from(path.resolve().parent):  # as `python path/file.py` would
            spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[spec.name]
        raise _broken(place, error) from error
    return module


def _from_module(place: str) -> ModuleType:
    if not all(part.isidentifier() for part in place.split(".")):
        raise InputError(f"'{place}' is neither a file nor a module; {FORMS}")
    try:
        with _importing_from(Path.cwd()):  # as `python -m` would
            return import_module(place)
    except BaseException as error:
        raise _broken(place, error) from error


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        if str(folder) in sys.path:
            sys.path.remove(str(folder))


def _broken(place: str, error: BaseException) -> BaseException:
    """What to tell of an error in somebody else's code: its own words, and where."""
    if isinstance(error, (StrategyproofError, KeyboardInterrupt)):
        return error
    line, trace = "", error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(Path(place).name):
            line = f", line {trace.tb_lineno}"
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.lineno:
        line = f", line {error.lineno}"
    words = error.msg if isinstance(error, SyntaxError) else error
    return InputError(f"{place}{line}: {type(error).__name__}: {words}")


def _rules_in(module: ModuleType, place: str, name: str) -> list[Rule]:
    from mechanism.rule import Rule

    if not name:
        rules = {n: r for n, r in vars(module).items() if isinstance(r, Rule)}
        if len({id(r) for r in rules.values()}) == 1:
            return [next(iter(rules.values()))]
        if not rules:
            raise InputError(f"{place}: there is no rule in it")
        raise InputError(f"{place} holds several rules; give one as {place}:{next(iter(rules))}")
    indexed = re.fullmatch(r"(.*)\[(\d+)\]", name)
    name = indexed[1] if indexed else name
    found: Any = getattr(module, name, None)
    if found is None:
        near = difflib.get_close_matches(name, [n for n in vars(module) if n[0] != "_"], n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise InputError(f"{place}: there is no '{name}' in it{hint}")
    if isinstance(found, Rule):
        return [found]
    if isinstance(found, (list, tuple)) and found and all(isinstance(r, Rule) for r in found):
        if not indexed:
            return list(found)
        if int(indexed[2]) < len(found):
            return [found[int(indexed[2])]]
        raise InputError(f"{place}:{name} holds {len(found)} rules, counted from 0")
    kind = "a function" if callable(found) else f"of type {type(found).__name__}"
    raise InputError(
        f"{place}:{name} is {kind}, not a Rule; this version audits rules written in the rule language"
    )
