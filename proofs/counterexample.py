"""Counterexamples: self-contained, replayed exactly, and shown in four forms."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from mechanism.errors import RuleError
from mechanism.instance import Instance
from mechanism.rule import Rule
from mechanism.setting import HOLDER, OWNER
from mechanism.targets.answer import Answer
from proofs.source import Source
from properties.check import Checked, check, referee
from properties.property import Obligation


@dataclass(frozen=True)
class Counterexample:
    """A violation of a property.

    Parameters
    ----------
    target : str
        What was audited: a rule's id, or ``path/file.py:NAME``.
    parameters : mapping
        Parameters fixed by the user before the audit.
    ties : str
        The tie policy; under ``any`` the instance holds the order chosen in each world.
    property : str
    coalition : int
        The largest coalition considered.
    instance : Instance
    margin : Fraction or None
    minimal : bool
        No violation is smaller, and this was proved.
    foreign : mapping or None
        Of foreign code: what it is taken for, how it is read, its parameters and limits.
    robust : Counterexample or None
        A violation in which no tie is broken, with room around it, where this one is won by a tie.
    source : Source or None
        What the file held that the rule is in, where it is in a file.
    answers : mapping
        Of foreign code: what it said when the violation was replayed. It stays in this process.
    """

    target: str
    property: str
    instance: Instance
    margin: Fraction | None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    ties: str = "lowest-index"
    coalition: int = 2
    condition: str = ""
    minimal: bool = False
    robust: Counterexample | None = None
    source: Source | None = None
    foreign: Mapping[str, Any] | None = None
    answers: Mapping[tuple, Answer] = field(default_factory=dict, compare=False, repr=False)
    kind: str = "counterexample"

    @cached_property
    def agents(self) -> int:
        return self.instance.sizes["agent"]


@dataclass(frozen=True)
class Row:
    """One agent in the table of a counterexample; numbers are Fractions, or tuples by good."""

    agent: int
    roles: tuple[str, ...]
    value: Any
    reports: Mapping[str, Any]
    gets: Mapping[str, Any]
    pays: Mapping[str, Fraction]
    utility: Mapping[str, Fraction]
    parameters: Mapping[str, Any]


def table(obligation: Obligation, instance: Instance) -> list[Row]:
    """What every agent reports, gets, pays and is left with, in each world."""
    rule, read = obligation.rule, referee(obligation, instance)
    rows = []
    for agent in instance.domain("agent"):
        by_world: dict[str, dict[str, Any]] = {"reports": {}, "gets": {}, "pays": {}, "utility": {}}
        for name, world in obligation.worlds.items():
            if agent not in read.domain("agent", world):
                continue
            env = {rule.agent: agent, OWNER: agent, HOLDER: agent}
            by_world["reports"][name] = _reports(rule, read, agent, world)
            with suppress(RuleError):  # where the rule says nothing, these cells stay empty
                by_world["gets"][name] = _holding(rule, read, env, world, instance)
                by_world["pays"][name] = pays = read(rule.payment, env, world)
                by_world["utility"][name] = read(rule.setting.worth, env, world) - pays
        roles = tuple(role.name for role in obligation.roles if instance.roles[role.name] == agent)
        own = {
            f.name: instance.tables[f.name][agent]
            for f in rule.parameters
            if f.over[:1] == ("agent",) and f.name in instance.tables
        }
        value = tuple(instance.tables[b.truth.name][agent] for b in rule.reports) or (None,)
        rows.append(
            Row(agent, roles, value[0] if len(value) == 1 else value, parameters=own, **by_world)
        )
    return rows


def _reports(rule: Rule, read: Any, agent: int, world: Any) -> Any:
    said = []
    for family in rule.reports:
        source, index = family.truth, (agent,)
        for who, kind, whose in world.reports:
            if read.roles[who] == agent:
                source = family.truth if kind == "truth" else family.lie
                index = (read.roles[whose],)
                break
        said.append(read.instance.tables[source.name][index[0]])
    return (said[0] if len(said) == 1 else tuple(said)) if said else None


def _holding(rule: Rule, read: Any, env: dict, world: Any, instance: Instance) -> Any:
    if rule.good is None:
        return read(rule.allocation, env, world)
    return tuple(
        read(rule.allocation, {**env, rule.good: g}, world) for g in instance.domain(rule.good.sort)
    )


def replay(obligation: Obligation, instance: Instance) -> Checked:
    """Run a counterexample again, exactly, on the mechanism itself."""
    return check(obligation, instance)
