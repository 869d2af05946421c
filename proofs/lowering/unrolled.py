"""Auctions of several rounds for given sizes: as many rounds, one after another, as there can be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

import z3

from mechanism.language import Computed, Family, Index, Rounds, World
from mechanism.language.procedure import ALLOCATION, ROUNDS
from mechanism.language.rounds import Untied
from proofs.engines.engine import NotAccepted
from proofs.lowering.terms import choose, choose_condition, conj, implies, plus

if TYPE_CHECKING:
    from proofs.lowering.fixed_size import FixedSize
    from proofs.lowering.once import Env

States = dict[tuple[Family, tuple], Any]


@dataclass(frozen=True)
class Unrolled:
    """What a run comes to.

    Parameters
    ----------
    last : FixedSize
        The lowering with the states in which the auction ends.
    guards : tuple of condition
        For each round, whether it takes place.
    within : tuple of FixedSize
        For each round, the lowering with its states and terms.
    """

    last: FixedSize
    guards: tuple[Any, ...]
    within: tuple[FixedSize, ...]

    def untied(self, rounds: Rounds, world: World) -> Any:
        """Whether no tie is broken in any round."""
        clear = rounds.clear_choices
        return conj(
            implies(on, here.read(clear, {}, world))
            for on, here in zip(self.guards, self.within, strict=True)
        )


def computed(low: FixedSize, expr: Computed, env: Env, world: World) -> Any:
    """What an auction of several rounds comes to, read in its last states."""
    rounds, ended = expr.procedure, _run(low, expr.procedure, world)
    if expr.part == ROUNDS:
        return plus(choose(on, Fraction(1), Fraction(0)) for on in ended.guards)
    body = rounds.allocation if expr.part == ALLOCATION else rounds.payment
    formals = (rounds.agent, rounds.good)[: len(expr.index)]
    inner = {f: low.index(e, env, world) for f, e in zip(formals, expr.index, strict=True)}
    return ended.last.read(body, inner, world)


def untied(low: FixedSize, expr: Untied, env: Env, world: World) -> Any:
    """Whether no tie is broken in a run."""
    return _run(low, expr.procedure, world).untied(expr.procedure, world)


def _run(low: FixedSize, rounds: Rounds, world: World) -> Unrolled:
    return low.once((rounds, low.told(world)), lambda: unroll(low, rounds, world))


def unroll(fixed: FixedSize, rounds: Rounds, world: World) -> Unrolled:
    """Write a run out, round by round.

    Raises
    ------
    NotAccepted
        Where it is not known how many rounds there can be.
    """
    if rounds.limit is None:
        raise NotAccepted("the number of rounds is not known to be bounded")
    states = _table(fixed, [(s.entry, s.initial) for s in rounds.states], world)
    guards: list[Any] = []
    within: list[FixedSize] = []
    on: Any = True
    for _ in range(int(fixed.read(rounds.limit, {}, world))):
        here = fixed.knowing(states)
        for entry, value in rounds.terms:
            here = here.knowing(_table(here, [(entry, value)], world))
        on = _named(fixed, conj((on, here.read(rounds.guard, {}, world))))
        guards.append(on)
        within.append(here)
        if on is False:
            break
        following = _table(here, [(s.entry, s.update) for s in rounds.states], world)
        states = {
            key: _named(fixed, _either(key[0], on, following[key], states[key])) for key in states
        }
    return Unrolled(fixed.knowing(states), tuple(guards), tuple(within))


def _table(fixed: FixedSize, rows: list[tuple[Any, Any]], world: World) -> States:
    """A term for each index of each entry."""
    made: States = {}
    for entry, value in rows:
        over: tuple[Index, ...] = entry.index
        for place in product(*(fixed.domain(i.sort) for i in over)):
            env = {i: [(True, e)] for i, e in zip(over, place, strict=True)}
            made[entry.family, place] = _named(fixed, fixed.read(value, env, world))
    return made


def _either(family: Family, test: Any, one: Any, other: Any) -> Any:
    return (choose_condition if family.domain.boolean else choose)(test, one, other)


def _named(fixed: FixedSize, value: Any) -> Any:
    """A constant that stands for a term, so that later rounds do not write it out again."""
    if not z3.is_expr(value) or z3.is_const(value):
        return value
    name = fixed.fresh_flag("on") if z3.is_bool(value) else fixed.fresh("state")
    fixed.state(name == value)
    return name
