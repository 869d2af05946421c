"""What can be audited: a TARGET, as text, turned into rules."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from mechanism import registry
from mechanism.errors import InputError
from mechanism.rule import Rule
from mechanism.targets.clock import Clock, ringing
from mechanism.targets.foreign import foreign_of
from mechanism.targets.place import FORMS, is_file, module_at, named
from properties.registry import id_about, spelled_out

OF_REFERENCE = "reference."  # before the name of a parameter that the code does not take
IMPORTING = 30.0  # seconds
MOST = 8  # names of a file that are told
HOW = "say what it is with --as, for example --as single-item"


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
        raise InputError(f"{target}: {HOW}")
    if target.endswith(".json"):
        from mechanism.contracts import read_menu

        return [read_menu(target).rule]
    place, colon, name = target.rpartition(":")
    if not colon:
        place, name = (name, "") if is_file(name) else ("", name)
    if not place:
        return registry.rules(name)
    module = _imported(place)
    return _rules_in(module, place, name)


def prepared(target: Any, options: Mapping[str, Any]) -> list[Rule]:
    """The rules of a target, with their parameters fixed; foreign code is made a rule by a few calls."""
    ties, parameters = options.get("ties"), options.get("parameters") or {}
    target = _mechanism(target)
    if isinstance(target, Rule) and foreign_of(target):
        return [target]
    if options.get("as_") or (callable(target) and not isinstance(target, Rule)):
        return [foreign(target, options)]
    found = [target] if isinstance(target, Rule) else load(target)
    fixed = [rule.with_parameters(**parameters) for rule in found]
    return [rule.with_ties(ties) for rule in fixed] if ties else fixed


def _mechanism(target: Any) -> Any:
    """The rule of a menu, which is a mechanism too; anything else as it is."""
    rule = None if isinstance(target, (str, Rule)) else getattr(target, "rule", None)
    return rule if isinstance(rule, Rule) else target


def foreign(target: Any, options: Mapping[str, Any]) -> Rule:
    """The rule that stands for somebody else's code.

    Parameters
    ----------
    target : str or callable
    options : mapping
        Those of `proofs.audit.audit_iter`, and its ``deadline``.
    """
    from mechanism.targets.rules import foreign_rule

    if not options.get("as_"):
        raise InputError(f"{getattr(target, '__name__', target)} is a function, not a Rule; {HOW}")
    place, _, name = target.rpartition(":") if isinstance(target, str) else ("", "", "function")
    if not name or (isinstance(target, str) and not place):
        raise InputError(
            f"{target}: --as is for code; give path/file.py:function, package.module:function or exec:COMMAND"
            + _has(place or name)
        )
    claims: Mapping[str, str] = options.get("claims") or {}
    limits = {"seconds": options.get("timeout"), "megabytes": options.get("memory")}
    rule = foreign_rule(
        target,
        options["as_"],
        parameters=parameters_of_code(options),
        claims={n: w for name, w in claims.items() for n in spelled_out([name])},
        side=options.get("side") or "",
        numbers=options.get("numbers") or "json",
        seed=options.get("seed") or 0,
        until=options.get("deadline") or float("inf"),
        **{name: value for name, value in limits.items() if value is not None},
    )
    about = partial(id_about, kind=rule.setting.kind)
    return replace(rule, claims=tuple(replace(c, property=about(c.property)) for c in rule.claims))


def parameters_of_code(options: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of audited code: not those that are given for what it is compared with alone."""
    given = dict(options.get("parameters") or {})
    others = [name for name in given if name.startswith(OF_REFERENCE)]
    if others and not (options.get("reference") or options.get("against")):
        raise InputError(f"--param {others[0]}: there is no --reference or --against that takes it")
    return {name: value for name, value in given.items() if name not in others}


def _has(place: str) -> str:
    """The functions and classes of a file, to choose from."""
    if not is_file(place) or not Path(place).is_file():
        return ""
    with suppress(SyntaxError, ValueError, OSError):
        body = ast.parse(Path(place).read_bytes()).body
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if names := [n.name for n in body if isinstance(n, kinds) and n.name[0] != "_"]:
            return f"; in {place} there are {', '.join(names[:MOST])}"
    return ""


def replayable(target: Any, rule: Rule) -> str:
    """The target that stands for just this rule of another target, so that a replay finds it."""
    if isinstance(target, str) and target.endswith(".json"):
        return target
    if not isinstance(target, str) or not (is_file(target) or ":" in target):
        return rule.id
    place, _, name = target.rpartition(":") if ":" in target else (target, "", "")
    if not name:
        module = _imported(place)
        name = next(n for n, r in vars(module).items() if getattr(r, "id", None) == rule.id)
        return f"{place}:{name}"
    ids = [r.id for r in load(target)]
    return target if len(ids) == 1 else f"{target}[{ids.index(rule.id)}]"


def file_of(target: str) -> Path | None:
    """The file that a target of the form ``path/file.py:NAME`` is in."""
    place, colon, name = target.rpartition(":")
    place = place if colon else name
    return Path(place) if not target.startswith("exec:") and is_file(place) else None


def _imported(place: str) -> ModuleType:
    """The module of a rule; one that does not come to an end is stopped."""

    def late() -> None:
        raise InputError(f"{place}: importing it takes more than {IMPORTING:g} s")

    with ringing(IMPORTING, Clock(), late):
        return module_at(place)


def _rules_in(module: ModuleType, place: str, name: str) -> list[Rule]:
    if not name:
        rules = {n: r for n, r in vars(module).items() if isinstance(r, Rule)}
        if len({id(r) for r in rules.values()}) == 1:
            return [next(iter(rules.values()))]
        if not rules:
            raise InputError(f"{place}: there is no rule in it")
        raise InputError(f"{place} holds several rules; give one as {place}:{next(iter(rules))}")
    indexed = re.fullmatch(r"(.*)\[(\d+)\]", name)
    name = indexed[1] if indexed else name
    found: Any = _mechanism(named(module, place, name))
    if isinstance(found, Rule):
        return [found]
    if isinstance(found, (list, tuple)) and found and all(isinstance(r, Rule) for r in found):
        if not indexed:
            return list(found)
        if int(indexed[2]) < len(found):
            return [found[int(indexed[2])]]
        raise InputError(f"{place}:{name} holds {len(found)} rules, counted from 0")
    kind = "a function" if callable(found) else f"of type {type(found).__name__}"
    raise InputError(f"{place}:{name} is {kind}, not a Rule; {HOW if callable(found) else FORMS}")
