"""Auctions of several rounds: what is remembered between rounds, and what one round does to it.

A step rule is written once over bound agents and goods, like any rule. Evaluators run it, exactly or on
many profiles at once, and it is what proofs by induction over the rounds speak of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sympy as sp
from sympy.core.symbol import Str
from sympy.logic.boolalg import Boolean

from mechanism.errors import RuleError
from mechanism.language.arithmetic import Min, constant
from mechanism.language.choices import clear_choices
from mechanism.language.family import Domain, Entry, Family, Flag
from mechanism.language.index import Index
from mechanism.language.operators import Count
from mechanism.language.procedure import ROUNDS, Computed, Procedure


def state(name: str, *, over: str | tuple[str, ...], boolean: bool = False) -> Family:
    """What an auction remembers from round to round, or works out within one: a number or a flag for
    each index.
    """
    sorts = (over,) if isinstance(over, str) else tuple(over)
    return Family(name, "state", sorts, Domain(boolean=boolean))


class State(NamedTuple):
    """What is remembered: its value before the first round, and its value after a round."""

    entry: Any
    initial: Any
    update: Any


class Term(NamedTuple):
    """What is worked out anew in each round, for later terms, the guard and the updates to use."""

    entry: Any
    value: Any


class Rounds(Procedure):
    """A multi-round auction.

    The states start at their initial values. As long as the guard holds, there is one more round: all
    states take their updates at once. What the agents get and pay is read off the last states.

    Parameters
    ----------
    agent, good : Index
        Everything below is written over these two.
    states : sequence of (entry, initial, update)
        For example ``(bid[i, t], E[i, t] / 2, bid[i, t] + mu * (E[i, t] - bid[i, t]))``.
    terms : sequence of (entry, value)
        In order: each may read the states and the terms before it.
    guard : condition
        Whether there is (another) round.
    allocation : expression over agent and good
    payment : expression over agent
    falling : sequence of flags among the states
        Each is claimed to fall somewhere in every round, and never to rise; so there are at most as
        many rounds as it has entries. Nothing relies on it that has not shown it.
    invariants : sequence of conditions
        Claimed to hold of the states in every round, whatever their free indices stand for. Proofs use
        what they can show of them.
    telling : sequence of (text, flag, number)
        How a round is told: for each index where the flag, a term, holds, the text with ``{agent}``,
        ``{good}`` and ``{number}`` filled in. With a state for a flag: where it changes.

    Raises
    ------
    RuleError
        For an index left free, a name used twice, or a term used before it is known.

    Examples
    --------
    >>> from mechanism.language import Exists, agents, goods, report
    >>> i, g = agents("i"), goods("g")
    >>> b = report("b")
    >>> left = state("left", over="agent", boolean=True)
    >>> once = Rounds(i, g, [(left[i], True, False)], [], Exists(left[i], i), 0, b[i], [left[i]])
    >>> [s.entry for s in once.states]
    [left[i]]
    """

    def __new__(
        cls,
        agent: Index,
        good: Index,
        states: Iterable[Any],
        terms: Iterable[Any],
        guard: Any,
        allocation: Any,
        payment: Any,
        falling: Iterable[Any] = (),
        invariants: Iterable[Any] = (),
        telling: Iterable[Any] = (),
    ) -> Rounds:
        self = sp.Basic.__new__(
            cls,
            agent,
            good,
            _rows(states),
            _rows(terms),
            *(constant(part, cls.__name__) for part in (guard, allocation, payment)),
            sp.Tuple(*falling),
            sp.Tuple(*invariants),
            sp.Tuple(*(sp.Tuple(_text(row[0]), *row[1:]) for row in telling)),
        )
        self._check()
        return self

    agent = property(lambda self: self.args[0])
    good = property(lambda self: self.args[1])
    states = property(lambda self: tuple(State(*row) for row in self.args[2]))
    terms = property(lambda self: tuple(Term(*row) for row in self.args[3]))
    guard = property(lambda self: self.args[4])
    allocation = property(lambda self: self.args[5])
    payment = property(lambda self: self.args[6])
    falling = property(lambda self: tuple(self.args[7]))
    invariants = property(lambda self: tuple(self.args[8]))
    telling = property(lambda self: tuple((row[0].name, *row[1:]) for row in self.args[9]))

    @property
    def limit(self) -> Any:
        """The most rounds there can be, if the flags that are claimed to fall do so; else none."""
        counts = [sp.Mul(*(Count(True, i) for i in flag.index)) for flag in self.falling]
        return Min(*counts) if len(counts) > 1 else counts[0] if counts else None

    @property
    def remembered(self) -> tuple[Family, ...]:
        """The families of the states."""
        return tuple(s.entry.family for s in self.states)

    @property
    def reports(self) -> tuple[Family, ...]:
        """The families that agents report."""
        read = {e.family for e in self.atoms(Entry, Flag)}
        return tuple(sorted((f for f in read if f.kind == "report"), key=lambda f: f.name))

    @property
    def clear_choices(self) -> Any:
        """The condition, to be read in a round, that no choice in it is between equals."""
        return clear_choices(
            [t.value for t in self.terms] + [self.guard] + [s.update for s in self.states]
        )

    def defined(self) -> Any:
        return sp.true if self.limit is None else Computed(self, ROUNDS) <= self.limit

    def untied(self, rule: Any) -> Any:
        return Untied(self)

    def _sympystr(self, printer: Any) -> str:
        return f"Rounds({', '.join(f.name for f in self.remembered)})"

    def _check(self) -> None:
        formals = (self.agent, self.good)
        known: set[Family] = set()
        for entry, initial, _ in self.states:
            self._fits(entry, formals)
            self._closed(f"{entry} at first", initial, set(entry.index), set())
            if entry.family in known:
                raise RuleError(f"{entry.family.name} is remembered twice")
            known.add(entry.family)
            if isinstance(initial, Boolean) != isinstance(entry, Boolean):
                raise RuleError(f"{entry} starts as {initial}, which is of another kind")
        for entry, value in self.terms:
            self._fits(entry, formals)
            self._closed(str(entry), value, set(entry.index), known)
            known.add(entry.family)
        for entry, _, update in self.states:
            self._closed(f"{entry} after a round", update, set(entry.index), known)
        self._closed("the guard", self.guard, set(), known)
        remembered = set(self.remembered)
        self._closed("the allocation", self.allocation, set(formals), remembered)
        self._closed("the payment", self.payment, {self.agent}, remembered)
        for condition in (*self.falling, *self.invariants):
            self._closed(str(condition), condition, condition.atoms(Index), remembered)
        if loose := [f for f in self.falling if not isinstance(f, Flag)]:
            raise RuleError(f"{loose[0]} cannot fall: it is not a flag")

    def _fits(self, entry: Any, formals: Sequence[Index]) -> None:
        index = getattr(entry, "index", ())
        own = [f for f in formals if f in index]
        if not isinstance(entry, (Entry, Flag)) or entry.family.kind != "state":
            raise RuleError(f"{entry} is not made with state(...)")
        if list(index) != own:
            raise RuleError(
                f"{entry} must be over {self.agent}, {self.good} or both, in this order"
            )

    def _closed(self, where: str, expr: Any, allowed: set, known: set[Family]) -> None:
        free = {s for s in expr.free_symbols if isinstance(s, Index)} - allowed
        if free:
            names = ", ".join(sorted(s.name for s in free))
            raise RuleError(f"{where} leaves the index {names} free")
        early = {e.family for e in expr.atoms(Entry, Flag) if e.family.kind == "state"} - known
        if early:
            names = ", ".join(sorted(f.name for f in early))
            raise RuleError(f"{where} reads {names}, which is not known there")


class Untied(Boolean):
    """That no tie is broken in any round of a procedure."""

    def __new__(cls, procedure: Procedure) -> Untied:
        return sp.Basic.__new__(cls, procedure)

    @property
    def procedure(self) -> Rounds:
        return self.args[0]

    @property
    def free_symbols(self) -> set:
        return set()


def _text(text: Any) -> Str:
    return text if isinstance(text, Str) else Str(text)


def _rows(rows: Iterable[Any]) -> sp.Tuple:
    return sp.Tuple(*(sp.Tuple(*(constant(part, "Rounds") for part in row)) for row in rows))
