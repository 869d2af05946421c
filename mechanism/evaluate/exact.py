"""The referee: evaluate a rule or a property on one instance, in exact rationals, by definition.

Nothing here is clever. Every counterexample is replayed here before it is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from mechanism.errors import NoOutcome, NoValue, RuleError
from mechanism.instance import Instance
from mechanism.language import (
    Answered,
    Applied,
    ArgMax,
    At,
    Awards,
    Cases,
    Computed,
    Contains,
    Entry,
    Exists,
    First,
    Flag,
    ForAll,
    Greedy,
    Highest,
    Index,
    Inverse,
    KthHighest,
    Max,
    Min,
    Nth,
    Observed,
    Rank,
    Sum,
    Truth,
    World,
    is_index,
)
from mechanism.language.family import SameFunction
from mechanism.language.procedure import ALLOCATION, ROUNDS
from mechanism.language.rounds import Untied

TRUTHFUL = World("truth")
Env = dict[Index, Any]


class Exact:
    """Evaluates expressions on one instance.

    Parameters
    ----------
    instance : Instance
    ties : str
        ``lowest-index``, ``highest-index`` or ``any`` (then `Instance.orders` decides).
    worlds : mapping of str to World
    roles : iterable of Index
        Bound to agents by `Instance.roles`.
    """

    def __init__(
        self,
        instance: Instance,
        ties: str = "lowest-index",
        worlds: Mapping[str, World] | None = None,
        roles: tuple[Index, ...] = (),
    ) -> None:
        self.instance, self.ties = instance, ties
        self.worlds = dict(worlds or {})
        self.roles: Env = {role: instance.roles[role.name] for role in roles}
        self._cache: dict[tuple, Any] = {}
        self._free: dict[sp.Basic, tuple[Index, ...]] = {}

    def __call__(self, expr: sp.Basic, env: Env | None = None, world: World = TRUTHFUL) -> Any:
        """The value of an expression: a Fraction, a bool, an element of a sort, or None (no index)."""
        return self.read(expr, {**self.roles, **(env or {})}, world)

    def read(self, expr: Any, env: Env, world: World) -> Any:
        handler = HANDLERS.get(type(expr))
        if handler is None:
            return self._by_base(expr, env, world)
        if not isinstance(expr, CACHED):
            return handler(self, expr, env, world)
        free = self._free.get(expr)
        if free is None:
            free = self._free[expr] = tuple(s for s in expr.free_symbols if isinstance(s, Index))
        key = (expr, world.name, tuple(env.get(s) for s in free))
        if key not in self._cache:
            self._cache[key] = handler(self, expr, env, world)
        return self._cache[key]

    def _by_base(self, expr: Any, env: Env, world: World) -> Any:
        if isinstance(expr, sp.Rational):
            return Fraction(int(expr.p), int(expr.q))
        if isinstance(expr, (BooleanTrue, BooleanFalse)):
            return bool(expr)
        raise RuleError(f"{type(expr).__name__} is not part of the rule language: {expr}")

    # --- who takes part, and who says what -----------------------------------------------------

    def domain(self, sort: str, world: World) -> tuple:
        everything = self.instance.domain(sort)
        if not world.absent or sort not in ("agent", "rank"):
            return everything
        gone = {self.roles[role] for role in world.absent}
        if sort == "rank":
            return everything[: len(everything) - len(gone)]
        return tuple(a for a in everything if a not in gone)

    def entry(self, expr: Any, env: Env, world: World) -> Any:
        family = expr.family
        index = tuple(self.read(i, env, world) for i in expr.index)
        if None in index:
            raise NoValue(f"{expr} is read where there is no such index")
        if family.kind == "report":
            family, index = self.spoken(family, index, world)
        return self.instance.entry(family, index)

    def spoken(self, family: Any, index: tuple, world: World) -> tuple[Any, tuple]:
        kind, whose = world.said(index[0], self.roles)
        return family.truth if kind == "truth" else family.lie, (whose, *index[1:])

    def place(self, world: World, element: Any) -> int:
        """Where an agent stands in tie-breaking in this world, first is lowest."""
        if not isinstance(element, int):
            return 0
        if self.ties == "highest-index":
            return -element
        order = self.instance.orders.get(world.name) if self.ties == "any" else None
        return order.index(element) if order else element

    # --- operators -----------------------------------------------------------------------------

    def range(self, expr: Any, env: Env, world: World) -> list[tuple[Any, Env]]:
        inner = [(e, {**env, expr.var: e}) for e in self.domain(expr.var.sort, world)]
        return [(e, s) for e, s in inner if self.read(expr.where, s, world)]

    def ranked(self, expr: Any, env: Env, world: World) -> list[tuple[Any, Any]]:
        """The range with its keys, best first."""
        keyed = [(self.read(expr.body, s, world), e) for e, s in self.range(expr, env, world)]
        everything = self.domain(expr.var.sort, world)
        places = {e: n for n, e in enumerate(everything)}
        if self.ties == "highest-index":
            places = {e: -n for e, n in places.items()}
        if expr.var.sort == "agent":
            places = {e: self.place(world, e) for e in everything}
        return sorted(keyed, key=lambda pair: (-pair[0], places[pair[1]]))

    def argmax(self, expr: ArgMax, env: Env, world: World) -> Any:
        best = self.ranked(expr, env, world)
        return best[0][1] if best else None

    def first(self, expr: First, env: Env, world: World) -> Any:
        return next((e for e, _ in self.range(expr, env, world)), None)

    def highest(self, expr: Highest, env: Env, world: World) -> Any:
        bodies = [self.read(expr.body, s, world) for _, s in self.range(expr, env, world)]
        return max(bodies) if bodies else self.read(expr.default, env, world)

    def kth_highest(self, expr: KthHighest, env: Env, world: World) -> Any:
        k = self.read(expr.k, env, world)
        best = self.ranked(expr, env, world)
        return best[int(k) - 1][0] if 1 <= k <= len(best) else Fraction(0)

    def rank(self, expr: Rank, env: Env, world: World) -> Any:
        at = self.read(expr.at, env, world)
        order = [e for _, e in self.ranked(expr, env, world)]
        return Fraction(order.index(at) + 1 if at in order else len(order) + 1)

    def sum(self, expr: Sum, env: Env, world: World) -> Any:
        return sum(
            (self.read(expr.body, s, world) for _, s in self.range(expr, env, world)), Fraction(0)
        )

    def exists(self, expr: Exists, env: Env, world: World) -> bool:
        return any(self.read(expr.body, s, world) for _, s in self.range(expr, env, world))

    def for_all(self, expr: ForAll, env: Env, world: World) -> bool:
        return all(self.read(expr.body, s, world) for _, s in self.range(expr, env, world))

    def greedy(self, expr: Greedy, env: Env, world: World) -> bool:
        keyed = [(self.read(expr.body, s, world), e) for e, s in self.range(expr, env, world)]
        accepted: list[Any] = []
        for _, one in sorted(keyed, key=lambda pair: (-pair[0], pair[1])):
            clash = any(
                self.read(expr.conflict, {**env, expr.var: one, expr.other: a}, world)
                for a in accepted
            )
            if not clash:
                accepted.append(one)
        return self.read(expr.at, env, world) in accepted

    def awards(self, expr: Awards, env: Env, world: World) -> bool:
        outcome, agent, good = (self.read(a, env, world) for a in expr.args)
        return outcome is not None and outcome[good] == agent

    def contains(self, expr: Contains, env: Env, world: World) -> bool:
        return self.read(expr.args[1], env, world) in self.read(expr.args[0], env, world)

    def computed(self, expr: Computed, env: Env, world: World) -> Any:
        if expr.part == ROUNDS:
            return Fraction(expr.procedure.rounds(self, world))
        key = (expr.procedure, world.name)
        if key not in self._cache:
            self._cache[key] = expr.procedure.outcome(self, world)
        outcome = self._cache[key]
        if not expr.index:
            return outcome.allocation
        agent, *rest = (self.read(i, env, world) for i in expr.index)
        part = outcome.allocation if expr.part == ALLOCATION else outcome.payments
        there = self.domain("agent", world)
        if agent not in there:
            return Fraction(0)  # who does not take part gets and pays nothing
        found = part[there.index(agent)]
        return found[rest[0]] if rest else found

    def answered(self, expr: Answered, env: Env, world: World) -> bool:
        try:
            expr.procedure.outcome(self, world)
        except NoOutcome:
            return False
        return True

    def nth(self, expr: Nth, env: Env, world: World) -> Any:
        place = self.read(expr.index, env, world)
        if place is None or place >= len(expr.values):
            raise RuleError(f"{expr} has no value for the index {place}")
        return self.read(expr.values[place], env, world)

    # --- functions, worlds, arithmetic and logic -----------------------------------------------

    def applied(self, expr: Applied, env: Env, world: World) -> Any:
        function = self.instance.entry(expr.family, (self.read(expr.index, env, world),))
        argument = self.read(expr.argument, env, world)
        return function.inverse(argument) if isinstance(expr, Inverse) else function(argument)

    def same_function(self, expr: SameFunction, env: Env, world: World) -> bool:
        one, other = (
            self.instance.entry(expr.args[0], (self.read(a, env, world),)) for a in expr.args[1:]
        )
        return one == other

    def at(self, expr: Any, env: Env, world: World) -> Any:
        inner = {formal: self.read(actual, env, world) for formal, actual in expr.bindings}
        there = self.worlds.get(expr.world, TRUTHFUL) if expr.world else world
        return self.read(expr.expr, {**env, **inner}, there)

    def equal(self, expr: Any, env: Env, world: World) -> bool:
        left, right = (self.read(a, env, world) for a in expr.args)
        if (is_index(expr.lhs) or is_index(expr.rhs)) and None in (left, right):
            return left is right
        return left == right

    def cases(self, expr: Cases, env: Env, world: World) -> Any:
        for value, condition in expr.args:
            if self.read(condition, env, world):
                return self.read(value, env, world)
        raise NoValue(f"no case applies in {expr}")

    def power(self, expr: sp.Pow, env: Env, world: World) -> Any:
        base, exponent = (self.read(a, env, world) for a in expr.args)
        if exponent.denominator != 1:
            raise RuleError(f"{expr}: only whole powers are exact")
        if base == 0 and exponent < 0:
            raise NoValue(f"{expr}: division by zero")
        return Fraction(base) ** int(exponent)


def _product(values: Any) -> Any:
    result: Any = Fraction(1)
    for value in values:
        result = result * value
    return result


def _fold(combine: Callable) -> Callable:
    return lambda self, expr, env, world: combine(self.read(a, env, world) for a in expr.args)


def _compare(compare: Callable) -> Callable:
    return lambda self, expr, env, world: compare(*(self.read(a, env, world) for a in expr.args))


HANDLERS: dict[type, Callable] = {
    Index: lambda self, expr, env, world: env[expr],
    Entry: Exact.entry,
    Flag: Exact.entry,
    Applied: Exact.applied,
    Inverse: Exact.applied,
    SameFunction: Exact.same_function,
    ArgMax: Exact.argmax,
    First: Exact.first,
    Highest: Exact.highest,
    KthHighest: Exact.kth_highest,
    Rank: Exact.rank,
    Sum: Exact.sum,
    Exists: Exact.exists,
    ForAll: Exact.for_all,
    Greedy: Exact.greedy,
    Awards: Exact.awards,
    Contains: Exact.contains,
    Computed: Exact.computed,
    Untied: lambda self, expr, env, world: expr.procedure.clear(self, world),
    Answered: Exact.answered,
    Nth: Exact.nth,
    Observed: lambda self, expr, env, world: expr.procedure.observed(expr.what, self, world),
    At: Exact.at,
    Truth: Exact.at,
    sp.Add: _fold(lambda values: sum(values, Fraction(0))),
    sp.Mul: _fold(_product),
    sp.Pow: Exact.power,
    Max: _fold(max),
    Min: _fold(min),
    sp.Abs: _fold(lambda values: abs(next(values))),
    Cases: Exact.cases,
    sp.ITE: lambda self, expr, env, world: self.read(
        expr.args[1 if self.read(expr.args[0], env, world) else 2], env, world
    ),
    sp.And: _fold(all),
    sp.Or: _fold(any),
    sp.Not: _fold(lambda values: not next(values)),
    sp.Implies: _compare(lambda a, b: not a or b),
    sp.Equivalent: _compare(lambda a, b: a == b),
    sp.Eq: Exact.equal,
    sp.Ne: lambda self, expr, env, world: not self.equal(expr, env, world),
    sp.Gt: _compare(lambda a, b: a > b),
    sp.Ge: _compare(lambda a, b: a >= b),
    sp.Lt: _compare(lambda a, b: a < b),
    sp.Le: _compare(lambda a, b: a <= b),
}
CACHED = (ArgMax, First, Highest, KthHighest, Rank, Sum, Greedy, Exists, ForAll)
