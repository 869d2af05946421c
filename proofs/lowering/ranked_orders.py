"""Who is who: named agents, agents by rank, and the order of each side in each world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any

import sympy as sp
import z3

from mechanism.language import Binder, Entry, Family, Flag, Index, World
from proofs.engines.engine import NotAccepted
from proofs.lowering.ranked_cases import Case, Side
from proofs.lowering.ranked_sequences import Order, Others, within
from proofs.lowering.ranked_terms import choose, plus, symbol
from proofs.lowering.ranked_theory import Theory
from properties.property import Obligation


class Agent:
    """An agent, as a value."""


@dataclass(frozen=True)
class Named(Agent):
    """An agent that the property names."""

    number: int


@dataclass(frozen=True, eq=False)
class Ranked(Agent):
    """Whoever stands at a rank."""

    order: Order
    rank: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ranked) and self.order is other.order and self.rank.eq(other.rank)

    def __hash__(self) -> int:
        return hash((id(self.order), self.rank.hash()))


# A world, and two agents of whom the first is supposed to stand before the second in it.
Ahead = tuple[str, int, int]


class Orders:
    """The agents of one case, in every world.

    Attributes
    ----------
    supposed : list
        What `ahead` says of their ranks.
    """

    def __init__(
        self,
        obligation: Obligation,
        case: Case,
        theory: Theory,
        fixed_ties: bool,
        ahead: Ahead | None = None,
    ) -> None:
        self.obligation, self.case = obligation, case
        self.theory, self.fixed_ties, self.ahead = theory, fixed_ties, ahead
        rule = obligation.rule
        numeric = [b for b in rule.reports if b.over == ("agent",) and not b.domain.boolean]
        if len(rule.reports) != 1 or not numeric:
            raise NotAccepted(
                f"the reports {', '.join(map(str, rule.reports))} are not one number each"
            )
        self.report: Family = numeric[0]
        self.number = dict(case.agents)
        self.name: dict[int, str] = {}
        for role, agent in case.agents:
            self.name.setdefault(agent, symbol(role.name))
        self._others: dict[tuple, Others] = {}
        self._orders: dict[tuple, Order] = {}
        self._reports: dict[tuple, str] = {}
        self.supposed: list[Any] = []
        self._sign = {s: _direction(s, rule.allocation, rule.payment) for s in case.every_side}
        for side in case.every_side:
            self._those(side, self._sign[side])

    # --- who takes part, and what is said ------------------------------------------------------

    def present(self, world: World) -> list[int]:
        """The named agents that take part."""
        gone = {self.number[role] for role in world.absent}
        return [agent for agent in self.name if agent not in gone]

    def everybody(self, world: World) -> Any:
        """How many agents take part."""
        counts = [self._those(side, self._sign[side]).count for side in self.case.every_side]
        return plus([*counts, Fraction(len(self.present(world)))])

    def side(self, agent: Any) -> Side:
        return self.case.sides[agent.number] if isinstance(agent, Named) else agent.order.side

    def said(self, agent: int, world: World) -> Any:
        """What a named agent reports."""
        for who, kind, whose in world.reports:
            if self.number[who] == agent:
                return self.type(self.number[whose], kind)
        return self.type(agent, "truth")

    def type(self, agent: int, kind: str) -> Any:
        """A named agent's type, or its misreport."""
        return z3.Real(f"{'type' if kind == 'truth' else 'lie'}.{self.name[agent]}")

    def value(self, agent: Any, family: Family, world: World) -> Any:
        """An entry of the reports, types or misreports."""
        if family not in (self.report, self.report.truth, self.report.lie):
            raise NotAccepted(f"{family} is not what the rule's reports say")
        if isinstance(agent, Named):
            return self._of(agent.number, family.kind, world)
        order = agent.order
        if family.kind == "lie":  # of no consequence, except for those who are named
            value = z3.Function(f"lies.{order.name}", z3.IntSort(), z3.RealSort())(agent.rank)
        else:
            value = order.report(agent.rank)
        for number, (report, _) in order.named.items():
            mine = self._of(number, family.kind, world)
            if not report.eq(mine):
                value = choose(agent.rank == order.ranks[number], mine, value)
        return value

    def _of(self, agent: int, kind: str, world: World) -> Any:
        return self.said(agent, world) if kind == "report" else self.type(agent, kind)

    def domains(self) -> Iterator[Any]:
        """Where the reports and types of the named agents lie, and how many others there are."""
        liars = {self.number[role] for role in self.obligation.said}
        for agent in self.name:
            yield within(self.report.domain, self.type(agent, "truth"))
            if agent in liars:
                yield within(self.report.domain, self.type(agent, "lie"))
        yield from (others.count >= 0 for others in self._others.values())

    # --- orders --------------------------------------------------------------------------------

    def standing(self, side: Side, world: World) -> Order:
        """A side in the order that the rule uses."""
        return self._order(side, self._sign[side], world, "report")

    def keyed(self, body: Any, var: Index, side: Side, world: World) -> Order:
        """A side in the order of a key."""
        read = _read_key(body, var)
        if read is None or read[1].kind == "lie" or read[1] not in (self.report, self.report.truth):
            raise NotAccepted(f"agents are ranked by {body}, which is more than their report")
        return self._order(side, read[0], world, read[1].kind)

    def rank(self, agent: Any, order: Order) -> Any:
        """The rank of an agent, or None where it is not among those ranked."""
        if isinstance(agent, Named):
            return order.ranks.get(agent.number)
        if agent.order is order:
            return agent.rank
        if agent.order.side is not order.side:
            return None
        raise NotAccepted("an agent at a rank in one order is looked up in another")

    def same(self, one: Any, other: Any) -> Any:
        """Whether two are one agent."""
        if isinstance(one, Named) and isinstance(other, Named):
            return one.number == other.number
        if isinstance(one, Named):
            one, other = other, one
        rank = self.rank(other, one.order)
        if rank is None:
            return False
        return True if rank.eq(one.rank) else rank == one.rank

    def ranks(self) -> list[Any]:
        return [rank for order in self._orders.values() for rank in order.ranks.values()]

    def every(self) -> list[Order]:
        return list(self._orders.values())

    def _order(self, side: Side, sign: int, world: World, kind: str) -> Order:
        present = [a for a in self.present(world) if self.case.sides[a] == side]
        said = {a: self.said(a, world) for a in present}
        true = {a: self.type(a, "truth") for a in present}
        if kind == "truth" and all(said[a].eq(true[a]) for a in present):
            kind = "report"
        key = (side, sign, world.name, kind)
        if key not in self._orders:
            values = said if kind == "report" else true
            place = {a: z3.Real(f"place.{self.name[a]}") for a in present}
            named = {a: (values[a], place[a]) for a in present}
            others = self._those(side, sign)
            label = "" if kind == "report" else ".truth"
            name = f"{symbol(world.name)}.{others.name}{label}"
            same = (others.name, *sorted(values[a].sexpr() for a in present))
            order = Order(name, others, named, side, self._reports.setdefault(same, name))
            self._orders[key] = order
            if named:
                self.theory.enter(order)
            if self.ahead is not None and self.ahead[0] == world.name:
                _, first, second = self.ahead
                if first in named and second in named:
                    self.supposed.append(order.ranks[first] < order.ranks[second])
                    self.theory.facts.append(self.supposed[-1])
        return self._orders[key]

    def _those(self, side: Side, sign: int) -> Others:
        """The others of a side. In both directions they are as many."""
        if (side, sign) not in self._others:
            name = "all" if self.case.flag is None else symbol(self.case.flag.name)
            name = f"not-{name}" if side is False else name
            name += "" if sign > 0 else ".up"
            others = Others(name, self.report.domain, sign, self.fixed_ties)
            twin = self._others.get((side, -sign))
            if twin is not None:
                self.theory.facts.append(others.count == twin.count)
            self._others[side, sign] = others
            self.theory.enter(others)
        return self._others[side, sign]


@lru_cache(maxsize=256)
def _direction(side: Side, *parts: Any) -> int:
    """Whether a rule ranks a side by its reports from the highest (1) or from the lowest (-1)."""
    for node in chain(*(part.atoms(Binder) for part in parts)):
        read = _read_key(node.body, node.var)
        if read is not None and _side(node.where) == side:
            return read[0]
    return 1


def _side(where: Any) -> Side:
    for part in sp.And.make_args(where):
        if isinstance(part, Flag):
            return True
        if isinstance(part, sp.Not) and isinstance(part.args[0], Flag):
            return False
    return None


def _read_key(body: Any, var: Index) -> tuple[int, Family] | None:
    """The sign and the family of a key ``b[var]`` or ``-b[var]``."""
    sign = -1 if isinstance(body, sp.Mul) and body.args[0] == -1 and len(body.args) == 2 else 1
    entry = body.args[1] if sign < 0 else body
    return (sign, entry.family) if isinstance(entry, Entry) and entry.index == (var,) else None
