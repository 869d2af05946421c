"""A property: worlds, and a margin that is positive exactly when it is violated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

from mechanism.language import Family, Index, World
from mechanism.rule import Rule
from mechanism.writing.words import words
from properties.terms import Terms


@dataclass(frozen=True)
class Check:
    """What a property says of one rule.

    Parameters
    ----------
    margin : expression
        How much is lost or gained where the property is violated, in the unit of the reports.
    premises : tuple of condition
        What must hold for a profile to count.
    violation : condition, optional
        When the property is violated; ``margin > 0`` unless given.
    """

    margin: Any
    premises: tuple[Any, ...] = ()
    violation: Any = None


# How a property is defined: terms of some rule and the roles in, a check out.
Definition = Callable[..., Check]


@dataclass(frozen=True)
class Chain:
    """A relation between two agents that may pass from neighbours to all pairs, by
    `proofs.engines.neighbours`.

    Parameters
    ----------
    order : callable
        Takes terms and an agent, returns the number that orders the agents.
    link : Definition
        A check over two roles: the relation holds where its margin is not positive; its premises are what
        else is assumed of the two.
    """

    order: Callable[..., Any]
    link: Definition


@dataclass(frozen=True, kw_only=True)
class Property:
    """A property of mechanisms.

    Parameters
    ----------
    id, title : str
    statement : str
        One plain sentence; what is claimed when the property holds.
    define : callable
        Takes terms and the roles, returns a `Check`.
    roles : tuple of Index
        The agents the property speaks of; a violation exists if it does for some choice of them.
    worlds : tuple of World
    applies : callable
        Takes a rule; returns why the property does not apply, or an empty string.
    extra_agents : int
        How many agents more than the rule's smallest number a violation needs (newcomers).
    numeric : bool
        The answer is a number, the supremum of the margin.
    vocabulary : type of Terms
        The terms it is written in; it is about rules of their kind.
    numbers : tuple of Family
        Numbers beside those of the rule that a violation may choose.
    chain : Chain, optional
        Where `define` claims of all pairs of agents what it assumes of neighbours.
    story : str
        How a violation is told; ``{i}``, ``{margin}`` and the like are filled in.
    reference : Rule, optional
        What the property compares a rule with.
    references : tuple of str
    """

    id: str
    title: str
    statement: str
    define: Definition
    roles: tuple[Index, ...] = ()
    worlds: tuple[World, ...] = (World("truth"),)
    applies: Callable[[Rule], str] = lambda rule: ""
    extra_agents: int = 0
    numeric: bool = False
    vocabulary: type[Terms] = Terms
    numbers: tuple[Family, ...] = ()
    chain: Chain | None = None
    story: str = ""
    reference: Rule | None = None
    references: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @cached_property
    def formula(self) -> Check:
        """The definition over opaque utilities and payments, as it is printed."""
        return self.define(self.vocabulary.opaque(), *self.roles)

    def suits(self, rule: Rule) -> str:
        """Why the property is not about this rule, or an empty string."""
        return self.vocabulary.misfit(rule) or self.applies(rule)

    def on(self, rule: Rule, condition: Any = sp.true) -> Obligation:
        """The property as a question about one rule."""
        check = self.define(self.vocabulary(rule), *self.roles)
        violation = check.margin > 0 if check.violation is None else check.violation
        return Obligation(
            rule=rule,
            property=self,
            premises=tuple(p for p in (*check.premises, condition) if p != sp.true),
            margin=check.margin,
            violation=violation,
            condition=condition,
        )


def told(condition: Any) -> str:
    """A condition in words, by which findings name it; empty where it always holds."""
    return "" if condition == sp.true else words(condition)


@dataclass(frozen=True)
class Obligation:
    """A rule and a property, put together: is there an instance that meets the premises and in which
    `violation` holds? Every engine answers this one question.
    """

    rule: Rule
    property: Property
    premises: tuple[Any, ...]
    margin: Any
    violation: Any
    condition: Any = field(default=sp.true)

    @cached_property
    def told(self) -> str:
        """The condition in words; empty where there is none."""
        return told(self.condition)

    @cached_property
    def roles(self) -> tuple[Index, ...]:
        return self.property.roles

    @cached_property
    def worlds(self) -> dict[str, World]:
        return {world.name: world for world in self.property.worlds}

    @cached_property
    def min_agents(self) -> int:
        return self.rule.min_agents + self.property.extra_agents

    @cached_property
    def said(self) -> tuple[Index, ...]:
        """The roles whose misreports are read in some world."""
        who: dict[Index, None] = {}
        for world in self.property.worlds:
            who |= {whose: None for _, kind, whose in world.reports if kind == "lie"}
        return tuple(who)
