"""The exact check of one instance: are the premises met, is the property violated, and by how much?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from mechanism.errors import InputError, NoOutcome, RuleError
from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance
from mechanism.language import Family, World
from properties.property import Obligation


@dataclass(frozen=True)
class Checked:
    """What the referee found.

    Parameters
    ----------
    admitted : bool
        The instance is in the domain and meets the premises.
    violated : bool
        It is admitted and the property is violated on it.
    margin : Fraction or None
        The property's margin, where the instance is admitted.
    why : str
        What keeps the instance out, if it is not admitted.
    """

    admitted: bool
    violated: bool
    margin: Fraction | None = None
    why: str = ""


def referee(obligation: Obligation, instance: Instance) -> Exact:
    """The exact evaluator for an obligation on an instance."""
    return Exact(instance, obligation.rule.ties, obligation.worlds, obligation.roles)


def check(obligation: Obligation, instance: Instance) -> Checked:
    """Decide one instance exactly.

    Raises
    ------
    InputError
        When the instance lacks a table, or a role is not an agent of it.
    """
    rule, read = obligation.rule, referee(obligation, instance)
    agents = instance.domain("agent")
    for role in obligation.roles:
        if instance.roles[role.name] not in agents:
            raise InputError(
                f"role {role} is agent {instance.roles[role.name]}, but there are {len(agents)}"
            )
    for family in families(obligation):
        if not _inside(instance.tables[family.name], family, len(family.over)):
            return Checked(
                False, False, why=f"{family.name} is outside its domain ({family.domain})"
            )
    for world in obligation.worlds.values():
        present = read.domain("agent", world)
        if len(present) < rule.min_agents:
            return Checked(False, False, why=f"fewer than {rule.min_agents} agents take part")
        if rule.max_agents is not None and len(present) > rule.max_agents:
            return Checked(False, False, why=f"more than {rule.max_agents} agents take part")
        for assumption in rule.assumptions:
            if not read(assumption, world=world):
                return Checked(False, False, why=f"the rule assumes {assumption}")
        for agent in present:
            if not read(rule.admissible, {rule.agent: agent}, world):
                return Checked(False, False, why=f"the report of agent {agent} is not admissible")
    if rule.ties == "any" and not _orders_follow_reports(obligation, instance):
        return Checked(False, False, why="ties are broken in two ways for the same reports")
    if not _truths_admissible(obligation, read):
        return Checked(False, False, why="a type is not admissible")
    try:
        for premise in obligation.premises:
            if not read(premise):
                return Checked(False, False, why=f"the premise {premise} is not met")
        violated = bool(read(obligation.violation))
    except NoOutcome as error:
        return Checked(False, False, why=f"there is no outcome: {error}")
    return Checked(True, violated, _margin(obligation, read, violated))


def _margin(obligation: Obligation, read: Exact, violated: bool) -> Fraction | None:
    try:
        return Fraction(read(obligation.margin))
    except RuleError:
        # Where the rule is not even defined, the violation counts and has no size.
        if violated:
            return None
        raise


def _orders_follow_reports(obligation: Obligation, instance: Instance) -> bool:
    """Whether worlds in which the same agents report the same break ties alike."""
    roles = {role: instance.roles[role.name] for role in obligation.roles}
    agents = instance.domain("agent")
    orders: dict[Any, tuple] = {}
    for world in obligation.worlds.values():
        gone = frozenset(roles[role] for role in world.absent)
        said = [world.said(agent, roles) for agent in agents if agent not in gone]
        reported = tuple(
            instance.tables[(b.truth if kind == "truth" else b.lie).name][whose]
            for b in obligation.rule.reports
            for kind, whose in said
        )
        order = instance.orders.get(world.name, agents)
        if orders.setdefault((gone, reported), order) != order:
            return False
    return True


def _truths_admissible(obligation: Obligation, read: Exact) -> bool:
    rule = obligation.rule
    everybody = World("everybody")
    return all(
        read(rule.admissible, {rule.agent: a}, everybody) for a in read.instance.domain("agent")
    )


def _inside(table: Any, family: Family, depth: int) -> bool:
    if depth:
        return all(_inside(row, family, depth - 1) for row in table)
    return True if family.kind == "function" else family.domain.holds(table)


def families(obligation: Obligation) -> tuple[Family, ...]:
    """Every family an instance of the obligation must give values for: types, misreports where some
    are read, parameters that are not fixed to a number.
    """
    rule = obligation.rule
    reports: list[Family] = [b.truth for b in rule.reports]
    if obligation.said:
        reports += [b.lie for b in rule.reports]
    condition = sp.sympify(obligation.condition)
    extra = {s for s in condition.free_symbols if isinstance(s, Family)}
    extra |= set(obligation.property.numbers)
    extra -= {*reports, *rule.parameters}
    return (*reports, *rule.parameters, *sorted(extra, key=lambda f: f.name))
