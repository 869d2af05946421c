"""The referee: evaluate a rule or a property on one instance, in exact rationals, by definition.

Nothing here is clever. Every counterexample is replayed here before it is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from mechanism.errors import RuleError
from mechanism.evaluate.exact_operators import CACHED, HANDLERS, Env
from mechanism.instance import Instance
from mechanism.language import Index, Procedure, World
from mechanism.outcome import Outcome

TRUTHFUL = World("truth")


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

    def knowing(self, tables: Mapping[str, Any]) -> Exact:
        """The same instance, with the numbers of a round in it."""
        instance = replace(self.instance, tables={**self.instance.tables, **tables})
        return Exact(instance, self.ties, self.worlds, tuple(self.roles))

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

    def outcome(self, procedure: Procedure, world: World) -> Outcome:
        """What a procedure comes to: run here if it is written in the language, else by itself."""
        key = (procedure, world.name)
        if key not in self._cache:
            handler = HANDLERS.get(type(procedure))
            self._cache[key] = (
                handler(self, procedure, {}, world) if handler else procedure.outcome(self, world)
            )
        return self._cache[key]

    # --- who takes part, and who says what -----------------------------------------------------

    def world(self, name: str) -> World:
        return self.worlds.get(name, TRUTHFUL)

    def domain(self, sort: str, world: World) -> tuple:
        everything = self.instance.domain(sort)
        if not world.absent or sort not in ("agent", "rank"):
            return everything
        gone = {self.roles[role] for role in world.absent}
        if sort == "rank":
            return everything[: len(everything) - len(gone)]
        return tuple(a for a in everything if a not in gone)

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
