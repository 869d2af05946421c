"""One round of an auction of several, over agents and goods that are only named.

The states before the round are uninterpreted functions. What is worked out in the round is a function,
too, and its definition is stated where it is read of agents and goods of an early generation: those that
the goal speaks of, and those chosen for one of them. Stating it of the others as well would name new ones
for ever. What is not stated is left open: fewer premises, so a proof stays a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import Any

import sympy as sp

from mechanism.evaluate.exact import TRUTHFUL
from mechanism.language import Entry, Exists, Family, Flag, Index, Rounds, at
from proofs.lowering.any_size import AnySize
from proofs.lowering.names import SORT, Env
from proofs.lowering.terms import compare, conj, disj, iff
from properties.property import Obligation


class RoundStep(AnySize):
    """The lowering of what is said about one round.

    Parameters
    ----------
    obligation : Obligation
        Of a rule of several rounds; gives the domains of reports and parameters.
    rounds : Rounds
    known : sequence of condition
        What holds of the states before the round, for all agents and goods.
    youngest : int
        The last generation of which the terms of a round are written out, and what is known is stated.
    """

    def __init__(
        self,
        obligation: Obligation,
        rounds: Rounds,
        known: Sequence[Any],
        youngest: int,
    ) -> None:
        self.rounds, self.known, self.youngest = rounds, tuple(known), youngest
        self.terms = {term.entry.family: term for term in rounds.terms}
        self.generation: dict[int, int] = {}
        self._age = 0
        self._stated: set[tuple] = set()
        super().__init__(obligation, free_ties=True)

    # --- generations ---------------------------------------------------------------------------

    def new(self, sort: str, name: str = "") -> Any:
        constant = super().new(sort, name)
        self.generation[constant.get_id()] = self._age
        return constant

    def _aged(self, constants: Sequence[Any], read: Callable[[], Any]) -> Any:
        """Whoever is named while reading is one generation younger than those it is read of."""
        before = self._age
        self._age = 1 + max((self.generation[c.get_id()] for c in constants), default=-1)
        result = read()
        self._age = before
        return result

    def _early(self, constant: Any) -> bool:
        return self.generation[constant.get_id()] <= self.youngest

    def axiom(self, sort: str, instance: Callable[[Any], Any]) -> None:
        super().axiom(sort, lambda c: self._aged([c], lambda: instance(c)))

    def by_value(self, sort: str) -> bool:
        return False  # goods are named one by one, as agents are

    # --- states and terms ----------------------------------------------------------------------

    def lookup(self, family: Family, index: tuple) -> Any:
        value = super().lookup(family, index)
        if family in self.terms and all(map(self._early, index)):
            self._state_term(family, index, value)
        return value

    def _state_term(self, family: Family, index: tuple, value: Any) -> None:
        key = (family, *(c.get_id() for c in index))
        if key in self._stated:
            return
        self._stated.add(key)
        term = self.terms[family]
        env = {i: (c, True) for i, c in zip(term.entry.index, index, strict=True)}
        meaning = self._aged(index, lambda: self.read(term.value, env, TRUTHFUL))
        equal = iff(value, meaning) if family.domain.boolean else compare(value, "==", meaning)
        self.assume(equal)

    # --- what is known -------------------------------------------------------------------------

    def close(self) -> None:
        """Instantiate every axiom, and what is known, until nobody new is named."""
        done: set[tuple] = set()
        while True:
            super().close()
            before = len(done)
            for number, fact in enumerate(self.known):
                for env in self._everybody(fact):
                    key = (number, *(c.get_id() for c, _ in env.values()))
                    if key not in done:
                        done.add(key)
                        named = [c for c, _ in env.values()]
                        read = partial(self.read, fact, env, TRUTHFUL)
                        self.assume(self._aged(named, read))
            if len(done) == before:
                return

    def _everybody(self, fact: Any) -> list[Env]:
        """Every way to name what a fact is about."""
        free = free_indices(fact)
        last = max(self.youngest, 1)
        names = [
            [c for c in self.constants[i.sort] if self.generation[c.get_id()] <= last] for i in free
        ]
        return [{i: (c, True) for i, c in zip(free, choice)} for choice in product(*names)]

    # --- goals ---------------------------------------------------------------------------------

    def somebody(self, fact: Any) -> Env:
        """Names for what a fact is about."""
        return {i: (self.new(i.sort, "some"), True) for i in free_indices(fact)}

    def borne_out(self, fact: Any, env: Env) -> Any:
        """The fact, with a name for everybody whose existence it asserts."""
        if isinstance(fact, (sp.And, sp.Or)):
            parts = (self.borne_out(a, env) for a in fact.args)
            return conj(parts) if isinstance(fact, sp.And) else disj(parts)
        if isinstance(fact, Exists):
            inner = {**env, fact.var: (self.new(fact.var.sort, "witness"), True)}
            return self.borne_out(sp.And(fact.where, fact.body), inner)
        return self.read(fact, env, TRUTHFUL)

    def never(self, fact: Any) -> None:
        """Assume that a fact holds of no agents and goods."""
        self.known = (*self.known, sp.Not(fact))

    def goes_on(self) -> None:
        """Assume that the round takes place."""
        self.assume(self.borne_out(self.rounds.guard, {}))


def free_indices(fact: Any) -> list[Index]:
    """What a fact is about, by name."""
    free = {s for s in fact.free_symbols if isinstance(s, Index) and s.sort in SORT}
    return sorted(free, key=lambda s: s.name)


def going_on(rounds: Rounds) -> list[Any]:
    """What has no example where an auction has ended: one of these, at least."""
    guard = rounds.guard
    examples = list(guard.args) if isinstance(guard, sp.And) else [guard]
    for n, example in enumerate(examples):
        while isinstance(example, Exists):
            example = sp.And(example.where, example.body)
        examples[n] = example
    return examples


def after(rounds: Rounds, fact: Any) -> Any:
    """A fact about the states, said of those after a round."""
    return _put(fact, {s.entry.family: (s.entry, s.update) for s in rounds.states})


def at_first(rounds: Rounds, fact: Any) -> Any:
    """A fact about the states, said of those before the first round."""
    return _put(fact, {s.entry.family: (s.entry, s.initial) for s in rounds.states})


def _put(fact: Any, values: dict[Family, tuple[Any, Any]]) -> Any:
    """The fact with the value of each entry in its place."""
    found = {}
    for entry in fact.atoms(Entry, Flag):
        if entry.family in values:
            formal, value = values[entry.family]
            found[entry] = at("", value, dict(zip(formal.index, entry.index, strict=True)))
    return fact.xreplace(found)
