"""The operators of the rule language for given sizes: each bound index runs over its concrete range."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Any

import sympy as sp
import z3

from mechanism.language import (
    ArgMax,
    Awards,
    Contains,
    Exists,
    First,
    ForAll,
    Greedy,
    Highest,
    Index,
    KthHighest,
    Rank,
    Sum,
    World,
)
from mechanism.language.sums import taken_apart
from proofs.lowering.arithmetic import Arithmetic
from proofs.lowering.terms import choose, compare, condition, conj, disj, implies, negate, plus

Choice = list[tuple[Any, Any]]  # (guard, element): disjoint; if none holds there is no such index
Env = dict[Index, Choice]


@dataclass(frozen=True)
class Pick:
    """One choice with its ties left open: what stands for the choice of each element.

    Parameters
    ----------
    alone : bool
        It is one choice for all, out of everything, and not one for each agent or good.
    """

    sort: str
    alone: bool
    elements: dict[Any, Any]


class Operators(Arithmetic):
    """What the operators become; `FixedSize` says what indices, entries and worlds are."""

    ties: str
    tag: str
    domain: Callable[[str], tuple]
    index: Callable[..., Choice]
    _present: Callable[..., tuple]
    _key: Callable[..., tuple]
    once: Callable[..., Any]
    told: Callable[..., tuple]
    used: Any
    _fresh: Iterator[int]
    _not_negative: set[int]
    _queue: dict[Any, Any]

    # --- ranges --------------------------------------------------------------------------------

    def _range(self, expr: Any, env: Env, world: World) -> list[tuple[Any, Any, Env]]:
        """(condition, element, environment) for everything the bound index may be."""
        rows = []
        for element in self._present(expr.var.sort, env, world):
            inner = {**env, expr.var: [(True, element)]}
            where = self.read(expr.where, inner, world)
            if where is not False:
                rows.append((where, element, inner))
        return rows

    def _keyed(self, expr: Any, env: Env, world: World) -> list[tuple[Any, Any, Any]]:
        """(condition, element, key) of a range, cached by what it depends on."""
        free = tuple(
            s for s in (*free_indices(expr.body), *free_indices(expr.where)) if s != expr.var
        )
        told = self.told(world, expr.body, expr.where)
        key = ("keyed", expr.body, expr.var, expr.where, told, self._key(env, free))
        return self.once(
            key,
            lambda: [
                (where, element, self.read(expr.body, inner, world))
                for where, element, inner in self._range(expr, env, world)
            ],
        )

    def _name(self, kind: str) -> str:
        return f"{kind}!{self.tag}!{next(self._fresh)}"

    def _first_of_equals(self, world: World, sort: str, one: Any, other: Any) -> Any:
        """Whether `one` precedes `other` when their keys are equal."""
        everything = self.domain(sort)
        if self.ties == "highest-index":
            return everything.index(one) > everything.index(other)
        if self.ties == "any" and sort == "agent":
            return self.place(world, one) < self.place(world, other)
        return everything.index(one) < everything.index(other)

    def place(self, world: World, agent: int) -> Any:
        """Where an agent stands in the tie order of a world, under the policy ``any``."""
        return z3.Int(f"order[{world.name},{agent}]")

    def maximum(self, rows: list[tuple[Any, Any, Any]], default: Any) -> Any:
        """The highest key among the rows, or the default."""
        if not rows:
            return default
        if all(where is True for where, _, _ in rows):
            rows = self._undominated(rows)
            if len(rows) == 1:
                return rows[0][2]
        top = z3.Real(self._name("max"))
        for where, _, key in rows:
            self.state(implies(where, compare(top, ">=", key)))
        reached = [conj((where, compare(top, "==", key))) for where, _, key in rows]
        if not any(where is True for where, _, _ in rows):
            nobody = conj(negate(where) for where, _, _ in rows)
            reached.append(conj((nobody, compare(top, "==", default))))
        self.state(disj(reached))
        return top

    def _undominated(self, rows: list[tuple[Any, Any, Any]]) -> list[tuple[Any, Any, Any]]:
        """The rows without those whose key is a part of another's sum of entries that are not negative."""
        sums = [self._summands(key) for _, _, key in rows]
        kept: dict[frozenset, Any] = {}
        for row, part in zip(rows, sums, strict=True):
            if part is None:
                return rows
            if not any(part < other for other in sums if other is not None):
                kept.setdefault(part, row)
        return list(kept.values())

    def _summands(self, key: Any) -> frozenset | None:
        """The entries a key adds up, if it is a sum of different entries that are not negative."""
        if isinstance(key, Fraction):
            return frozenset() if key == 0 else None
        terms = key.children() if z3.is_add(key) else [key]
        names = frozenset(t.get_id() for t in terms)
        return names if len(names) == len(terms) and names <= self._not_negative else None

    def argmax(self, expr: ArgMax, env: Env, world: World) -> Choice:
        rows = self._keyed(expr, env, world)
        if len(rows) <= 1:
            return [(where, element) for where, element, _ in rows]
        top = self.maximum(rows, Fraction(0))
        reaches = [
            (conj((where, compare(key, "==", top))), element) for where, element, key in rows
        ]
        if self.ties == "free":
            picks = [(z3.Bool(self._name("pick")), can, element) for can, element in reaches]
            for pick, can, _ in picks:
                self.state(implies(pick, can))
            for (one, *_), (other, *_) in combinations(picks, 2):
                self.state(z3.Not(z3.And(other, one)))
            somebody = disj(where for where, _, _ in rows)
            self.state(implies(somebody, disj(p[0] for p in picks)))
            alone = expr.where == sp.true and not free_indices(expr)
            one_of = Pick(expr.var.sort, alone, {element: pick for pick, _, element in picks})
            self.used.picks[id(one_of)] = one_of
            return [(pick, element) for pick, _, element in picks]
        sort = expr.var.sort
        return [
            (
                conj(
                    (can, *(negate(conj((rival, self._first_of_equals(world, sort, other, element))))
                            for rival, other in reaches if other != element))
                ),
                element,
            )
            for can, element in reaches
        ]  # fmt: skip

    def first(self, expr: First, env: Env, world: World) -> Choice:
        rows = [(where, element) for where, element, _ in self._range(expr, env, world)]
        return [
            (
                conj(
                    (where, *(negate(conj((there, self._ahead(expr.var.sort, other, element))))
                              for there, other in rows if other != element))
                ),
                element,
            )
            for where, element in rows
        ]  # fmt: skip

    def _ahead(self, sort: str, one: Any, other: Any) -> Any:
        """Whether `one` stands ahead of `other` in the queue, the same one in all worlds.

        With ties left open the queue is too, so that agents are alike.
        """
        everything = self.domain(sort)
        if self.ties != "free" or sort != "agent":
            return everything.index(one) < everything.index(other)
        if not self._queue:
            self._queue = {agent: z3.Int(f"queue[{agent}]") for agent in everything}
        self.state(z3.Distinct(*self._queue.values()))
        return self._queue[one] < self._queue[other]

    def highest(self, expr: Highest, env: Env, world: World) -> Any:
        return self.maximum(self._keyed(expr, env, world), self.read(expr.default, env, world))

    def _ranks(self, expr: Any, env: Env, world: World) -> list[tuple[Any, Any, Any, Any]]:
        """(condition, element, key, rank) of a range."""
        rows = self._keyed(expr, env, world)

        def ranks() -> list[tuple[Any, Any, Any, Any]]:
            before = self._ties_between(rows, world, expr.var.sort)
            ranked = []
            for where, element, mine in rows:
                ahead = [
                    choose(
                        conj((there, disj((compare(theirs, ">", mine),
                                           conj((compare(theirs, "==", mine), before(other, element))))))),
                        Fraction(1), Fraction(0),
                    )
                    for there, other, theirs in rows if other != element
                ]  # fmt: skip
                ranked.append((where, element, mine, plus((Fraction(1), *ahead))))
            return ranked

        return self.once(("ranks", id(rows)), ranks)

    def _ties_between(self, rows: list, world: World, sort: str) -> Callable[[Any, Any], Any]:
        if self.ties != "free":
            return lambda one, other: self._first_of_equals(world, sort, one, other)
        places = {element: z3.Int(self._name("place")) for _, element, _ in rows}
        if len(places) > 1:
            self.state(z3.Distinct(*places.values()))
        return lambda one, other: places[one] < places[other]

    def kth_highest(self, expr: KthHighest, env: Env, world: World) -> Any:
        k = self.read(expr.k, env, world)
        value: Any = Fraction(0)
        for where, _, key, rank in self._ranks(expr, env, world):
            value = choose(conj((where, compare(rank, "==", k))), key, value)
        return value

    def rank(self, expr: Rank, env: Env, world: World) -> Any:
        ranked = self._ranks(expr, env, world)
        last = plus(
            (Fraction(1), *(choose(where, Fraction(1), Fraction(0)) for where, _, _, _ in ranked))
        )
        value: Any = last
        for guard, at in self.index(expr.at, env, world):
            here = next((choose(w, r, last) for w, e, _, r in ranked if e == at), last)
            value = choose(guard, here, value)
        return value

    def sum(self, expr: Sum, env: Env, world: World) -> Any:
        if expr.body.has(ArgMax) and (apart := taken_apart(expr)) != expr:
            return self.read(apart, env, world)
        return plus(
            choose(where, self.read(expr.body, inner, world), Fraction(0))
            for where, _, inner in self._range(expr, env, world)
        )

    def exists(self, expr: Exists, env: Env, world: World) -> Any:
        return disj(
            conj((w, self.read(expr.body, inner, world)))
            for w, _, inner in self._range(expr, env, world)
        )

    def for_all(self, expr: ForAll, env: Env, world: World) -> Any:
        return conj(
            implies(w, self.read(expr.body, inner, world))
            for w, _, inner in self._range(expr, env, world)
        )

    def greedy(self, expr: Greedy, env: Env, world: World) -> Any:
        accepted = self._accepted(expr, env, world)
        return disj(
            conj((g, accepted[e])) for g, e in self.index(expr.at, env, world) if e in accepted
        )

    def _accepted(self, expr: Greedy, env: Env, world: World) -> dict[Any, Any]:
        """Who is accepted: a constant for each agent, defined along the order of the keys."""
        free = [
            s for s in expr.free_symbols if isinstance(s, Index) and s not in expr.at.free_symbols
        ]
        free += [s for s in expr.where.free_symbols if isinstance(s, Index) and s != expr.var]
        told = self.told(world, expr.body, expr.conflict, expr.where)
        key = ("greedy", expr.body, expr.var, expr.conflict, expr.other, expr.where, told,
               self._key(env, sorted(set(free), key=str)))  # fmt: skip
        return self.once(key, lambda: self._in_order(expr, env, world))

    def _in_order(self, expr: Greedy, env: Env, world: World) -> dict[Any, Any]:
        rows = self._keyed(expr, env, world)
        sort = expr.var.sort
        flags = {element: z3.Bool(self._name("accepted")) for _, element, _ in rows}
        for where, element, mine in rows:
            blocked = []
            for there, other, theirs in rows:
                if other == element:
                    continue
                earlier = disj(
                    (
                        compare(theirs, ">", mine),
                        conj((compare(theirs, "==", mine), self._ahead(sort, other, element))),
                    )
                )
                pair = {**env, expr.var: [(True, element)], expr.other: [(True, other)]}
                clash = self.read(expr.conflict, pair, world)
                blocked.append(conj((there, earlier, flags[other], clash)))
            self.state(flags[element] == condition(conj((where, negate(disj(blocked))))))
        return flags

    def awards(self, expr: Awards, env: Env, world: World) -> Any:
        outcome, agent, good = (self.index(a, env, world) for a in expr.args)
        return disj(
            conj((g, h, f))
            for g, o in outcome
            for h, a in agent
            for f, item in good
            if o[item] == a
        )

    def contains(self, expr: Contains, env: Env, world: World) -> Any:
        bundle, good = (self.index(a, env, world) for a in expr.args)
        return disj(conj((g, h)) for g, b in bundle for h, item in good if item in b)


@lru_cache(maxsize=8192)
def free_indices(expr: Any) -> tuple[Index, ...]:
    """The indices that an expression leaves free."""
    return tuple(s for s in expr.free_symbols if isinstance(s, Index))


HANDLERS: dict[type, Callable] = {
    ArgMax: Operators.argmax,
    First: Operators.first,
    Highest: Operators.highest,
    KthHighest: Operators.kth_highest,
    Rank: Operators.rank,
    Sum: Operators.sum,
    Exists: Operators.exists,
    ForAll: Operators.for_all,
    Greedy: Operators.greedy,
    Awards: Operators.awards,
    Contains: Operators.contains,
}
