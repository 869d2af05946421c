"""Sorts and the indices that range over them.

A rule is written over *bound* indices, so that the number of agents, goods or outcomes is not in it.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

# What an index can range over. `matching` and `partition` are sorts of outcomes with structure:
# see `Awards`. `slot` and `rank` are numbered from 1, the others from 0.
SORTS = ("agent", "good", "bundle", "outcome", "matching", "partition", "slot", "rank")
NUMBERED_FROM_ONE = frozenset({"slot", "rank"})


class Index(sp.Symbol):
    """A variable that ranges over one sort, for example all agents.

    Parameters
    ----------
    name : str
        How it prints.
    sort : str
        One of `SORTS`.
    """

    __slots__ = ("sort",)
    sort: str

    def __new__(cls, name: str, sort: str) -> Index:
        if sort not in SORTS:
            raise ValueError(f"unknown sort {sort!r}; the sorts are {', '.join(SORTS)}")
        self = sp.Symbol.__xnew__(cls, name, integer=True)
        self.sort = sort
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict]:
        return (self.name, self.sort), {}

    def __reduce_ex__(self, protocol: object) -> tuple:
        return Index, (self.name, self.sort)

    def _hashable_content(self) -> tuple:
        return (*super()._hashable_content(), self.sort)


def indices(names: str, sort: str) -> Any:
    """One index, or a tuple of several, of one sort, from names separated by spaces."""
    made = tuple(Index(name, sort) for name in names.split())
    return made[0] if len(made) == 1 else made


def agents(names: str) -> Any:
    """Indices over the agents, for example ``i, j = agents("i j")``."""
    return indices(names, "agent")


def goods(names: str) -> Any:
    """Indices over the goods."""
    return indices(names, "good")


def bundles(names: str) -> Any:
    """Indices over the non-empty sets of goods."""
    return indices(names, "bundle")


def outcomes(names: str) -> Any:
    """Indices over an arbitrary finite set of outcomes."""
    return indices(names, "outcome")


def matchings(names: str) -> Any:
    """Indices over the assignments of at most one good to an agent and at most one agent to a good."""
    return indices(names, "matching")


def partitions(names: str) -> Any:
    """Indices over the ways to give every good to at most one agent."""
    return indices(names, "partition")


def slots(names: str) -> Any:
    """Indices over slots, numbered from 1 (the best) downwards."""
    return indices(names, "slot")


def ranks(names: str) -> Any:
    """Indices over the ranks 1, 2, ..., one for each agent that takes part."""
    return indices(names, "rank")
