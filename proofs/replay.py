"""Replay a counterexample: from its JSON alone, exactly, on the mechanism itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from mechanism.errors import InputError
from mechanism.instance import Instance
from mechanism.language import Family
from mechanism.rule import Rule
from proofs import targets
from proofs.counterexample import Counterexample
from proofs.report.json_evidence import counterexample_from
from proofs.report.replayed import Replayed
from proofs.restore import obligation_of, only
from proofs.source import Source, remark, rules_from
from properties.check import check, families
from properties.property import Obligation


def replay(source: Any, *, rule: Rule | None = None, trust_source: bool = False) -> Replayed:
    """Run a counterexample again.

    Parameters
    ----------
    source : Counterexample, mapping, str or Path
        A counterexample, its JSON form (a mapping or its text), or a file that holds it.
    rule : Rule, optional
        The rule it is about, where that is neither in the catalogue nor in a file.
    trust_source : bool
        Run the text of the rule's file as it was saved with the counterexample. It is Python: read it first.

    Raises
    ------
    InputError
        For a file or a form that cannot be read, or one that does not fit the rule.

    Examples
    --------
    >>> case = {"target": "first-price", "property": "dsic", "instance": {
    ...     "sizes": {"agent": 2}, "tables": {"v": [2, 0], "b'": [1, 0]}, "roles": {"i": 0}}}
    >>> replay(case).checked.margin
    Fraction(1, 1)
    """
    found = source if isinstance(source, Counterexample) else _read(source)
    told = ""
    if rule is None and found.source is not None:
        rule, told = _from_source(found, found.source, trust_source)
    obligation = obligation_of(found, rule)
    _fits(obligation, found.instance)
    told = "; ".join(filter(None, [told, _unread(obligation, found.instance)]))
    return Replayed(found, obligation, check(obligation, found.instance), told)


def _read(source: Any) -> Counterexample:
    if isinstance(source, Mapping):
        return counterexample_from(source)
    if isinstance(source, str) and source.lstrip().startswith("{"):
        return counterexample_from(parse(source, "the text"))
    if isinstance(source, (str, Path)):
        return counterexample_from(parse(read_text(source), str(source)))
    raise InputError(f"a counterexample cannot be read from {type(source).__name__}")


def read_text(path: str | Path) -> str:
    """The text of a file, or one error that says why not."""
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} cannot be read: {getattr(error, 'strerror', '') or error}"
        ) from error


def parse(text: str, where: str) -> Any:
    """Parse JSON, or one error that says where it breaks."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not JSON that can be read: {error}") from error


def _from_source(found: Counterexample, saved: Source, trusted: bool) -> tuple[Rule | None, str]:
    """The rule in a text that was saved, if it is trusted; else what to say of the file."""
    if found.foreign is not None:
        return None, remark(saved, found.target)
    if trusted:
        return only(rules_from(saved, found.target), found.target), ""
    file = targets.file_of(found.target)
    if file is not None and not file.is_file():
        raise InputError(
            f"{file}: there is no such file. The counterexample holds its text, which is Python; read it, and "
            "run it with --trust-source (in Python, trust_source=True)"
        )
    return None, remark(saved, found.target)


def _unread(obligation: Obligation, instance: Instance) -> str:
    """Misreports that change nothing, since their agents are not those who lie."""
    liars = {instance.roles[role.name] for role in obligation.said}
    unread: set[int] = set()
    for b in obligation.rule.reports:
        said, true = instance.tables.get(b.lie.name, ()), instance.tables[b.truth.name]
        if isinstance(said, tuple) and isinstance(true, tuple):
            told = [a for a, (s, t) in enumerate(zip(said, true)) if s != t and _anything(s)]
            unread |= set(told) - liars
    if not unread:
        return ""
    some = ", ".join(map(str, sorted(unread)))
    who = " and ".join(f"{r.name} = {instance.roles[r.name]}" for r in obligation.said)
    lies = f"only the agents of its roles lie ({who})" if who else "nobody lies"
    return f"the misreports of {some} are not read: in {obligation.property.id}, {lies}"


def _anything(report: Any) -> bool:
    """Whether a report is more than zeros, with which what is not read may be filled."""
    return any(map(_anything, report)) if isinstance(report, tuple) else bool(report)


def _fits(obligation: Obligation, instance: Instance) -> None:
    """Every number that the question needs is there, in the right shape."""
    rule = obligation.rule
    for sort in rule.sorts:
        size = instance.sizes.get(sort)
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise InputError(f"the instance must say how many {sort}s there are")
    for family in families(obligation):
        if family.name not in instance.tables:
            raise InputError(f"the instance has no values for '{family.name}'")
        # Before a size is believed: a mistyped one may not fit into memory.
        if family.over and family.over[0] in instance.sizes:
            _length(family, instance.tables[family.name], instance.sizes[family.over[0]])
    for role in obligation.roles:
        if instance.roles.get(role.name) not in instance.domain("agent"):
            raise InputError(f"the role '{role.name}' must be one of the agents of the instance")
    for family in families(obligation):
        _shape(family, family.over, instance.tables[family.name], instance)
    everybody = sorted(instance.domain("agent"))
    for world, order in instance.orders.items():
        if sorted(order) != everybody:
            raise InputError(f"the tie order of world '{world}' must name every agent once")


def _length(family: Family, table: Any, size: int) -> None:
    if not isinstance(table, tuple) or len(table) != size:
        raise InputError(f"'{family.name}' must have {size} entries, one for each {family.over[0]}")


def _shape(family: Family, over: tuple[str, ...], table: Any, instance: Instance) -> None:
    if over:
        size = len(instance.domain(over[0]))
        if not isinstance(table, tuple) or len(table) != size:
            raise InputError(f"'{family.name}' must have {size} entries, one for each {over[0]}")
        for row in table:
            _shape(family, over[1:], row, instance)
    elif family.kind == "function":
        if not callable(table):
            raise InputError(f"'{family.name}' holds functions, not {table!r}")
    elif isinstance(table, bool) != family.domain.boolean or not isinstance(
        table, (bool, Fraction)
    ):
        kind = "yes or no" if family.domain.boolean else "a number"
        raise InputError(f"'{family.name}': {table!r} is not {kind}")
