"""What many runs of an auction of several rounds read and remember, and what is seen of it.

Draws and agents share one axis, the *columns*, so that a row of what an evaluator sees can be an agent
of any draw. Goods come first: what one agent sees of all goods is then a strided view, no copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from mechanism.evaluate.arrays import Array
from mechanism.evaluate.rounds.views import families
from mechanism.language import Family

Columns = Any  # a slice, or an array of column numbers


class Bids(NamedTuple):
    """Agents who bid on a good each, as columns, and that good."""

    columns: Array
    goods: Array

    def where(self, keep: Array) -> Bids:
        return Bids(self.columns[keep], self.goods[keep])


class Tables:
    """The numbers and flags of many runs.

    Parameters
    ----------
    given : mapping of Family to array
        By family over agents and goods [good, draw, agent], over agents [draw, agent], over goods
        [good, draw], or over nothing [draw]. There may be a single draw that stands for all.
    draws, agents, goods : int
    """

    def __init__(self, given: Mapping[Family, Array], draws: int, agents: int, goods: int) -> None:
        self.draws, self.agents, self.goods = draws, agents, goods
        self.exact = any(t.dtype == object for t in given.values())
        floats = [t.dtype for f, t in given.items() if len(f.over) == 2 and t.dtype.kind == "f"]
        self.number: Any = object if self.exact else np.result_type(*(floats or [np.dtype(float)]))
        self._tables: dict[str, Array] = {}
        self._by_agent: set[str] = set()
        self._by_good: set[str] = set()
        for family, table in given.items():
            self.put(family, table)

    def put(self, family: Family, table: Array) -> None:
        """Keep a table, its draws and agents in one axis."""
        by_agent = "agent" in family.over
        lines = table.shape[: -1 - by_agent]
        whole = (*lines, self.draws, self.agents) if by_agent else (*lines, self.draws)
        spread = table if table.shape == whole else np.broadcast_to(table, whole)
        flat = spread.reshape(*lines, -1) if by_agent else spread
        self._tables[family.name] = np.ascontiguousarray(flat)
        (self._by_agent.add if by_agent else self._by_agent.discard)(family.name)
        (self._by_good.add if "good" in family.over else self._by_good.discard)(family.name)

    def new(self, family: Family) -> Array:
        """A new table of zeros. Pages that nothing else is written to take no memory."""
        by_agent = "agent" in family.over
        shape = (self.goods,) * ("good" in family.over) + (self.draws,) + (self.agents,) * by_agent
        if family.domain.boolean:
            self.put(family, np.zeros(shape, dtype=bool))
        else:
            self.put(family, np.zeros(shape, dtype=self.number))
        return self[family]

    def __getitem__(self, family: Family) -> Array:
        return self._tables[family.name]

    def draw_of(self, columns: Columns) -> Array:
        return numbered(columns) // self.agents

    # --- what is seen, rows last, by the families of the view ------------------------------------

    def of_agents(self, exprs: Iterable[Any], columns: Columns) -> dict[Family, Array]:
        """What agents see of all goods; a row for each agent."""
        seen = {}
        for family in _read(exprs):
            table = self[family]
            if family.name in self._by_agent:
                seen[family] = table[..., columns]
            elif self.draws == 1:
                seen[family] = table
            else:
                seen[family] = table[..., self.draw_of(columns)]
        return seen

    def of_draws(self, exprs: Iterable[Any], draws: slice) -> dict[Family, Array]:
        """Everything; a row for each draw."""
        seen = {}
        for family in _read(exprs):
            table = self[family]
            if family.name in self._by_agent:
                table = table.reshape(*table.shape[:-1], self.draws, self.agents)
                table = np.moveaxis(table, -1, 0)
            seen[family] = table[..., draws]
        return seen

    def of_bids(self, exprs: Iterable[Any], bids: Bids) -> dict[Family, Array]:
        """What is seen of agents, each with one good; a row for each."""
        return self._at(exprs, bids.goods, bids.columns, self.draw_of(bids.columns))

    def of_markets(
        self, exprs: Iterable[Any], goods: Array, draws: Array, columns: Array
    ) -> dict[Family, Array]:
        """What is seen of goods by those who bid on them; a row for each good, of each draw.

        Parameters
        ----------
        columns : array, shape (places, rows)
            The bidders.
        """
        return self._at(exprs, goods, columns, draws)

    def _at(
        self, exprs: Iterable[Any], goods: Array, columns: Array, draws: Array
    ) -> dict[Family, Array]:
        pairs = None  # places in the whole table, which are found faster than rows and columns
        seen = {}
        for family in _read(exprs):
            table, name = self[family], family.name
            if name in self._by_agent and name in self._by_good:
                pairs = goods * table.shape[1] + columns if pairs is None else pairs
                seen[family] = table.ravel().take(pairs)
            elif name in self._by_agent:
                seen[family] = table.take(columns)
            else:
                seen[family] = table[goods, draws] if name in self._by_good else table[draws]
        return seen


def numbered(columns: Columns) -> Array:
    """The numbers of some columns."""
    return np.arange(columns.start, columns.stop) if isinstance(columns, slice) else columns


def _read(exprs: Iterable[Any]) -> frozenset[Family]:
    return frozenset().union(*map(families, exprs))
