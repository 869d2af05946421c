"""Sorted sequences: what is left of any number of agents when only the order of reports counts.

The agents that no property names enter as one non-increasing sequence for each side, the same in all
worlds. Who is named is inserted at a rank of its own in each world. Nothing here is quantified: axioms
are instantiated at the places that occur in the formulas, which is complete for sorted arrays.

References
----------
A. Bradley, Z. Manna, H. Sipma, What's Decidable About Arrays?, VMCAI 2006.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any, ClassVar, Protocol

import z3

from mechanism.language.family import Domain
from proofs.lowering.ranked_terms import inside, symbol, term


class Sequence(Protocol):
    """A function of places with axioms for each place, and for each pair of places."""

    reach: int  # through how many axioms a place may come in and still have axioms of its own

    @property
    def functions(self) -> tuple[Any, ...]: ...
    def at(self, place: Any) -> Iterator[Any]: ...
    def pair(self, one: Any, other: Any) -> Iterator[Any]: ...


def within(domain: Domain, value: Any) -> Any:
    """Whether a number lies in a domain; whole numbers are integer terms already."""
    bounds = []
    if domain.lower is not None:
        low = term(domain.lower, value)
        bounds.append(value > low if domain.strict else value >= low)
    if domain.upper is not None:
        bounds.append(value <= term(domain.upper, value))
    return z3.And(*bounds)


ANY = 99
PER_SLOT = "slot."  # begins the names of what is given for each slot
ONE, TWO = z3.Int("one"), z3.Int("two")


def _function(name: str) -> Any:
    return z3.Function(name, z3.IntSort(), z3.RealSort())


@dataclass(frozen=True, eq=False)
class Others:
    """The agents of one side that no property names, best first.

    The k-th reports ``report(k)``, for k from 1 to `count`, and 0 stands elsewhere. The reports fall
    from rank to rank where `sign` is 1, and rise where it is -1. Equal ones stand in the order of
    ``place``, where ties follow a fixed order of the agents.
    """

    reach: ClassVar[int] = ANY
    name: str
    domain: Domain
    sign: int = 1
    fixed_ties: bool = False
    apart: list[Any] = field(default_factory=list)  # each says that no two report the same

    @cached_property
    def count(self) -> Any:
        return z3.Int(f"n.{self.name}")

    @cached_property
    def report(self) -> Any:
        return _function(f"g.{self.name}")

    @cached_property
    def place(self) -> Any:
        return _function(f"p.{self.name}")

    @property
    def functions(self) -> tuple[Any, ...]:
        return self.report, self.place

    def at(self, place: Any) -> Iterator[Any]:
        present = inside(1, place, self.count)
        yield z3.If(present, within(self.domain, self.report(place)), self.report(place) == 0)

    def pair(self, one: Any, other: Any) -> Iterator[Any]:
        yield from self.sorted(one, other)
        if self.apart:
            yield z3.Implies(z3.Or(*self.apart), z3.Or(one == other, *(
                z3.Not(inside(1, place, self.count)) for place in (one, other)),
                self.report(one) != self.report(other)))  # fmt: skip

    def sorted(self, one: Any, other: Any) -> Iterator[Any]:
        """That the reports are in order at two places."""
        for first, second in directions(one, other):
            yield z3.substitute(self._in_order, (ONE, first), (TWO, second))

    @cached_property
    def _in_order(self) -> Any:
        return _in_order(self, self, self.count)

    def row(self, place: Any) -> tuple[Any, Any]:
        return self.report(place), self.place(place)

    def before(self, one: tuple[Any, Any], other: tuple[Any, Any]) -> Any:
        """Whether the one may stand before the other."""
        high, low = (one[0], other[0]) if self.sign > 0 else (other[0], one[0])
        if not self.fixed_ties:
            return high >= low
        return z3.Or(high > low, z3.And(high == low, one[1] < other[1]))


@dataclass(frozen=True, eq=False)
class Order:
    """Everybody on one side of one world, best first: the others with the named agents inserted.

    Parameters
    ----------
    named : mapping of agent to (report, place)
        Free are their ranks; each must suit its neighbours.
    reports : str
        The name of the sequence of reports. Orders of the same reports share it, whoever made them.
    """

    reach: ClassVar[int] = ANY
    name: str
    others: Others
    named: dict[int, tuple[Any, Any]]
    side: Any = None
    reports: str = ""

    @cached_property
    def ranks(self) -> dict[int, Any]:
        """The rank of each named agent."""
        return {a: z3.Int(f"rank.{self.name}.{a}") for a in self.named}

    @cached_property
    def report(self) -> Any:
        return _function(f"s.{self.reports}") if self.named else self.others.report

    @cached_property
    def place(self) -> Any:
        return _function(f"q.{self.name}") if self.named else self.others.place

    @property
    def functions(self) -> tuple[Any, ...]:
        return self.report, self.place

    @property
    def count(self) -> Any:
        return self.others.count + len(self.named) if self.named else self.others.count

    def facts(self) -> Iterator[Any]:
        """Where the named agents may stand."""
        before = self.others.before
        for agent, rank in self.ranks.items():
            me, rest = self.named[agent], [r for a, r in self.ranks.items() if a != agent]
            ahead = self._ahead(agent)
            yield ahead == rank - 1 - z3.Sum([z3.If(r < rank, 1, 0) for r in rest])
            yield inside(0, ahead, self.others.count)
            yield z3.Implies(ahead >= 1, before(self.others.row(ahead), me))
            yield z3.Implies(ahead < self.others.count, before(me, self.others.row(ahead + 1)))
        for (one, first), (two, second) in combinations(self.ranks.items(), 2):
            yield first != second
            yield z3.Implies(first < second, before(self.named[one], self.named[two]))
            yield z3.Implies(second < first, before(self.named[two], self.named[one]))

    @cached_property
    def _inserted(self) -> tuple[Any, Any]:
        mine, place_of_mine = self._row(ONE, list(self.named), 0)
        return self.report(ONE) == mine, self.place(ONE) == place_of_mine

    def at(self, place: Any) -> Iterator[Any]:
        for axiom in self._inserted if self.others.fixed_ties else self._inserted[:1]:
            yield z3.substitute(axiom, (ONE, place))

    def _row(self, place: Any, agents: list[int], passed: int) -> tuple[Any, Any]:
        """Who stands at a place, when it may be one of `agents` and `passed` others are ahead of it."""
        if not agents:
            return self.others.row(z3.simplify(place - passed))
        agent, *rest = agents
        rank = self.ranks[agent]
        ahead, behind = self._row(place, rest, passed + 1), self._row(place, rest, passed)
        return tuple(
            z3.If(place == rank, mine, z3.If(place < rank, later, sooner))
            for mine, later, sooner in zip(self.named[agent], behind, ahead, strict=True)
        )

    def pair(self, one: Any, other: Any) -> Iterator[Any]:
        yield from ()  # what is sorted here follows from the others and from where the named stand

    def sorted(self, one: Any, other: Any) -> Iterator[Any]:
        """That the reports are in order at two places."""
        for first, second in directions(one, other):
            yield z3.substitute(self._in_order, (ONE, first), (TWO, second))

    @cached_property
    def _in_order(self) -> Any:
        return _in_order(self.others, self, self.count)

    def apart(self) -> Iterator[Any]:
        """That no named agent reports what somebody else does."""
        for agent, (mine, _) in self.named.items():
            ahead = self._ahead(agent)
            yield z3.Or(ahead < 1, self.others.report(ahead) != mine)
            yield z3.Or(ahead >= self.others.count, self.others.report(ahead + 1) != mine)
        yield from (self.named[a][0] != self.named[b][0] for a, b in combinations(self.named, 2))

    def _ahead(self, agent: int) -> Any:
        """How many of the others stand before a named agent."""
        return z3.Int(f"ahead.{self.name}.{agent}")


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers for the slots 1, 2, ...: any number of slots, 0 past the end."""

    reach: ClassVar[int] = ANY
    name: str
    domain: Domain
    count: Any
    falling: bool = False
    given: tuple = ()

    @cached_property
    def key(self) -> Any:
        return _function(f"{PER_SLOT}{symbol(self.name)}")

    @property
    def functions(self) -> tuple[Any, ...]:
        return (self.key,)

    def facts(self) -> Iterator[Any]:
        for slot, number in enumerate(self.given, start=1):
            yield self.key(slot) == z3.RealVal(number)

    def at(self, place: Any) -> Iterator[Any]:
        present = inside(1, place, self.count)
        yield z3.If(present, within(self.domain, self.key(place)), self.key(place) == 0)

    def pair(self, one: Any, other: Any) -> Iterator[Any]:
        if self.falling:
            for first, second in directions(one, other):
                ordered = z3.And(1 <= first, first <= second)
                yield z3.Implies(ordered, self.key(first) >= self.key(second))


def _in_order(others: Others, sequence: Any, count: Any) -> Any:
    """That a sequence is sorted at two places."""
    rows = [(sequence.report(place), sequence.place(place)) for place in (ONE, TWO)]
    return z3.Implies(z3.And(1 <= ONE, ONE < TWO, TWO <= count), others.before(*rows))


def directions(one: Any, other: Any) -> list[tuple[Any, Any]]:
    """Two places in the order they may stand in, the smaller one first."""
    gap = z3.simplify(one - other)
    if z3.is_int_value(gap):
        return [(one, other)] if gap.as_long() < 0 else [(other, one)]
    return [(one, other), (other, one)]
