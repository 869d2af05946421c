"""The operators of the rule language for given sizes: each bound index runs over its concrete range."""

from __future__ import annotations

from collections.abc import Callable
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
from proofs.lowering import fixed_ranks
from proofs.lowering.arithmetic import Arithmetic
from proofs.lowering.once import Choice, Env, Once, Pick
from proofs.lowering.terms import choose, compare, condition, conj, disj, implies, negate, plus


class Operators(Once, Arithmetic):
    """What the operators become; `FixedSize` says what indices, entries and worlds are."""

    domain: Callable[[str], tuple]
    index: Callable[..., Choice]
    _present: Callable[..., tuple]
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

    def keyed(self, expr: Any, env: Env, world: World) -> list[tuple[Any, Any, Any]]:
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

    def first_of_equals(self, world: World, sort: str, one: Any, other: Any) -> Any:
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
        top = z3.Real(self.name("max"))
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
        rows = self.keyed(expr, env, world)
        if len(rows) <= 1:
            return [(where, element) for where, element, _ in rows]
        top = self.maximum(rows, Fraction(0))
        reaches = [
            (conj((where, compare(key, "==", top))), element) for where, element, key in rows
        ]
        if self.ties == "free":
            picks = [(z3.Bool(self.name("pick")), can, element) for can, element in reaches]
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
                    (can, *(negate(conj((rival, self.first_of_equals(world, sort, other, element))))
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
        return self.maximum(self.keyed(expr, env, world), self.read(expr.default, env, world))

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
        rows = self.keyed(expr, env, world)
        sort = expr.var.sort
        flags = {element: z3.Bool(self.name("accepted")) for _, element, _ in rows}
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
    KthHighest: fixed_ranks.kth_highest,
    Rank: fixed_ranks.rank,
    Sum: Operators.sum,
    Exists: Operators.exists,
    ForAll: Operators.for_all,
    Greedy: Operators.greedy,
    Awards: Operators.awards,
    Contains: Operators.contains,
}
