"""Profiles of reports, parameters and sizes, inside their domains and meeting a rule's assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from hypothesis import assume
from hypothesis import strategies as st

from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance, sort_domain
from mechanism.language import Entry, Family
from mechanism.rule import Rule
from properties.strategies.number import rationals, virtual_values

Agents = int | tuple[int, int] | None
Tables = dict[str, Any]


@st.composite
def sizes(
    draw: st.DrawFn,
    rule: Rule,
    agents: Agents = None,
    others: Mapping[str, int] | None = None,
    *,
    least: int | None = None,
) -> dict[str, int]:
    """How many agents, goods, slots or outcomes there are.

    Parameters
    ----------
    rule : Rule
    agents : int or (int, int), optional
        Exactly so many, or a range; by default up to three more than the rule's smallest number.
    others : mapping of str to int, optional
        How many goods, slots or outcomes; by default, what the rule's finite checks range over.
    least : int, optional
        The smallest number of agents, where a property needs more than the rule does.
    """
    least = rule.min_agents if least is None else least
    if (given := rule.fixed_size) is not None:
        agents = given
    if agents is None:
        agents = (least, least + 3)
    few, many = (agents, agents) if isinstance(agents, int) else agents
    many = many if rule.max_agents is None else min(many, rule.max_agents)
    made = {"agent": draw(st.integers(max(few, min(least, many)), many))}
    for sort, (low, high) in rule.sizes.items():
        made[sort] = (others or {}).get(sort) or draw(st.integers(low, high))
    return made


def tables(family: Family, size: Mapping[str, int]) -> st.SearchStrategy[Any]:
    """One entry for each index of the family, as nested tuples."""
    entry = virtual_values() if family.kind == "function" else rationals(family.domain)
    for sort in reversed(family.over):
        number = len(sort_domain(sort, size))
        entry = st.lists(entry, min_size=number, max_size=number).map(tuple)
    return entry


@st.composite
def profiles(
    draw: st.DrawFn, rule: Rule, agents: Agents = None, others: Mapping[str, int] | None = None
) -> tuple[Any, ...]:
    """A table for each report of the rule, as `Rule.run` takes them.

    Examples
    --------
    >>> from hypothesis import find
    >>> from mechanism.registry import rule
    >>> find(profiles(rule("second-price"), agents=2), lambda reports: max(reports[0]) > 1)
    ((Fraction(0, 1), Fraction(2, 1)),)
    """
    said = draw(reports(rule, draw(sizes(rule, agents, others))))
    return tuple(said[family.name] for family in rule.reports)


@st.composite
def reports(draw: st.DrawFn, rule: Rule, size: Mapping[str, int]) -> Tables:
    """Admissible reports of everybody, by the name of the family."""
    made = {family.name: draw(tables(family, size)) for family in rule.reports}
    if rule.admissible == sp.true:
        return made
    for agent in range(size["agent"]):
        if not admissible(rule, made, size, agent):
            made = _with_every_flag(rule, made, agent)
            assume(admissible(rule, made, size, agent))
    return made


def admissible(rule: Rule, said: Tables, size: Mapping[str, int], agent: int) -> bool:
    """Whether an agent may report its row."""
    truths = {family.truth.name: said[family.name] for family in rule.reports}
    return Exact(Instance(size, truths))(rule.admissible, {rule.agent: agent})


def _with_every_flag(rule: Rule, said: Tables, agent: int) -> Tables:
    """The same with all flags of an agent up: who wants nothing wants everything instead."""
    changed = dict(said)
    for family in rule.reports:
        if family.domain.boolean:
            rows = list(said[family.name])
            rows[agent] = _all_up(rows[agent])
            changed[family.name] = tuple(rows)
    return changed


def _all_up(table: Any) -> Any:
    return tuple(map(_all_up, table)) if isinstance(table, tuple) else True


@st.composite
def parameters(
    draw: st.DrawFn, rule: Rule, size: Mapping[str, int], present: int | None = None
) -> Tables:
    """Values for the parameters that are not fixed, meeting what the rule assumes of them.

    Parameters
    ----------
    rule : Rule
    size : mapping of str to int
        The size of each sort, see `sizes`.
    present : int, optional
        How many agents take part, if not all do.

    Examples
    --------
    >>> from hypothesis import find
    >>> from mechanism.registry import rule
    >>> find(parameters(rule("gsp"), {"agent": 2, "slot": 2}), lambda p: p["rate"][1] > 0)
    {'rate': (Fraction(1, 1), Fraction(1, 1))}
    """
    made = {
        f.name: rule.given[f.name] if f.name in rule.given else draw(tables(f, size))
        for f in rule.parameters
    }
    size = {**size, "agent": size["agent"] if present is None else present}
    for assumption in rule.assumptions:
        for mend in (None, _falling, _rising, _scarce):
            if mend is not None:
                made |= {f.name: mend(made[f.name], size) for f in _own(assumption, rule)}
            if Exact(Instance(size, made))(assumption):
                break
        else:
            assume(False)
    return made


def _own(assumption: Any, rule: Rule) -> list[Family]:
    """The numbers an assumption is about, if they are not given."""
    named = {node.family for node in assumption.atoms(Entry)}
    return [f for f in rule.parameters if f in named and f.name not in rule.given]


def _falling(table: Any, size: Mapping[str, int]) -> Any:
    return tuple(sorted(table, reverse=True)) if isinstance(table, tuple) else table


def _rising(table: Any, size: Mapping[str, int]) -> Any:
    return tuple(sorted(table)) if isinstance(table, tuple) else table


def _scarce(table: Any, size: Mapping[str, int]) -> Any:
    """At most as many as there are agents."""
    return table if isinstance(table, tuple) else min(table, Fraction(size["agent"]))
