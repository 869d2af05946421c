"""The fixed-size lowering: an obligation for given sizes as quantifier-free Z3.

The tree is read with every bound index running over its concrete range. Indices that the solver
chooses (a winner, an outcome) are choices: disjoint guards, one for each element they may be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from fractions import Fraction
from typing import Any

import sympy as sp
import z3

from mechanism.evaluate.exact import TRUTHFUL
from mechanism.instance import sort_domain
from mechanism.language import (
    Applied,
    ArgMax,
    At,
    Cases,
    Computed,
    Entry,
    Exists,
    Family,
    First,
    Flag,
    ForAll,
    Highest,
    Index,
    Inverse,
    KthHighest,
    Nth,
    Observed,
    Rank,
    Rounds,
    Sum,
    Truth,
    World,
    is_index,
)
from mechanism.language.family import SameFunction
from mechanism.language.rounds import Untied
from proofs.lowering import leaves, unrolled
from proofs.lowering.arithmetic import HANDLERS as ARITHMETIC
from proofs.lowering.fixed_functions import applied, same_function
from proofs.lowering.fixed_operators import HANDLERS as OPERATORS
from proofs.lowering.fixed_operators import Operators, free_indices
from proofs.lowering.once import Choice, Env
from proofs.lowering.terms import choose, compare, conj, disj, negate, times


class FixedSize(Operators):
    """Lowers expressions for concrete sizes and roles.

    Parameters
    ----------
    sizes : mapping of str to int
    ties : str
        A tie policy, or ``free``: every maximiser may be chosen, anew each time. That covers more
        than any policy, so it serves proofs only.
    worlds : mapping of str to World
    roles : mapping of Index to int
    given : mapping, optional
        Tables fixed beforehand, by the family's name.
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        ties: str,
        worlds: Mapping[str, World],
        roles: Mapping[Index, int],
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.sizes, self.ties, self.worlds = dict(sizes), ties, dict(worlds)
        self.roles = dict(roles)
        super().__init__(tag=".".join(str(n) for n in sizes.values()))
        self.entries: dict[tuple[Family, tuple], Any] = {}
        self.given = dict(given or {})
        self._domains: dict[str, tuple] = {}
        self._states: dict[tuple[Family, tuple], Any] = {}
        self._not_negative: set[int] = set()
        self._queue: dict[Any, Any] = {}

    def read(self, expr: Any, env: Env | None = None, world: World | None = None) -> Any:
        """The Z3 term (or Fraction, bool, or choice) of an expression."""
        env = {role: [(True, a)] for role, a in self.roles.items()} if env is None else env
        world = TRUTHFUL if world is None else world
        handler = HANDLERS.get(type(expr))
        if handler is None:
            return self.constant_of(expr)
        if not isinstance(expr, CACHED):
            return handler(self, expr, env, world)
        key = (expr, self.told(world, expr), self._key(env, free_indices(expr)))
        return self.once(key, lambda: handler(self, expr, env, world))

    def knowing(self, states: Mapping[tuple[Family, tuple], Any]) -> FixedSize:
        """The same lowering, with the terms that the states have in a round."""
        there = copy(self)
        there.cache, there._states = {}, {**self._states, **states}
        return there

    # --- entries -------------------------------------------------------------------------------

    def constant(self, family: Family, index: tuple) -> Any:
        """The solver's constant for one entry (or its value where it is given)."""
        key = (family, index)
        if family.kind == "state":
            return self._states[key]
        if key not in self.entries:
            label = ",".join(
                "".join(map(str, sorted(e))) if isinstance(e, frozenset) else str(e) for e in index
            )
            name = f"{family.name}[{label}]" if index else family.name
            if family.name in self.given:
                value = self.given[family.name]
                for sort, element in zip(family.over, index, strict=True):
                    value = value[self.domain(sort).index(element)]
                self.entries[key] = value
            elif family.domain.boolean:
                self.entries[key] = z3.Bool(name)
            elif family.domain.integer:
                self.entries[key] = z3.ToReal(z3.Int(name))
            else:
                self.entries[key] = z3.Real(name)
        self._note_sign(family, self.entries[key])
        return self.entries[key]

    def _note_sign(self, family: Family, entry: Any) -> None:
        lower = family.domain.lower
        if z3.is_expr(entry) and lower is not None and lower >= 0:
            self._not_negative.add(entry.get_id())

    def domain(self, sort: str) -> tuple:
        if sort not in self._domains:
            self._domains[sort] = sort_domain(sort, self.sizes)
        return self._domains[sort]

    def inside(self, family: Family, index: tuple) -> list[Any]:
        """The domain of an entry as constraints."""
        entry, domain = self.constant(family, index), family.domain
        if domain.boolean or family.kind == "function" or not z3.is_expr(entry):
            return []
        parts = []
        if domain.lower is not None:
            parts.append(compare(entry, ">" if domain.strict else ">=", domain.lower))
        if domain.upper is not None:
            parts.append(compare(entry, "<=", domain.upper))
        return parts

    def _present(self, sort: str, env: Env, world: World) -> tuple:
        everything = self.domain(sort)
        gone = {self.roles[role] for role in world.absent}
        if sort == "rank":
            return everything[: len(everything) - len(gone)]
        return tuple(a for a in everything if a not in gone) if sort == "agent" else everything

    def spoken(self, family: Family, index: tuple, world: World) -> tuple[Family, tuple]:
        """The entry of a type or a misreport that is read where an agent's report is."""
        kind, whose = world.said(index[0], self.roles)
        return family.truth if kind == "truth" else family.lie, (whose, *index[1:])

    def entry(self, expr: Any, env: Env, world: World) -> Any:
        family = expr.family
        picks: list[tuple[Any, tuple]] = [(True, ())]
        for sort, part in zip(family.over, expr.index, strict=True):
            options = self._places(sort, part, env, world)
            picks = [(conj((g, h)), (*index, e)) for g, index in picks for h, e in options]
        value: Any = False if family.domain.boolean else Fraction(0)
        for guard, index in picks:
            source, place = (
                self.spoken(family, index, world) if family.kind == "report" else (family, index)
            )
            one = self.constant(source, place)
            if family.domain.boolean:
                value = disj((conj((guard, one)), conj((negate(guard), value))))
            else:
                value = choose(guard, one, value)
        return value

    def nth(self, expr: Nth, env: Env, world: World) -> Any:
        value: Any = Fraction(0)
        for guard, place in self.index(expr.index, env, world):
            value = choose(guard, self.read(expr.values[place], env, world), value)
        return value

    def _places(self, sort: str, part: Any, env: Env, world: World) -> Choice:
        if is_index(part) or sort not in ("slot", "rank"):
            return self.index(part, env, world)
        place = self.read(part, env, world)
        if isinstance(place, Fraction):
            return [(True, int(place))] if place in self.domain(sort) else []
        return [(compare(place, "==", s), s) for s in self.domain(sort)]

    def index(self, expr: Any, env: Env, world: World) -> Choice:
        """An index expression as a choice."""
        return self.read(expr, env, world)

    # --- worlds, arithmetic and logic ----------------------------------------------------------

    def at(self, expr: Any, env: Env, world: World) -> Any:
        inner = {formal: self.index(actual, env, world) for formal, actual in expr.bindings}
        there = self.worlds.get(expr.world, World(expr.world)) if expr.world else world
        if any(len(choice) != 1 or choice[0][0] is not True for choice in inner.values()):
            return self._spread_at(expr, {**env, **inner}, inner, there)
        return self.read(expr.expr, {**env, **inner}, there)

    def _spread_at(self, expr: Any, env: Env, inner: Env, there: World) -> Any:
        formal, choice = next(
            (f, c) for f, c in inner.items() if len(c) != 1 or c[0][0] is not True
        )
        rest = {f: c for f, c in inner.items() if f != formal}
        value: Any = False if isinstance(expr, Truth) else Fraction(0)
        for guard, element in choice:
            here = {**env, **rest, formal: [(True, element)]}
            open_left = any(len(c) != 1 or c[0][0] is not True for c in rest.values())
            one = (
                self._spread_at(expr, here, rest, there)
                if open_left
                else self.read(expr.expr, here, there)
            )
            if isinstance(expr, Truth):
                value = disj((conj((guard, one)), conj((negate(guard), value))))
            else:
                value = choose(guard, one, value)
        return value

    def equal(self, expr: Any, env: Env, world: World) -> Any:
        if not (is_index(expr.lhs) or is_index(expr.rhs)):
            return compare(self.read(expr.lhs, env, world), "==", self.read(expr.rhs, env, world))
        left, right = (self.index(a, env, world) for a in expr.args)
        same = [conj((g, h)) for g, e in left for h, f in right if e == f]
        none = conj(negate(g) for choice in (left, right) for g, _ in choice)
        return disj((*same, none))

    def quotient(self, value: Any, divisor: Any, env: Env, world: World) -> Any:
        """A count has few values: one case for each keeps the quotient linear."""
        if not (isinstance(divisor, Sum) and divisor.body == 1):
            return super().quotient(value, divisor, env, world)
        by, result = self.read(divisor, env, world), Fraction(0)
        for count in range(1, len(self.domain(divisor.var.sort)) + 1):
            result = choose(compare(by, "==", count), times((value, Fraction(1, count))), result)
        return result


def _computed(self: FixedSize, expr: Computed, env: Env, world: World) -> Any:
    of_kind = PROCEDURES.get(type(expr.procedure), leaves.computed)
    return of_kind(self, expr, env, world)


def _index(self: FixedSize, expr: Index, env: Env, world: World) -> Any:
    choice = env[expr]
    return choice if is_index(expr) else Fraction(choice[0][1])


# How what a procedure comes to is read; of somebody else's code, path by path.
PROCEDURES: dict[type, Callable] = {Rounds: unrolled.computed}
HANDLERS: dict[type, Callable] = {
    **ARITHMETIC,
    **OPERATORS,
    Index: _index,
    Entry: FixedSize.entry,
    Flag: FixedSize.entry,
    Nth: FixedSize.nth,
    Applied: applied,
    Inverse: applied,
    SameFunction: same_function,
    Computed: _computed,
    Observed: leaves.observed,
    Untied: unrolled.untied,
    At: FixedSize.at,
    Truth: FixedSize.at,
    sp.Eq: FixedSize.equal,
}
CACHED = (ArgMax, First, Highest, KthHighest, Rank, Sum, Exists, ForAll, Cases, At, Truth, sp.Mul)
