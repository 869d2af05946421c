"""Auctions of several rounds, run on a block of profiles at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mechanism.errors import RuleError
from mechanism.evaluate.arrays import Array, along, spread
from mechanism.language import Index, Rounds, World

if TYPE_CHECKING:
    from mechanism.evaluate.block import Block


@dataclass(frozen=True)
class Ended:
    """What a block of runs comes to; rows last, as everywhere in a block."""

    allocation: Array
    payment: Array
    rounds: Array


def run(rounds: Rounds, block: Block, world: World) -> Ended:
    """Run a procedure on every row of a block.

    Rows in which nobody goes on wait, unchanged, until all have ended.
    """
    states = {s.entry.family: _table(block, s.entry.index, s.initial, world) for s in rounds.states}
    done = np.zeros(block.length, dtype=np.int64)
    while True:
        here = block.knowing(states)
        for entry, value in rounds.terms:
            here = here.knowing({entry.family: _table(here, entry.index, value, world)})
        on = np.broadcast_to(here.read(rounds.guard, {}, world).data, (block.length,))
        if not on.any():
            over = (rounds.agent, rounds.good)
            return Ended(
                _table(here, over, rounds.allocation, world),
                _table(here, over[:1], rounds.payment, world),
                done,
            )
        following = {
            s.entry.family: np.where(
                on, _table(here, s.entry.index, s.update, world), states[s.entry.family]
            )
            for s in rounds.states
        }
        for flag in rounds.falling:
            before, after = states[flag.family], following[flag.family]
            axes = tuple(range(before.ndim - 1))
            if (after & ~before).any() or not ((before & ~after).any(axis=axes) | ~on).all():
                raise RuleError(
                    f"'{flag.family.name}' is declared to fall in every round, but does not"
                )
        done = done + on
        states = following


def _table(block: Block, index: tuple[Index, ...], value: Any, world: World) -> Array:
    """A value for each index and row."""
    lines = {i: block.profiles.axis(i.sort, axis) for axis, i in enumerate(index)}
    found = block.read(value, lines, world)
    for axis, i in enumerate(index):
        found = along(found, axis, block.profiles.length(i.sort))
    data = spread(found, tuple(range(len(index))))
    return np.broadcast_to(data, (*data.shape[:-1], block.length))
