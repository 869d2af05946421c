"""Fixing what an auction leaves open: a rule with numbers for its parameters, and options for its choices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from mechanism.choice import Choice
from mechanism.errors import InputError
from mechanism.instance import Instance
from mechanism.language import Family, ForAll, Sum, constant, exact
from mechanism.setting import Setting

if TYPE_CHECKING:
    from mechanism.rule import Rule


def fixed(rule: Rule, name: str, value: Any) -> Rule:
    """The rule with one parameter fixed; see `Rule.with_parameters`."""
    if name in rule.sizes:
        return _size(rule, name, value)
    choice = next((c for c in rule.choices if c.name == name), None)
    if choice is not None:
        return _chosen(rule, choice, value)
    family = next((f for f in rule.parameters if f.name == name), None)
    if family is None:
        known = [f.name for f in rule.parameters] + [c.name for c in rule.choices]
        known += list(rule.sizes)
        has = f"its parameters are {', '.join(known)}" if known else "it has no parameters"
        raise InputError(f"{rule.id} has no parameter '{name}'; {has}")
    if not family.over:
        return _number(rule, family, value)
    rows = table(family, _without_floats(value, name))
    sizes = dict(rule.sizes)
    for sort, length in zip(family.over, _lengths(family, rows), strict=True):
        if sort in sizes:
            sizes[sort] = _agreed(sizes[sort], length, f"{name}: {length} {sort}s")
        elif sort == "agent" and (agents := rule.fixed_size) is not None:
            _agreed((agents, agents), length, f"{name}: {length} agents")
    _must_be_met(rule, family, rows)
    return replace(rule, given={**rule.given, name: rows}, sizes=sizes)


def _must_be_met(rule: Rule, family: Family, rows: Any) -> None:
    """Refuse a table that the rule's assumptions on it alone exclude."""
    from mechanism.evaluate.exact import Exact
    from mechanism.evaluate.profiles import families_read
    from mechanism.writing.words import words

    instance = Instance(dict(zip(family.over, _lengths(family, rows), strict=True)), {family.name: rows}, {})  # fmt: skip
    for assumption in rule.assumptions:
        if not (isinstance(assumption, ForAll) and families_read(assumption) == {family}):
            continue
        if assumption.var.sort in family.over and not Exact(instance, rule.ties, {})(assumption):
            raise InputError(
                f"{rule.id}: {family.name}: assumed is {words(assumption)}, which these numbers do not meet"
            )


def _size(rule: Rule, sort: str, value: Any) -> Rule:
    """The rule for one number of goods, slots or outcomes."""
    size = exact(value, sort)
    if size.denominator != 1 or size < 1:
        raise InputError(f"{sort}: the number of {sort}s must be a positive whole number")
    for family in rule.parameters:
        if family.name in rule.given and sort in family.over:
            _agreed(rule.sizes[sort], int(size), f"{sort}: {size} {sort}s for {family.name}")
    return replace(rule, sizes={**rule.sizes, sort: (int(size), int(size))})


def _chosen(rule: Rule, choice: Choice, value: Any) -> Rule:
    """The rule written anew for one more option; everything else that was fixed stays so."""
    assert rule.remake is not None, f"{rule.id} has choices, and so needs remake"
    names = {c.name for c in rule.choices}
    chosen = {n: o for n, o in rule.given.items() if n in names}
    chosen[choice.name] = choice.check(value)
    made = rule.remake(**chosen)
    made = replace(made, given={**made.given, **chosen}, sizes=rule.sizes, ties=rule.ties)
    return made.with_parameters(**{n: v for n, v in rule.given.items() if n not in names})


def _number(rule: Rule, family: Family, value: Any) -> Rule:
    """The rule with a single number, or flag, written into it."""
    number = entry(family, _without_floats(value, family.name))
    swap = {family[()]: sp.true if number is True else sp.false if number is False else sp.Rational(
        number.numerator, number.denominator)}  # fmt: skip
    put = lambda e: e.xreplace(swap)  # noqa: E731
    setting_of = rule.setting_of
    needed = [_agents_needed(put(a)) for a in rule.assumptions]
    return replace(
        rule,
        allocation=put(rule.allocation),
        payment=put(rule.payment),
        admissible=put(rule.admissible),
        assumptions=tuple(
            put(a) for a, least in zip(rule.assumptions, needed, strict=True) if least is None
        ),
        min_agents=max([rule.min_agents, *(least or 0 for least in needed)]),
        claims=tuple(replace(c, condition=put(c.condition)) for c in rule.claims),
        setting_of=lambda rule: _put_setting(setting_of(rule), put),
        given={**rule.given, family.name: number},
    )


def entry(family: Family, value: Any) -> Any:
    """One entry of a family, exact and inside its domain."""
    if family.kind == "function":
        if not (callable(value) and hasattr(value, "inverse")):
            raise InputError(
                f"{family.name}: give a function with an inverse, see mechanism.virtual"
            )
        return value
    if family.domain.boolean:
        if value in (True, False, 1, 0, "1", "0", "true", "false", "yes", "no"):
            return value in (True, 1, "1", "true", "yes")
        raise InputError(f"{family.name}: {value!r} is not yes or no")
    number = exact(value, family.name)
    if not family.domain.holds(number):
        raise InputError(f"{family.name}: {number} is outside its domain ({family.domain})")
    return number


def table(family: Family, values: Any, depth: int | None = None) -> Any:
    """Nested sequences of entries, exact and inside the domain."""
    depth = len(family.over) if depth is None else depth
    if depth == 0:
        return entry(family, values)
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InputError(f"{family.name}: give one value for each {family.over[-depth]}")
    return tuple(table(family, v, depth - 1) for v in values)


def _lengths(family: Family, rows: Any) -> list[int]:
    """How long a table is along each of its indices."""
    found, level = [], [rows]
    for sort in family.over:
        first = len(level[0]) if level else 0
        for n, row in enumerate(level):
            if len(row) != first:
                raise InputError(
                    f"{family.name}: row {n} has {len(row)} values and row 0 has {first}; give one for each {sort}"
                )
        found.append(first)
        level = [entry for row in level for entry in row]
    return found


def _agreed(size: tuple[int, int], length: int, where: str) -> tuple[int, int]:
    """The size of a sort that a table fixes; another table, or the user, may have fixed it before."""
    if size[0] == size[1] != length:
        raise InputError(f"{where}, but there are {size[0]}")
    return length, length


def _agents_needed(assumption: Any) -> int | None:
    """How many agents an assumption of the form ``count >= 3`` asks for."""
    if not (isinstance(assumption, sp.Ge) and assumption.rhs.is_Integer):
        return None
    count = assumption.lhs
    everybody = isinstance(count, Sum) and count.body == 1 and count.where == sp.true
    return int(assumption.rhs) if everybody and count.var.sort == "agent" else None


def _without_floats(value: Any, where: str) -> Any:
    """The same, after every float in it was refused."""
    if isinstance(value, (list, tuple)):
        return tuple(_without_floats(part, where) for part in value)
    return constant(value, where) if isinstance(value, float) else value


def _put_setting(setting: Setting, put: Callable) -> Setting:
    changed = {
        f.name: put(getattr(setting, f.name))
        for f in fields(setting)
        if isinstance(getattr(setting, f.name), sp.Basic)
    }
    return replace(setting, **changed)
