"""Terms that are read once: for every place that asks for them, and for every choice of roles."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self

import sympy as sp
import z3

from mechanism.language import At, Index, Truth, World
from proofs.lowering.auxiliaries import Floors, in_order
from proofs.lowering.terms import condition

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


@dataclass(frozen=True)
class Used:
    """What terms rest on: the facts that define their constants, the choices whose ties are open, and floors."""

    facts: dict[int, Any] = field(default_factory=dict)  # by its id, each once
    picks: dict[int, Pick] = field(default_factory=dict)
    floors: Floors = field(default_factory=dict)

    def update(self, other: Used) -> None:
        self.facts.update(other.facts)
        self.picks.update(other.picks)
        self.floors.update(other.floors)


class Once:
    """Keeps what was read, by all that it depends on.

    Parameters
    ----------
    tag : str
        Tells the fresh constants from those of other sizes.
    """

    ties: str
    worlds: Mapping[str, World]
    roles: Mapping[Index, int]

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.used = Used()
        self.cache: dict[tuple, tuple[Any, Used]] = {}
        self._fresh = itertools.count(1)
        self._kept: dict[int, Any] = {}

    def once(self, key: tuple, read: Callable[[], Any]) -> Any:
        """What is read once, and the same whenever it is asked for again, with what it rests on."""
        if key not in self.cache:
            outside, self.used = self.used, Used()
            try:
                value = read()
                self.cache[key] = value, self.used
            finally:
                self.used = outside
        value, used = self.cache[key]
        self.used.update(used)
        return value

    def playing(self, worlds: Mapping[str, World], roles: Mapping[Index, int]) -> Self:
        """A lowering for other agents in the roles, with the same constants: what they do not change is
        read once for all.
        """
        there = copy(self)
        there.worlds, there.roles, there.used = dict(worlds), dict(roles), Used()
        return there

    def told(self, world: World, *parts: Any) -> tuple:
        """What is said in a world, and in the worlds that parts name, as far as it matters."""
        names = {name for part in parts for name in named_worlds(part)}
        there = [self.worlds.get(name, World(name)) for name in sorted(names)]
        return tuple(self._said(w) for w in (world, *there))

    def _said(self, world: World) -> tuple:
        """Who says what instead of the truth, and who is absent."""
        speakers = dict.fromkeys(self.roles[who] for who, _, _ in world.reports)
        said = tuple((a, *world.said(a, self.roles)) for a in sorted(speakers))
        gone = frozenset(self.roles[role] for role in world.absent)
        # Under the policy ``any`` each world has tie orders of its own.
        return said, gone, world.name if self.ties == "any" else ""

    @property
    def definitions(self) -> list[Any]:
        """The facts that define the constants of what was read."""
        return [*self.used.facts.values(), *in_order(self.used.floors)]

    @property
    def picks(self) -> list[Pick]:
        """The choices with their ties left open in what was read."""
        return list(self.used.picks.values())

    def state(self, fact: Any) -> None:
        """Assert what defines a fresh constant."""
        stated = condition(fact)
        self.used.facts[stated.get_id()] = stated

    def fresh(self, kind: str) -> Any:
        """A new real constant."""
        return z3.Real(self.name(kind))

    def fresh_flag(self, kind: str) -> Any:
        """A new condition."""
        return z3.Bool(self.name(kind))

    def name(self, kind: str) -> str:
        """A name that no other constant has."""
        return f"{kind}!{self.tag}!{next(self._fresh)}"

    def _key(self, env: Env, free: Any) -> tuple:
        """What an expression depends on; guards are kept alive, so that their ids stay theirs."""
        parts = []
        for index in free:
            for guard, element in env.get(index, ()):
                if not isinstance(guard, bool):
                    self._kept[guard.get_id()] = guard
                    guard = guard.get_id()
                parts.append((index, guard, element))
        return tuple(parts)


@lru_cache(maxsize=8192)
def named_worlds(expr: Any) -> frozenset[str]:
    """The worlds in which parts of an expression are read wherever it is read itself."""
    return frozenset(
        str(n.world) for n in sp.preorder_traversal(expr) if isinstance(n, (At, Truth)) and n.world
    )
