"""Lemmas that compare two greedy runs agent by agent, for `proofs.engines.greedy`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import sympy as sp

from mechanism.language import Index, World
from proofs.lowering.greedy import GreedyLowering, Run, exchanged
from proofs.lowering.terms import condition, iff, implies, negate
from properties.property import Obligation

Literal = tuple[Any, bool]  # a condition, and whether it holds
EVERYBODY = World("everybody")


@dataclass(frozen=True)
class Lemma:
    """That two runs accept the same agents.

    Parameters
    ----------
    kind : str
        ``before`` the pivot's turn in the first run, all ``but`` the pivot, or with two agents in each
        other's place (``swap``).
    one, other : Run
    pivot : z3 constant, optional
    """

    kind: str
    one: Run
    other: Run
    pivot: Any = None

    @property
    def id(self) -> tuple:
        return (self.kind, self.one.id, self.other.id, str(self.pivot))

    @property
    def agents(self) -> list[Any]:
        """The agents it is about."""
        named = [c for run in (self.one, self.other) for _, c in run.parameters]
        return named if self.pivot is None else [*named, self.pivot]

    @property
    def about_roles(self) -> bool:
        """Whether it is about nobody but agents that the property speaks of."""
        return all(self.one.low.plays(c) for c in self.agents)

    def on(self, low: GreedyLowering) -> Lemma:
        """The same lemma, read in another lowering that has its names."""
        return replace(self, one=low.take(self.one), other=low.take(self.other))

    def says(self, low: GreedyLowering, agent: Any) -> Any:
        """What it says of one agent."""
        if self.kind == "swap":
            return iff(self.one.accepted(agent), self.other.accepted(low.twins[agent.get_id()]))
        guard = agent != self.pivot if self.kind == "but" else self.one.before(agent, self.pivot)
        return implies(guard, iff(self.one.accepted(agent), self.other.accepted(agent)))

    def covers(self, lemma: Lemma) -> bool:
        """Whether another lemma adds nothing to this one."""
        if {self.one.id, self.other.id} != {lemma.one.id, lemma.other.id}:
            return False
        return self.id == lemma.id or (self.kind == "but" and self.pivot.eq(lemma.pivot))

    def __str__(self) -> str:
        who = str(self.pivot).split("!")[0]
        where = {
            "swap": "with the two who swap in each other's place",
            "before": f"for everybody before {who}'s turn",
            "but": f"for all but {who}",
        }[self.kind]
        return f"{_words(self.one)} and {_words(self.other)} accept the same agents, {where}"


def lower(
    obligation: Obligation,
    case: tuple[Literal, ...],
    names: dict[tuple, str] | None = None,
    roles: set[Index] | None = None,
    unfolding: bool = True,
) -> GreedyLowering:
    """The premises and one alternative of the violation, before they are instantiated.

    `roles` are the agents that axioms are instantiated for; without it, all that the worlds and the
    alternative speak of.
    """
    low, rule = GreedyLowering(obligation, names), obligation.rule
    low.unfolding = unfolding
    if roles is None:
        roles = {
            r for r in obligation.roles if not case or any(r in e.free_symbols for e, _ in case)
        }
    for world in obligation.worlds.values():
        roles = roles | {
            *world.absent,
            *(r for who, _, whose in world.reports for r in (who, whose)),
        }
    low.keep(roles)
    for premise in obligation.premises:
        low.demand(premise)
    for expr, holds in case:
        low.demand(expr, holds)

    def admitted(c: Any, world: World = EVERYBODY) -> bool:
        low.demand(rule.admissible, True, {**low.roles, rule.agent: (c, True)}, world)
        return True

    low.axiom("agent", admitted)
    for world in obligation.worlds.values():
        for assumption in rule.assumptions:
            low.demand(assumption, world=world)
        if not world.absent:
            for who, _, _ in world.reports:
                admitted(low.roles[who][0], world)
    return low


def step(
    lemma: Lemma, obligation: Obligation, case: tuple[Literal, ...], names: dict[tuple, str]
) -> GreedyLowering:
    """The premises, and that the induction step fails for any agents in the place of the lemma's.

    Those that are no roles get names of their own.
    """
    plays = lemma.one.low.plays
    roles = {r for r, (c, _) in lemma.one.low.roles.items() if any(c.eq(n) for n in lemma.agents)}
    low = lower(obligation, case, names, roles)
    given = {c.get_id(): c if plays(c) else low.new("agent", "given") for c in set(lemma.agents)}
    one, other = (
        low.take(replace(run, parameters=tuple((s, given[c.get_id()]) for s, c in run.parameters)))
        for run in (lemma.one, lemma.other)
    )
    pivot = None if lemma.pivot is None else given[lemma.pivot.get_id()]
    assume_failing(low, Lemma(lemma.kind, one, other, pivot))
    return low


def assume_failing(low: GreedyLowering, lemma: Lemma) -> None:
    """The lemma holds of everybody before the turn of some agent, and not of that agent."""
    agent = low.new("agent", "next")
    low.axiom("agent", lambda c: implies(lemma.one.before(c, agent), lemma.says(low, c)))
    low.unfold(lemma.one, agent)
    low.unfold(lemma.other, low.twins[agent.get_id()] if lemma.kind == "swap" else agent)
    low.assume(condition(negate(lemma.says(low, agent))))


def guesses(runs: list[Run], obligation: Obligation) -> tuple[list[Lemma], list[Lemma]]:
    """Lemmas worth trying, and those to try if these are not enough."""
    swapped = any(exchanged(world) for world in obligation.worlds.values())
    first: list[Lemma] = []
    more: list[Lemma] = []
    for one, other in combinations(runs, 2):
        if one.order != other.order:
            continue
        same_condition = one.node.where == other.node.where
        if one.world.name == other.world.name:
            if not same_condition:
                mine, theirs = ({c.get_id(): c for _, c in r.parameters} for r in (one, other))
                pivots = [c for n, c in (mine | theirs).items() if (n in mine) != (n in theirs)]
                found = [Lemma("before", one, other, pivot) for pivot in pivots]
                (more if swapped else first).extend(found)
        elif swapped:
            if same_condition:
                first.append(Lemma("swap", one, other))
        else:
            for pivot in (one.low.roles[r][0] for r in obligation.said):
                if same_condition:
                    first.append(Lemma("but", one, other, pivot))
                more += [Lemma("before", one, other, pivot), Lemma("before", other, one, pivot)]
    return first, more


def _words(run: Run) -> str:
    who = [str(c).split("!")[0] for _, c in run.parameters]
    where = run.node.where
    if where == sp.true:
        which = "the run"
    elif isinstance(where, sp.Ne) and len(who) == 1 and run.node.var in where.args:
        which = f"the run without {who[0]}"
    else:
        which = f"the run where {where}"
    return f"{which} in the world '{run.world.name}'"
