"""Many profiles of one size: what the vectorised evaluator reads, checked and in its layout."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from mechanism.errors import InputError
from mechanism.evaluate.arrays import Array, Value
from mechanism.instance import sort_domain
from mechanism.language import Applied, Entry, Family, Flag, Index, World
from mechanism.language.family import SameFunction
from mechanism.language.index import NUMBERED_FROM_ONE

LIMIT = 20_000  # so many bundles, matchings or partitions are enumerated, and no more
OUTCOMES = ("bundle", "matching", "partition")


def sort_size(sort: str, sizes: Mapping[str, int]) -> int:
    """How many elements a sort has, without enumerating them.

    Examples
    --------
    >>> sort_size("matching", {"agent": 2, "good": 2}), sort_size("partition", {"agent": 2, "good": 2})
    (7, 9)
    """
    agents, goods = sizes.get("agent", 0), sizes.get("good", 0)
    if sort == "bundle":
        return 2**goods - 1
    if sort == "partition":
        return (agents + 1) ** goods
    if sort == "matching":
        pairs = range(min(agents, goods) + 1)
        return sum(math.comb(goods, k) * math.perm(agents, k) for k in pairs)
    return sizes.get("agent" if sort == "rank" else sort, 0)


@lru_cache(maxsize=32)
def _outcomes(sort: str, agents: int, goods: int) -> Array:
    """For each bundle the goods in it, or for each matching or partition the goods' agents, or -1."""
    elements = sort_domain(sort, {"agent": agents, "good": goods})
    if sort == "bundle":
        return np.array([[g in bundle for g in range(goods)] for bundle in elements])
    return np.array([[-1 if a is None else a for a in outcome] for outcome in elements])


@lru_cache(maxsize=2**14)
def families_read(expr: sp.Basic) -> frozenset[Family]:
    """The families an expression may read, with types and misreports for what is reported."""
    found: set[Family] = set()
    for node in expr.atoms(Entry, Flag, SameFunction, Applied):
        family = node.args[0]
        found |= {family.truth, family.lie} if family.kind == "report" else {family}
    return frozenset(found)


class Profiles:
    """The sizes, numbers, roles and tie orders of a batch.

    Parameters
    ----------
    sizes, tables, ties, worlds, roles, orders, exact
        As for `mechanism.evaluate.batch.Batch`.

    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        tables: Mapping[str, Any],
        ties: str,
        worlds: Mapping[str, World],
        roles: Mapping[Index, Any],
        orders: Mapping[str, Any],
        exact: bool = False,
    ) -> None:
        self.sizes, self.ties, self.worlds = dict(sizes), ties, dict(worlds)
        self.tables = {name: standard(np.asarray(table)) for name, table in tables.items()}
        self.roles = {role: np.atleast_1d(np.asarray(agent)) for role, agent in roles.items()}
        self.orders = {name: _turns(np.asarray(order)) for name, order in orders.items()}
        self.exact = exact or any(
            t.dtype == object and not _functions(t) for t in self.tables.values()
        )
        self._axes: dict[tuple[str, int], Value] = {}
        self._codes: dict[str, tuple[Array, list[Any]]] = {}

    def rows(self, exprs: Iterable[sp.Basic], more: Sequence[Array] = ()) -> int:
        """The length of the batch, as told by whatever has rows."""
        found = {len(a) for a in (*self.roles.values(), *more) if len(a) != 1}
        found |= {len(a) for a in self.orders.values() if a.ndim == 2}
        for expr in exprs:
            for family in families_read(expr):
                table = self.tables.get(family.name)
                if table is not None and self.batched(family, table):
                    found.add(len(table))
        if len(found) > 1:
            raise InputError(
                f"the tables of a batch must have equally many rows, not {sorted(found)}"
            )
        return found.pop() if found else 1

    def batched(self, family: Family, table: Array) -> bool:
        """Whether a table has rows of its own; checks its shape."""
        shape = tuple(self.length(sort) for sort in family.over)
        own = table.ndim == len(shape) + 1
        if table.shape[own:] != shape:
            raise InputError(
                f"'{family.name}' must have the shape {shape}, with or without rows before, not {table.shape}"
            )
        return own

    def table(self, family: Family, span: slice) -> Array:
        """The entries of a family, rows last."""
        table = self.tables.get(family.name)
        if table is None:
            raise InputError(f"no values are given for '{family.name}'")
        if family.domain.boolean:
            table = table.astype(bool)
        elif self.exact and family.kind != "function":
            table = as_exact(table)
        return rows_last(table, self.batched(family, table), span)

    def functions(self, family: Family, span: slice) -> tuple[Array, list[Any]]:
        """For each entry of a function-valued family the number of its function, and the functions."""
        if family.name not in self._codes:
            table = self.tables.get(family.name)
            if table is None:
                raise InputError(f"no functions are given for '{family.name}'")
            self.batched(family, table)
            distinct: list[Any] = []
            for function in table.flat:
                if function not in distinct:
                    distinct.append(function)
            numbers = [distinct.index(function) for function in table.flat]
            self._codes[family.name] = np.array(numbers).reshape(table.shape), distinct
        codes, distinct = self._codes[family.name]
        return rows_last(codes, self.batched(family, codes), span), distinct

    def length(self, sort: str) -> int:
        """The size of a sort, which must have some elements, and few enough to be enumerated."""
        size = sort_size(sort, self.sizes)
        if size < 1:
            raise InputError(f"there must be at least one {sort}; give its size")
        if sort in OUTCOMES and size > LIMIT:
            raise InputError(
                f"{size} {sort}s are too many to enumerate; the limit is {LIMIT}: use fewer agents or goods"
            )
        return size

    def axis(self, sort: str, number: int) -> Value:
        """The index that runs over a sort along an axis."""
        key = (sort, number)
        if key not in self._axes:
            first = int(sort in NUMBERED_FROM_ONE)
            elements = np.arange(first, first + self.length(sort))[:, None]
            self._axes[key] = Value(elements, (number,), number)
        return self._axes[key]

    def outcomes(self, sort: str) -> Array:
        """The goods of every bundle, or the agents of every good in a matching or partition."""
        self.length(sort)
        return _outcomes(sort, self.sizes.get("agent", 0), self.sizes["good"])


def rows_last(table: Array, batched: bool, span: slice) -> Array:
    """Some rows of a table, moved to the end; a single one where all rows agree."""
    if not batched:
        return table[..., None]
    return np.ascontiguousarray(np.moveaxis(table[span], 0, -1))


def as_exact(table: Array) -> Array:
    """The same numbers as Fractions, or as Python's integers where whole, which are much faster.

    Floats are taken as the exact values of the doubles.
    """

    def one(number: Any) -> Any:
        if type(number) is int:
            return number
        if type(number) is not Fraction:
            number = Fraction(number)
        return number.numerator if number.denominator == 1 else number

    return np.asarray(np.frompyfunc(one, 1, 1)(table.astype(object)), dtype=object)


def standard(array: Array) -> Array:
    """Integers as int64 if they fit, floats as float64."""
    if array.dtype == np.uint64 and array.size and array.max() > np.iinfo(np.int64).max:
        return array.astype(object)
    wanted = {"i": np.int64, "u": np.int64, "f": np.float64}.get(array.dtype.kind, array.dtype)
    return array.astype(wanted, copy=False)


def _functions(table: Array) -> bool:
    return table.size > 0 and callable(table.flat[0])


def _turns(order: Array) -> Array:
    """The place of each agent, from a list of the agents from first to last."""
    return np.argsort(order, axis=-1)
