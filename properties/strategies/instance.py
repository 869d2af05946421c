"""Whole instances of a question about a rule, built to meet its premises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from hypothesis import assume
from hypothesis import strategies as st

from mechanism.instance import Instance
from mechanism.language import Index
from properties.check import families, referee
from properties.property import Obligation
from properties.strategies.mending import mends
from properties.strategies.number import rationals
from properties.strategies.profile import Agents, Tables, parameters, reports, sizes


@st.composite
def instances(
    draw: st.DrawFn,
    obligation: Obligation,
    agents: Agents = None,
    others: Mapping[str, int] | None = None,
) -> Instance:
    """Instances that an obligation admits: types, misreports, parameters, roles and tie orders.

    They are built rather than filtered: numbers are drawn inside their domains, and where a premise
    is not met, for example that two agents have the same parameters, it is made to hold.

    Parameters
    ----------
    obligation : Obligation
        A property put to a rule: ``property_of("dsic").on(rule)``.
    agents : int or (int, int), optional
        Exactly so many, or a range; by default up to three more than are needed.
    others : mapping of str to int, optional
        How many goods, slots or outcomes.

    Examples
    --------
    >>> from hypothesis import find
    >>> from mechanism.registry import rule
    >>> from properties.check import check
    >>> from properties.registry import property_of
    >>> question = property_of("dsic").on(rule("first-price"))
    >>> found = find(instances(question, agents=2), lambda x: check(question, x).violated)
    >>> found.tables["v"], dict(found.roles)
    ((Fraction(1, 1), Fraction(0, 1)), {'i': 0})
    """
    rule, extra = obligation.rule, obligation.property.extra_agents
    size = draw(sizes(rule, agents, others, least=obligation.min_agents))
    roles = draw(_roles(obligation, size["agent"]))
    made = draw(parameters(rule, size, size["agent"] - extra))
    made |= {b.truth.name: table for b, table in _by_family(obligation, draw(reports(rule, size)))}
    if obligation.said:
        made |= draw(_lies(obligation, size, roles, made))
    made |= {f.name: draw(rationals(f.domain)) for f in families(obligation) if f.name not in made}
    instance = Instance(size, made, roles, draw(_orders(obligation, size["agent"])))
    for premise in obligation.premises:
        for change in mends(obligation, premise):
            if referee(obligation, instance)(premise):
                break
            instance = change(instance)
    assume(all(map(referee(obligation, instance), obligation.premises)))
    return instance


def _by_family(obligation: Obligation, said: Tables) -> list[tuple[Any, Any]]:
    return [(family, said[family.name]) for family in obligation.rule.reports]


@st.composite
def _roles(draw: st.DrawFn, obligation: Obligation, agents: int) -> dict[str, int]:
    """An agent for each role: different ones where the property says so or asks somebody to stay away."""
    apart = {
        frozenset(premise.args)
        for premise in obligation.premises
        if isinstance(premise, sp.Ne) and all(isinstance(a, Index) for a in premise.args)
    }
    chosen: dict[Index, int] = {}
    for role in obligation.roles:
        taken = {agent for other, agent in chosen.items() if frozenset((role, other)) in apart}
        free = [agent for agent in range(agents) if agent not in taken]
        assume(free)
        chosen[role] = draw(st.sampled_from(free))
    return {role.name: agent for role, agent in chosen.items()}


@st.composite
def _lies(
    draw: st.DrawFn,
    obligation: Obligation,
    size: Mapping[str, int],
    roles: dict[str, int],
    made: Tables,
) -> Tables:
    """Misreports of those who may lie in some world; the others' are their types."""
    liars = {roles[role.name] for role in obligation.said}
    drawn = draw(reports(obligation.rule, size))
    return {
        family.lie.name: tuple(
            said if agent in liars else made[family.truth.name][agent]
            for agent, said in enumerate(table)
        )
        for family, table in _by_family(obligation, drawn)
    }


@st.composite
def _orders(draw: st.DrawFn, obligation: Obligation, agents: int) -> dict[str, tuple[int, ...]]:
    """Where ties fall any way, an order of the agents for each world."""
    if obligation.rule.ties != "any":
        return {}
    order = st.permutations(range(agents)).map(tuple)
    return {name: draw(order) for name in obligation.worlds}
