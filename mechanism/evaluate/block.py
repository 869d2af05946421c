"""One block of rows: what expressions are read from, and what operators range over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from typing import Any

import numpy as np
import sympy as sp
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from mechanism.errors import RuleError
from mechanism.evaluate.arithmetic import constant, whole
from mechanism.evaluate.arrays import Array, Value, along, apply
from mechanism.evaluate.profiles import Profiles
from mechanism.language import Applied, Binder, Cases, Family, Index, Procedure, World
from mechanism.language.index import NUMBERED_FROM_ONE
from mechanism.language.procedure import Outcomes

Env = dict[Index, Value]
Handlers = Mapping[type, Callable]
CACHED = (Binder, Cases, Applied)


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
    handlers : mapping of type to callable
        How each kind of expression is read, called with the block, the expression, what its indices
        stand for, and the world.
    """

    def __init__(self, profiles: Profiles, start: int, stop: int, handlers: Handlers) -> None:
        self.handlers = handlers
        self.profiles, self.span, self.exact = profiles, slice(start, stop), profiles.exact
        self.roles: Env = {role: self.rows(agents) for role, agents in profiles.roles.items()}
        self._tables: dict[tuple[Family, World | None], Array] = {}
        self._cache: dict[tuple, Value] = {}
        self._outcomes: dict[tuple[Procedure, World], Outcomes] = {}

    @property
    def length(self) -> int:
        """The number of rows."""
        return self.span.stop - self.span.start

    def knowing(self, states: Mapping[Family, Array]) -> Block:
        """The same rows, with the numbers (rows last) of a round in them."""
        there = Block(self.profiles, self.span.start, self.span.stop, self.handlers)
        there._tables = {**self._tables, **{(family, None): t for family, t in states.items()}}
        return there

    def rows(self, numbers: Array) -> Value:
        """One number for each row, or one for all."""
        return Value(numbers if len(numbers) == 1 else numbers[self.span])

    def read(self, expr: Any, env: Env, world: World) -> Value:
        """The values of an expression in a world, with every free index bound in `env`."""
        handler = self.handlers.get(type(expr))
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

    def computed(self, procedure: Procedure, world: World) -> Outcomes:
        """What everybody gets and pays by a procedure, rows last: run here if it is written in the
        language, else by itself.
        """
        key = (procedure, world)
        if key not in self._outcomes:
            handler = self.handlers.get(type(procedure))
            self._outcomes[key] = (
                handler(self, procedure, {}, world) if handler else procedure.outcomes(self, world)
            )
        return self._outcomes[key]

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
            return reduce(
                partial(apply, np.logical_and), (apply(np.not_equal, everybody, a) for a in gone)
            )
        fewer = np.array([0])
        for n, agent in enumerate(gone):
            fewer = fewer + np.all([agent.data != other.data for other in gone[:n]], axis=0)
        return Value(everybody.data <= self.profiles.length("rank") - fewer, (axis,))

    def table(self, family: Family, world: World | None) -> Array:
        """The entries of a family, rows last; for a report, what is said in the world."""
        key = (family, world)
        if key not in self._tables:
            if world is None:
                self._tables[key] = self.profiles.table(family, self.span)
            else:
                self._tables[key] = self.said(family, world)
        return self._tables[key]

    def said(self, family: Family, world: World) -> Array:
        """What everybody reports: the truth, except for those whom the world names."""
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

    # --- operators over a range ----------------------------------------------------------------

    def scope(self, expr: Any, env: Env, world: World) -> Scope:
        """Bind the operator's index to an axis of its own."""
        axis = 1 + max((a for s in free_indices(expr) for a in env[s].axes), default=-1)
        inner = {**env, expr.var: self.profiles.axis(expr.var.sort, axis)}
        return Scope(axis, inner, self.mask(expr.where, expr.var, axis, inner, world))

    def mask(self, where: Any, var: Index, axis: int, env: Env, world: World) -> Value | None:
        """Who takes part and meets the condition, along an axis; None for everybody."""
        present = self.present(var.sort, axis, world)
        if where == sp.true:
            return present
        met = along(self.read(where, env, world), axis, self.profiles.length(var.sort))
        return met if present is None else apply(np.logical_and, met, present)

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


def _other_index(condition: Any, var: Index, env: Env) -> Index | None:
    """The index i of a condition ``Ne(var, i)`` that runs along an axis."""
    if isinstance(condition, sp.Ne) and var in condition.args:
        (index,) = (a for a in condition.args if a != var)
        if isinstance(index, Index) and index.sort == var.sort and env[index].axis is not None:
            return index
    return None
