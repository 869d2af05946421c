"""Auctions of several rounds on many draws, or on a very large one, market by market.

For step rules of the shape that `mechanism.evaluate.rounds.shape` knows. Each agent looks at all goods
once in a round, in blocks of agents; the rest is computed for the few bids that there are. The
expressions are those of the step rule, read by the evaluator that reads all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from mechanism.errors import RuleError
from mechanism.evaluate.arrays import Array, Value, along, spread
from mechanism.evaluate.block import Block
from mechanism.evaluate.block_operators import HANDLERS
from mechanism.evaluate.exact import TRUTHFUL
from mechanism.evaluate.profiles import Profiles
from mechanism.evaluate.rounds.exact import MANY
from mechanism.evaluate.rounds.shape import Step, shape
from mechanism.evaluate.rounds.tables import Bids, Columns, Tables, numbered
from mechanism.evaluate.rounds.views import seen, view
from mechanism.language import Family, Index, Rounds

CELLS = 2**17  # numbers in one array, so that a few of them fit a cache


@dataclass(frozen=True)
class Ended:
    """The end of many runs.

    Parameters
    ----------
    states : mapping of str to array
        The last states by name: [good, draw, agent], [draw, agent] or [good, draw].
    rounds : array, shape (draws,)
        How many rounds there were.
    """

    states: Mapping[str, Array]
    rounds: Array


def run(
    rounds: Rounds,
    given: Mapping[Family, Array],
    draws: int,
    agents: int,
    goods: int,
    ties: str = "lowest-index",
) -> Ended:
    """Run a step rule on many draws.

    Parameters
    ----------
    rounds : Rounds
    given : mapping of Family to array
        What the rule reads, as for `mechanism.evaluate.rounds.tables.Tables`. Fractions are computed
        exactly; of float32 tables, the states are kept in float32.
    draws, agents, goods : int
    ties : str
        ``lowest-index`` or ``highest-index``.

    Raises
    ------
    mechanism.evaluate.rounds.views.OtherShape
        If the rule has another shape.
    RuleError
        Where a run seems to have no end.
    """
    return _Run(rounds, Tables(given, draws, agents, goods), ties).run()


class _Run:
    def __init__(self, rounds: Rounds, tables: Tables, ties: str) -> None:
        self.rounds, self.shape, self.tables, self.ties = rounds, shape(rounds), tables, ties
        self.agent, self.good = rounds.agent, rounds.good
        self.width = max(CELLS // tables.goods, 1)  # so many agents look at all goods together
        for entry, initial, _ in rounds.states:
            self.begin(entry, initial)
        # What is worked out of each agent's bid, and asked about it. Read only of agents that bid.
        self.worked = [self.shape.bids]
        self.worked += [
            s.family for s in (*self.shape.terms, *self.shape.late, *self.shape.hoisted)
        ]
        for family in self.worked:
            tables.new(seen(family, ("good",)))
        tables[self.shape.bids][:] = True

    # --- evaluation ------------------------------------------------------------------------------

    def block(self, rows: int, known: Mapping[Family, Array], agents: int = 1) -> Block:
        sizes = {"agent": agents, "good": self.tables.goods}
        profiles = Profiles(sizes, {}, self.ties, {}, {}, {}, self.tables.exact)
        return Block(profiles, 0, rows, HANDLERS).knowing(known)

    def begin(self, entry: Any, initial: Any) -> None:
        """The states before the first round."""
        table, width = self.tables.new(entry.family), self.width
        if initial in (0, sp.false):
            return
        if self.agent not in entry.index:
            value = view(initial, self.good)
            for part in _slices(self.tables.draws, width):
                draws = np.arange(part.start, part.stop)
                goods, draws = np.indices((self.tables.goods, len(draws))).reshape(2, -1)
                known = self.tables.of_markets([value], goods, draws + part.start, _NOBODY)
                table[goods, draws + part.start] = _read(self.block(len(goods), known), value)
            return
        value, over = view(initial, self.agent), entry.index[1:]
        for part in _slices(table.shape[-1], width):
            known = self.tables.of_agents([value], part)
            table[..., part] = _read(self.block(part.stop - part.start, known), value, *over)

    # --- rounds ----------------------------------------------------------------------------------

    def run(self) -> Ended:
        tables = self.tables
        on = np.ones(tables.draws, dtype=bool)
        count = np.zeros(tables.draws, dtype=np.int64)
        for _ in range(MANY):
            bids = self.place_bids(on)
            on = self.goes_on(on, bids)
            if not on.any():
                return Ended(self.states(), count)
            bids = bids.where(on[tables.draw_of(bids.columns)])
            following = self.markets(on, bids)
            for step in self.shape.hoisted:  # of agents that do not bid, nothing is asked
                tables[step.family][:] = False
            for part in _slices(len(bids.columns), self.width):
                self.after(Bids(bids.columns[part], bids.goods[part]))
            for family, goods, draws, values in following:
                tables[family][goods, draws] = values
            count += on
        raise RuleError(f"nothing ends the auction: it still goes on in round {MANY}")

    def states(self) -> dict[str, Array]:
        lines = self.tables.draws, self.tables.agents
        found = {}
        for family in self.rounds.remembered:
            table = self.tables[family]
            by_agent = "agent" in family.over
            found[family.name] = table.reshape(*table.shape[:-1], *lines) if by_agent else table
        return found

    def place_bids(self, on: Array) -> Bids:
        """The good that each agent bids on; without those who do not bid."""
        favourite, willing = self.shape.favourite, self.shape.willing
        found = [Bids(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
        for columns in self.looking(on):
            numbers = numbered(columns)
            known = self.tables.of_agents([favourite], columns)
            goods = _read(self.block(len(numbers), known), favourite)
            bids = Bids(numbers, goods).where(goods >= 0)
            if len(bids.columns):
                known = self.tables.of_bids([willing], bids)
                found.append(bids.where(_read(self.block(len(bids.columns), known), willing)))
        return Bids(*map(np.concatenate, zip(*found)))

    def looking(self, on: Array) -> Iterator[Columns]:
        """The agents of the draws that go on, in blocks."""
        agents = self.tables.agents
        if on.all():
            yield from _slices(len(on) * agents, self.width)
            return
        columns = (np.flatnonzero(on)[:, None] * agents + np.arange(agents)).ravel()
        for part in _slices(len(columns), self.width):
            yield columns[part]

    def goes_on(self, on: Array, bids: Bids) -> Array:
        """The draws in which there is another round."""
        tables = self.tables
        on = on & (np.bincount(tables.draw_of(bids.columns), minlength=tables.draws) > 0)
        for part in _slices(tables.draws, max(CELLS // (tables.agents * tables.goods), 1)):
            for condition in self.shape.guard if on[part].any() else ():
                known = tables.of_draws([condition], part)
                on[part] &= _read(
                    self.block(part.stop - part.start, known, tables.agents), condition
                )
        return on

    # --- goods and those who bid on them -----------------------------------------------------------

    def markets(self, on: Array, bids: Bids) -> list[tuple[Family, Array, Array, Array]]:
        """Work out what the bids on each good come to; return the updates of what is kept of goods."""
        updates = []
        now = (*self.shape.terms, *self.shape.goods)
        for goods, draws, columns, inside in self.bidders(on, bids):
            known = self.known(now, goods, draws, columns, inside)
            block = self.block(len(goods), known, len(columns))
            for step in self.shape.terms:
                values = _read(block, step.value, self.agent)
                self.tables[step.family][columns[inside]] = values[inside]
                known[seen(step.family, ("good",))] = values
                block = block.knowing({seen(step.family, ("good",)): values})
            updates += [(s.family, goods, draws, _read(block, s.value)) for s in self.shape.goods]
            if self.shape.late:
                self.winners(goods, draws, columns, inside)
        return updates

    def known(
        self, steps: Sequence[Step], goods: Array, draws: Array, columns: Array, inside: Array
    ) -> dict[Family, Array]:
        """What is seen of goods by those who bid on them, before anything is worked out."""
        known = self.tables.of_markets([s.value for s in steps], goods, draws, columns)
        return known | {seen(self.shape.bids, ("good",)): inside}

    def winners(self, goods: Array, draws: Array, columns: Array, inside: Array) -> None:
        """Work out what is read of winners only: a row for each, with all that bid on the same good."""
        place, row = np.nonzero(self.tables[self.shape.won][columns] & inside)
        for part in _slices(len(row), max(CELLS // len(columns), 1)):
            rows, agent = row[part], Value(place[part])
            rivals = columns[:, rows]
            known = self.known(self.shape.late, goods[rows], draws[rows], rivals, inside[:, rows])
            block = self.block(len(rows), known, len(columns))
            for step in self.shape.late:
                values = block.read(step.value, {self.agent: agent}, TRUTHFUL).data
                self.tables[step.family][rivals[agent.data, np.arange(len(rows))]] = values

    def bidders(self, on: Array, bids: Bids) -> Iterator[tuple[Array, Array, Array, Array]]:
        """Goods with their bidders, grouped so that little is padded.

        Yields
        ------
        goods, draws : array, shape (rows,)
        columns : array, shape (places, rows)
            The bidders, in the order of the agents.
        inside : array of bool, shape (places, rows)
            Where there is a bidder; the rest is padding.
        """
        tables = self.tables
        key = tables.draw_of(bids.columns) * tables.goods + bids.goods
        order = bids.columns[np.argsort(key, kind="stable")]
        number = np.bincount(key, minlength=tables.draws * tables.goods)
        first = np.cumsum(number) - number
        going = np.flatnonzero(np.repeat(on, tables.goods))
        places = 2 ** np.ceil(np.log2(np.maximum(number[going], 1))).astype(np.int64)
        for size in np.unique(places):
            alike = going[places == size]
            slot = np.arange(size)[:, None]
            for part in _slices(len(alike), max(CELLS // int(size), 1)):
                group = alike[part]
                inside = slot < number[group]
                columns = order[np.minimum(first[group] + slot, len(order) - 1)]
                yield group % tables.goods, group // tables.goods, columns, inside

    # --- agents and what became of their bids --------------------------------------------------------

    def after(self, bids: Bids) -> None:
        """The updates of what is kept of agents that have bid."""
        shape, tables, rows = self.shape, self.tables, len(bids.columns)
        flags = [s.value for s in (*shape.hoisted, *shape.pairs)]
        block = self.block(rows, tables.of_bids(flags, bids))
        for step in shape.hoisted:
            tables[step.family][bids.columns] = _read(block, step.value)
        pairs = [_read(block, step.value) for step in shape.pairs]
        own = [s.value for s in shape.agents]
        block = self.block(rows, tables.of_agents(own, bids.columns))
        agents = [_read(block, value) for value in own]
        for step in shape.rows:
            asked = [tables[f][bids.columns] for f in shape.asked(step)]
            columns = _dense(bids.columns[np.any(asked, axis=0)])
            known = tables.of_agents([step.value], columns)
            block = self.block(len(numbered(columns)), known)
            tables[step.family][:, columns] = _read(block, step.value, self.good)
        for step, values in zip(shape.pairs, pairs):
            table = tables[step.family]
            new = table[bids.goods, bids.columns] != values  # what is written takes memory
            table[bids.goods[new], bids.columns[new]] = values[new]
        for step, values in zip(shape.agents, agents):
            tables[step.family][bids.columns] = values


_NOBODY = np.zeros((1, 1), dtype=np.int64)


def _read(block: Block, value: Any, *over: Index) -> Array:
    """The values, an axis for each index, rows last."""
    lines = {index: block.profiles.axis(index.sort, n) for n, index in enumerate(over)}
    found = block.read(value, lines, TRUTHFUL)
    for n, index in enumerate(over):
        found = along(found, n, block.profiles.length(index.sort))
    data = spread(found, tuple(range(len(over))))
    return np.broadcast_to(data, (*data.shape[:-1], block.length))


def _slices(stop: int, step: int) -> Iterator[slice]:
    for start in range(0, stop, step):
        yield slice(start, min(start + step, stop))


def _dense(columns: Array) -> Columns:
    """The columns, or all from the first to the last where most are among them: a view, no copy."""
    if len(columns) == 0:
        return columns
    span = slice(int(columns[0]), int(columns[-1]) + 1)
    return span if span.stop - span.start < 2 * len(columns) else columns
