"""Auctions of several rounds, run on a block of profiles at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from mechanism.errors import RuleError
from mechanism.evaluate.arrays import Array, along, spread
from mechanism.evaluate.rounds import MANY
from mechanism.language import Index, Rounds, World
from mechanism.language.procedure import Outcomes

if TYPE_CHECKING:
    from mechanism.evaluate.block import Block


def run(rounds: Rounds, block: Block, world: World) -> Outcomes:
    """What a procedure comes to on every row of a block, rows last, as everywhere in one."""
    done = np.zeros(block.length, dtype=np.int64)
    for here, on in within(rounds, block, world):  # noqa: B007  (the last one is read below)
        done += on
    over = (rounds.agent, rounds.good)
    return Outcomes(
        _table(here, over, rounds.allocation, world),
        _table(here, over[:1], rounds.payment, world),
        rounds=done,
    )


def within(rounds: Rounds, block: Block, world: World) -> Iterator[tuple[Block, Array]]:
    """Round by round, the block with states and terms, and which rows have that round.

    Rows in which nobody goes on wait, unchanged; in the last block that holds for all.
    """
    states = {s.entry.family: _table(block, s.entry.index, s.initial, world) for s in rounds.states}
    for _ in range(MANY):
        here = block.knowing(states)
        for entry, value in rounds.terms:
            here = here.knowing({entry.family: _table(here, entry.index, value, world)})
        on = np.broadcast_to(here.read(rounds.guard, {}, world).data, (block.length,))
        yield here, on
        if not on.any():
            return
        states = {
            s.entry.family: np.where(
                on, _table(here, s.entry.index, s.update, world), states[s.entry.family]
            )
            for s in rounds.states
        }
    raise RuleError(f"nothing ends the auction: it still goes on in round {MANY}")


def clear(rounds: Rounds, block: Block, world: World) -> Array:
    """For every row, whether no tie is broken in any round."""
    clear = np.ones(block.length, dtype=bool)
    for here, on in within(rounds, block, world):
        clear &= here.read(rounds.clear_choices, {}, world).data | ~on
    return clear


def _table(block: Block, index: tuple[Index, ...], value: Any, world: World) -> Array:
    """A value for each index and row."""
    lines = {i: block.profiles.axis(i.sort, axis) for axis, i in enumerate(index)}
    found = block.read(value, lines, world)
    for axis, i in enumerate(index):
        found = along(found, axis, block.profiles.length(i.sort))
    data = spread(found, tuple(range(len(index))))
    return np.broadcast_to(data, (*data.shape[:-1], block.length))
