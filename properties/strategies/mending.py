"""Ways to make a premise hold on an instance that does not meet it.

A mend need not succeed; the strategy tries one after the other, and gives up after the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance
from mechanism.language import Entry, Flag
from mechanism.language.family import SameFunction
from mechanism.setting import OWNER
from properties.property import Obligation

Mend = Callable[[Instance], Instance]
_SMALL = tuple(map(Fraction, range(6)))


def mends(obligation: Obligation, premise: Any) -> Iterator[Mend]:
    """What to try for one premise, the most specific first."""
    named = {node.family for node in premise.atoms(Entry, Flag)}
    named |= {node.args[0] for node in premise.atoms(SameFunction)}
    kinds = {family.kind for family in named}
    if kinds <= {"parameter", "function"}:
        yield lambda instance: _same_parameters(obligation, instance)
        for family in sorted(named, key=lambda f: f.name):
            if not family.over:
                yield from (_put(family.name, value) for value in _SMALL)
    if "lie" in kinds:
        yield lambda instance: _same_flags(obligation, instance)
        yield lambda instance: _stronger(obligation, instance)
        yield lambda instance: _within_unit(obligation, instance)
    yield lambda instance: _all_different(obligation, instance)


def _with(instance: Instance, **tables: Any) -> Instance:
    return replace(instance, tables={**instance.tables, **tables})


def _put(name: str, value: Fraction) -> Mend:
    return lambda instance: _with(instance, **{name: value})


def _same_parameters(obligation: Obligation, instance: Instance) -> Instance:
    """Give every agent with a role the parameters of the first."""
    agents = list(instance.roles.values())
    changed = {}
    for family in obligation.rule.parameters:
        if agents and family.over[:1] == ("agent",) and family.name not in obligation.rule.given:
            rows = list(instance.tables[family.name])
            for agent in agents:
                rows[agent] = rows[agents[0]]
            changed[family.name] = tuple(rows)
    return _with(instance, **changed)


def _same_flags(obligation: Obligation, instance: Instance) -> Instance:
    """Lie about numbers only."""
    flags = [family for family in obligation.rule.reports if family.domain.boolean]
    return _with(instance, **{f.lie.name: instance.tables[f.truth.name] for f in flags})


def _stronger(obligation: Obligation, instance: Instance) -> Instance:
    """Make the lie the stronger of the two reports: of each pair of numbers, the weaker is the type."""
    changed: dict[str, Any] = {}
    for role in obligation.said:
        agent = instance.roles[role.name]
        sign = Exact(instance)(obligation.rule.setting.direction, {OWNER: agent})
        for family in obligation.rule.reports:
            names = family.truth.name, family.lie.name
            truth, lie = (list(changed[n] if n in changed else instance.tables[n]) for n in names)
            if family.domain.boolean:
                lie[agent] = _each(truth[agent], lie[agent], lambda t, said: t and said)
                if not _any(lie[agent]):
                    lie[agent] = truth[agent]
            else:
                low = _each(truth[agent], lie[agent], min)
                high = _each(truth[agent], lie[agent], max)
                if low == high:
                    high = _each(high, high, lambda x, _: x + 1)
                truth[agent], lie[agent] = (low, high) if sign > 0 else (high, low)
            changed |= {names[0]: tuple(truth), names[1]: tuple(lie)}
    return _with(instance, **changed)


def _within_unit(obligation: Obligation, instance: Instance) -> Instance:
    """Divide all types and misreports by the largest."""
    numbers = [family for family in obligation.rule.reports if not family.domain.boolean]
    names = [kind.name for family in numbers for kind in (family.truth, family.lie)]
    most = max((abs(x) for name in names for x in _flat(instance.tables[name])), default=0)
    scale = Fraction(1, max(most, 1))
    changed = {
        n: _each(instance.tables[n], instance.tables[n], lambda x, _: x * scale) for n in names
    }
    return _with(instance, **changed)


def _all_different(obligation: Obligation, instance: Instance) -> Instance:
    """Raise the types a little, each by another amount, so that no two are alike."""
    changed, step = {}, 0
    for family in obligation.rule.reports:
        if family.domain.boolean or family.domain.integer or family.domain.upper is not None:
            continue

        def raised(x: Any, _: Any) -> Any:
            nonlocal step
            step += 1
            return x + Fraction(step * step, 997)

        table = instance.tables[family.truth.name]
        changed[family.truth.name] = _each(table, table, raised)
    return _with(instance, **changed)


def _each(one: Any, other: Any, combine: Callable[[Any, Any], Any]) -> Any:
    """Combine two nested tables entry by entry."""
    if isinstance(one, tuple):
        return tuple(_each(a, b, combine) for a, b in zip(one, other, strict=True))
    return combine(one, other)


def _flat(table: Any) -> Iterator[Any]:
    if isinstance(table, tuple):
        for row in table:
            yield from _flat(row)
    else:
        yield table


def _any(table: Any) -> bool:
    return any(_flat(table))


__all__ = ["mends"]
