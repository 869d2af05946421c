"""One block of rows: every operator of the rule language, over arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from typing import Any

import numpy as np
import sympy as sp
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from mechanism.errors import RuleError
from mechanism.evaluate import ranking
from mechanism.evaluate.arithmetic import call, constant, divide, power, whole
from mechanism.evaluate.arrays import (
    Array,
    Value,
    all_but_one,
    along,
    apply,
    looked_up,
    lowest,
    masked,
    picked,
    reduced,
    renamed,
)
from mechanism.evaluate.exact import TRUTHFUL
from mechanism.evaluate.profiles import Profiles
from mechanism.evaluate.reading import indicator
from mechanism.language import (
    Applied,
    ArgMax,
    At,
    Awards,
    Binder,
    Cases,
    Contains,
    Entry,
    Exists,
    Family,
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
    Rank,
    Sum,
    Truth,
    World,
    is_index,
)
from mechanism.language.family import SameFunction
from mechanism.language.index import NUMBERED_FROM_ONE

Env = dict[Index, Value]


@lru_cache(maxsize=2**14)
def free_indices(expr: sp.Basic) -> tuple[Index, ...]:
    """The indices that an expression leaves free."""
    return tuple(s for s in expr.free_symbols if isinstance(s, Index))


@dataclass(frozen=True)
class Scope:
    """What an operator ranges over: its axis, the indices inside it, and who is in the range.

    With `spared`, the operator is asked for each place along that axis, and ranges over the others.
    """

    axis: int
    env: Env
    mask: Value | None
    spared: int | None = None


class Block:
    """Evaluates expressions on some rows of the profiles.

    Parameters
    ----------
    profiles : Profiles
    start, stop : int
        Which rows.
    """

    def __init__(self, profiles: Profiles, start: int, stop: int) -> None:
        self.profiles, self.span, self.exact = profiles, slice(start, stop), profiles.exact
        self.roles: Env = {role: self.rows(agents) for role, agents in profiles.roles.items()}
        self._tables: dict[tuple[Family, World | None], Array] = {}
        self._cache: dict[tuple, Value] = {}

    def rows(self, numbers: Array) -> Value:
        """One number for each row, or one for all."""
        return Value(numbers if len(numbers) == 1 else numbers[self.span])

    def read(self, expr: Any, env: Env, world: World) -> Value:
        """The values of an expression in a world, with every free index bound in `env`."""
        handler = HANDLERS.get(type(expr))
        if handler is None:
            return self.by_base(expr)
        if not isinstance(expr, CACHED):
            return handler(self, expr, env, world)
        key = (expr, world.name, *(env.get(s) for s in free_indices(expr)))
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = handler(self, expr, env, world)
        return found

    def by_base(self, expr: Any) -> Value:
        if isinstance(expr, sp.Rational):
            return Value(constant(expr, self.exact))
        if isinstance(expr, (BooleanTrue, BooleanFalse)):
            return Value(np.array([bool(expr)]))
        raise RuleError(f"{type(expr).__name__} is not part of the rule language: {expr}")

    def index(self, expr: Index, env: Env, world: World) -> Value:
        if expr not in env:
            raise RuleError(f"the index {expr} is not bound")
        return env[expr]

    def place(self, expr: Any, sort: str, env: Env, world: World) -> Value:
        """Where an index stands in its sort, counted from 0."""
        value = self.read(expr, env, world)
        return Value(whole(value.data) - (sort in NUMBERED_FROM_ONE), value.axes, value.axis)

    # --- who takes part, and who says what -----------------------------------------------------

    def present(self, sort: str, axis: int, world: World) -> Value | None:
        """Who takes part, along an axis; None for everybody."""
        if not world.absent or sort not in ("agent", "rank"):
            return None
        everybody = self.profiles.axis(sort, axis)
        gone = [self.roles[role] for role in world.absent]
        if sort == "agent":
            return reduce(partial(apply, np.logical_and), [apply(np.not_equal, everybody, a) for a in gone])
        fewer = np.array([0])
        for n, agent in enumerate(gone):
            fewer = fewer + np.all([agent.data != other.data for other in gone[:n]], axis=0)
        return Value(everybody.data <= self.profiles.length("rank") - fewer, (axis,))

    def table(self, family: Family, world: World | None) -> Array:
        """The entries of a family, rows last; for a report, what is said in the world."""
        key = (family, world)
        if key not in self._tables:
            said = family.kind == "report" and world is not None
            self._tables[key] = self.said(family, world) if said else self.profiles.table(family, self.span)  # type: ignore[arg-type]
        return self._tables[key]

    def said(self, family: Family, world: World) -> Array:
        truth = self.table(family.truth, None)
        if not world.reports:
            return truth
        rows = np.arange(self.span.stop - self.span.start)
        shape = (*truth.shape[:-1], len(rows))
        said = np.broadcast_to(truth, shape).copy()
        for who, kind, whose in reversed(world.reports):  # the first entry that fits decides
            source = self.table(family.truth if kind == "truth" else family.lie, None)
            told = np.broadcast_to(source, shape)[self.roles[whose].data, ..., rows]
            said[self.roles[who].data, ..., rows] = told
        return said

    def entry(self, expr: Any, env: Env, world: World) -> Value:
        family = expr.family
        places = [self.place(e, s, env, world) for e, s in zip(expr.index, family.over, strict=True)]
        table = self.table(family, world if family.kind == "report" else None)
        return looked_up(table, places, inside=NUMBERED_FROM_ONE.isdisjoint(family.over))

    # --- operators over a range ----------------------------------------------------------------

    def scope(self, expr: Any, env: Env, world: World) -> Scope:
        """Bind the operator's index to an axis of its own."""
        axis = 1 + max((a for s in free_indices(expr) for a in env[s].axes), default=-1)
        inner = {**env, expr.var: self.profiles.axis(expr.var.sort, axis)}
        return Scope(axis, inner, self.mask(expr.where, expr.var, axis, inner, world))

    def mask(self, where: Any, var: Index, axis: int, env: Env, world: World) -> Value | None:
        present = self.present(var.sort, axis, world)
        if where == sp.true:
            return present
        met = self.read(where, env, world)
        return met if present is None else apply(np.logical_and, met, present)

    def fold(self, expr: Any, operation: np.ufunc, env: Env, world: World, neutral: Any = None) -> Value:
        """Combine the body over the range; on an empty one, `neutral` (or the lowest number)."""
        scope = self.scope_of_others(expr, env, world) or self.scope(expr, env, world)
        body = self.read(expr.body, scope.env, world)
        if neutral is None:
            neutral = lowest(body.data.dtype)
        size = self.profiles.length(expr.var.sort)
        body = along(masked(body, scope.mask, neutral), scope.axis, size)
        if scope.spared is None:
            return reduced(operation, body, scope.axis, neutral)
        return renamed(all_but_one(operation, body, scope.axis, neutral), scope.axis, scope.spared)

    def scope_of_others(self, expr: Any, env: Env, world: World) -> Scope | None:
        """For operators over everybody but i, for each i: the scope without that exception.

        Only where nothing else in the operator depends on i; it spares an axis.
        """
        for condition in sp.And.make_args(expr.where):
            spared = _other_index(condition, expr.var, env)
            if spared is None or spared in free_indices(expr.body):
                continue
            rest = sp.And(*(c for c in sp.And.make_args(expr.where) if c != condition))
            if spared in free_indices(rest):
                continue
            axis = 1 + max(a for s in free_indices(expr) for a in env[s].axes)
            inner = {**env, expr.var: self.profiles.axis(expr.var.sort, axis)}
            others = [a for s in free_indices(expr) if s != spared for a in env[s].axes]
            if env[spared].axis not in others:
                mask = self.mask(rest, expr.var, axis, inner, world)
                return Scope(axis, inner, mask, env[spared].axis)
        return None

    def sum(self, expr: Sum, env: Env, world: World) -> Value:
        return self.fold(expr, np.add, env, world, neutral=0)

    def exists(self, expr: Exists, env: Env, world: World) -> Value:
        return self.fold(expr, np.logical_or, env, world, neutral=False)

    def for_all(self, expr: ForAll, env: Env, world: World) -> Value:
        return self.fold(expr, np.logical_and, env, world, neutral=True)

    def highest(self, expr: Highest, env: Env, world: World) -> Value:
        best = self.fold(expr, np.maximum, env, world)
        if expr.where == sp.true and not world.absent:
            return best
        default = self.read(expr.default, env, world)
        worst = lowest(best.data.dtype)
        return apply(lambda best, default: np.where(best == worst, default, best), best, default)

    # --- operators that put the range in order -------------------------------------------------

    def keyed(self, expr: Any, env: Env, world: World) -> tuple[Value, Scope]:
        """The keys and the scope, both with the full axis."""
        scope = self.scope(expr, env, world)
        size = self.profiles.length(expr.var.sort)
        return along(self.read(expr.body, scope.env, world), scope.axis, size), scope

    def before(self, var: Index, axis: int, world: World) -> Value | None:
        """Places in tie-breaking; None for the order of the elements."""
        if self.profiles.ties == "highest-index":
            return Value(np.arange(self.profiles.length(var.sort))[::-1, None], (axis,))
        order = self.profiles.orders.get(world.name)
        if self.profiles.ties != "any" or var.sort != "agent" or order is None:
            return None
        return Value(order[:, None] if order.ndim == 1 else order[self.span].T, (axis,))

    def element(self, found: Value, var: Index) -> Value:
        """The element of a sort at a place, or -1."""
        if var.sort in NUMBERED_FROM_ONE:
            return Value(np.where(found.data < 0, -1, found.data + 1), found.axes)
        return found

    def argmax(self, expr: ArgMax, env: Env, world: World) -> Value:
        keys, scope = self.keyed(expr, env, world)
        before = self.before(expr.var, scope.axis, world)
        return self.element(ranking.chosen(keys, scope.mask, scope.axis, before), expr.var)

    def first(self, expr: First, env: Env, world: World) -> Value:
        scope = self.scope(expr, env, world)
        hits = Value(np.array([True])) if scope.mask is None else scope.mask
        hits = along(hits, scope.axis, self.profiles.length(expr.var.sort))
        return self.element(ranking.first(hits, scope.axis), expr.var)

    def kth_highest(self, expr: KthHighest, env: Env, world: World) -> Value:
        keys, scope = self.keyed(expr, env, world)
        k = self.read(expr.k, env, world)
        k = Value(whole(k.data), k.axes, k.axis)
        return ranking.kth(keys, self.full(scope, expr.var), scope.axis, k)

    def rank(self, expr: Rank, env: Env, world: World) -> Value:
        keys, scope = self.keyed(expr, env, world)
        mask = self.full(scope, expr.var)
        at = self.place(expr.at, expr.var.sort, env, world)
        before = self.before(expr.var, scope.axis, world)
        place = picked(ranking.ranks(keys, mask, scope.axis, before), scope.axis, at)
        if mask is None and at.axis is not None:
            return place
        if mask is None:
            mask = along(Value(np.array([True])), scope.axis, self.profiles.length(expr.var.sort))
        inside = apply(lambda inside, at: inside & (at >= 0), picked(mask, scope.axis, at), at)
        last = ranking.counted(mask, scope.axis)
        return apply(lambda ok, place, last: np.where(ok, place, last + 1), inside, place, last)

    def full(self, scope: Scope, var: Index) -> Value | None:
        mask = scope.mask
        return None if mask is None else along(mask, scope.axis, self.profiles.length(var.sort))

    def greedy(self, expr: Greedy, env: Env, world: World) -> Value:
        keys, scope = self.keyed(expr, env, world)
        mask = scope.mask or Value(np.array([True]))
        size, other = self.profiles.length(expr.var.sort), scope.axis + 1
        inner = {**scope.env, expr.other: self.profiles.axis(expr.other.sort, other)}
        clash = self.read(expr.conflict, inner, world)
        clash = along(along(clash, scope.axis, size), other, size)
        mask = along(mask, scope.axis, size)
        accepted = ranking.greedy(keys, mask, clash, scope.axis, other)
        at = self.place(expr.at, expr.var.sort, env, world)
        return apply(lambda ok, at: ok & (at >= 0), picked(accepted, scope.axis, at), at)

    # --- outcomes, functions, worlds -----------------------------------------------------------

    def awards(self, expr: Awards, env: Env, world: World) -> Value:
        outcome, agent, good = (self.read(a, env, world) for a in expr.args)
        sort = index_sort(expr.args[0])
        holder = looked_up(self.profiles.outcomes(sort)[..., None], [outcome, good])
        given = apply(np.equal, holder, agent)
        return given if outcome.axis is not None else apply(lambda g, o: g & (o >= 0), given, outcome)

    def contains(self, expr: Contains, env: Env, world: World) -> Value:
        places = [self.read(a, env, world) for a in expr.args]
        return looked_up(self.profiles.outcomes("bundle")[..., None], places)

    def codes(self, family: Family, index: Any, env: Env, world: World) -> tuple[Value, list[Any]]:
        codes, functions = self.profiles.functions(family, self.span)
        return looked_up(codes, [self.place(index, family.over[0], env, world)]), functions

    def applied(self, expr: Applied, env: Env, world: World) -> Value:
        codes, functions = self.codes(expr.family, expr.index, env, world)
        argument = self.read(expr.argument, env, world)
        inverse = isinstance(expr, Inverse)

        def compute(code: Array, numbers: Array) -> Array:
            code, numbers = np.broadcast_arrays(code, numbers)
            chosen = [(code == c, functions[c]) for c in np.unique(code)]
            parts = [(here, call(f, numbers[here], inverse, self.exact)) for here, f in chosen]
            result = np.empty(code.shape, np.result_type(*(part.dtype for _, part in parts)))
            for here, part in parts:
                result[here] = part
            return result

        return apply(compute, codes, argument)

    def same_function(self, expr: SameFunction, env: Env, world: World) -> Value:
        one, other = (self.codes(expr.args[0], a, env, world)[0] for a in expr.args[1:])
        return apply(np.equal, one, other)

    def at(self, expr: Any, env: Env, world: World) -> Value:
        inner = {formal: self.read(actual, env, world) for formal, actual in expr.bindings}
        there = self.profiles.worlds.get(expr.world, TRUTHFUL) if expr.world else world
        return self.read(expr.expr, {**env, **inner}, there)

    # --- cases, arithmetic and logic -----------------------------------------------------------

    def cases(self, expr: Cases, env: Env, world: World) -> Value:
        result = None
        for value, condition in reversed(expr.args):
            if condition == sp.true:
                result = self.read(value, env, world)
                continue
            then = self.read(value, self.given(condition, env, world), world)
            met = self.read(condition, env, world)
            if result is None:
                result = masked(then, met, 0)
            else:
                result = apply(np.where, met, then, result)
        return result  # type: ignore[return-value]

    def given(self, condition: Any, env: Env, world: World) -> Env:
        """The indices where the condition holds: under ``Eq(i, winner)``, i is the winner.

        What is read there needs no axis for i, and is computed once instead of once for each agent.
        """
        for part in sp.And.make_args(condition):
            if isinstance(part, sp.Eq):
                for index, same in (part.args, reversed(part.args)):
                    if isinstance(index, Index) and env[index].axis is not None and is_index(same):
                        value = self.read(same, env, world)
                        if value.axis is None and env[index].axis not in value.axes:
                            return {**env, index: value}
        return env

    def product(self, expr: sp.Mul, env: Env, world: World) -> Value:
        above, below, where = [], [], []
        for factor in expr.args:
            if (condition := indicator(factor)) is not None:
                where.append(self.read(condition, env, world))
            elif isinstance(factor, sp.Pow) and factor.exp == -1:
                below.append(self.read(factor.base, env, world))
            elif isinstance(factor, sp.Rational) and factor.q != 1:
                above.append(self.read(sp.Integer(factor.p), env, world))
                below.append(self.read(sp.Integer(factor.q), env, world))
            else:
                above.append(self.read(factor, env, world))
        multiply = partial(apply, np.multiply)
        top = reduce(multiply, above) if above else Value(np.array([1]))
        if below:
            top = apply(partial(divide, exact=self.exact), top, reduce(multiply, below))
        return masked(top, reduce(partial(apply, np.logical_and), where), 0) if where else top

    def power(self, expr: sp.Pow, env: Env, world: World) -> Value:
        base, exponent = (self.read(a, env, world) for a in expr.args)
        return apply(partial(power, exact=self.exact), base, exponent)


def _other_index(condition: Any, var: Index, env: Env) -> Index | None:
    """The index i of a condition ``Ne(var, i)`` that runs along an axis."""
    if isinstance(condition, sp.Ne) and var in condition.args:
        (index,) = (a for a in condition.args if a != var)
        if isinstance(index, Index) and index.sort == var.sort and env[index].axis is not None:
            return index
    return None


def index_sort(expr: Any) -> str:
    """The sort of what an expression names."""
    if isinstance(expr, At):
        return index_sort(expr.expr)
    return expr.sort if isinstance(expr, Index) else expr.var.sort


def _each(operation: Callable[..., Array]) -> Callable:
    return lambda self, expr, env, world: apply(operation, *(self.read(a, env, world) for a in expr.args))


def _folded(operation: Callable[..., Array]) -> Callable:
    together = partial(apply, operation)
    return lambda self, expr, env, world: reduce(together, (self.read(a, env, world) for a in expr.args))


HANDLERS: dict[type, Callable] = {
    Index: Block.index,
    Entry: Block.entry,
    Flag: Block.entry,
    Applied: Block.applied,
    Inverse: Block.applied,
    SameFunction: Block.same_function,
    ArgMax: Block.argmax,
    First: Block.first,
    Highest: Block.highest,
    KthHighest: Block.kth_highest,
    Rank: Block.rank,
    Sum: Block.sum,
    Exists: Block.exists,
    ForAll: Block.for_all,
    Greedy: Block.greedy,
    Awards: Block.awards,
    Contains: Block.contains,
    At: Block.at,
    Truth: Block.at,
    Cases: Block.cases,
    sp.Add: _folded(np.add),
    sp.Mul: Block.product,
    sp.Pow: Block.power,
    Max: _folded(np.maximum),
    Min: _folded(np.minimum),
    sp.Abs: _each(np.abs),
    sp.ITE: _each(np.where),
    sp.And: _folded(np.logical_and),
    sp.Or: _folded(np.logical_or),
    sp.Not: _each(np.logical_not),
    sp.Implies: _each(lambda a, b: ~a | b),
    sp.Equivalent: _each(np.equal),
    sp.Eq: _each(np.equal),
    sp.Ne: _each(np.not_equal),
    sp.Gt: _each(np.greater),
    sp.Ge: _each(np.greater_equal),
    sp.Lt: _each(np.less),
    sp.Le: _each(np.less_equal),
}
CACHED = (Binder, Cases, Applied, sp.Eq)
