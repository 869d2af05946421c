"""Grids: every profile of whole numbers up to a bound, at once or by the number of entries that are not zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from mechanism.instance import Instance
from mechanism.language import Family, Index
from properties.check import families
from properties.property import Obligation


def grid(
    obligation: Obligation,
    sizes: dict[str, int],
    top: int,
    limit: int,
    values: Sequence[Any] = (),
) -> tuple[dict[str, Any], dict[Index, Any]] | None:
    """Every profile of whole numbers up to `top` (or of `values`, for what is reported), or None where there are
    more than `limit`.
    """
    axes = _axes(obligation, sizes, top, values)
    if axes is None or prod(len(values) for _, values in axes) > limit:
        return None
    return _profiles(obligation, sizes, axes, _all_of(tuple(tuple(values) for _, values in axes)))


def by_nonzero(
    obligation: Obligation, sizes: dict[str, int], top: int, limit: int, only: int | None = None
) -> Iterator[tuple[dict[str, Any], dict[Index, Any]]]:
    """The profiles of whole numbers up to `top` with 0, 1, 2, ... entries that are not zero, or with
    `only` so many, as long as there are no more than `limit` in all.
    """
    axes = _axes(obligation, sizes, top)
    if axes is None:
        return
    free = [n for n, (name, values) in enumerate(axes) if 0 in values and not _is_role(name)]
    always = len(axes) - len(free) - len(obligation.roles)  # entries that cannot be zero
    every = range(len(free) + 1)
    for count in every if only is None else {only - always}.intersection(every):
        parts = [_with(axes, free, chosen) for chosen in combinations(free, count)]
        rows = sum(prod(map(len, values)) for _, values in parts)
        limit -= rows
        if limit < 0:
            return
        if not rows:  # none is as large as 0 and not 0
            continue
        cells = np.zeros((rows, len(axes)), dtype=np.int64)
        start = 0
        for columns, values in parts:
            block = _all_of(values)
            cells[start : start + len(block), columns] = block
            start += len(block)
        yield _profiles(obligation, sizes, axes, cells)


Axes = list[tuple[str, list[int]]]  # a family (or role) and the values of one of its entries


def _with(
    axes: Axes, free: list[int], chosen: tuple[int, ...]
) -> tuple[list[int], tuple[tuple[int, ...], ...]]:
    """The axes that are not zero where of the free ones the chosen are not, and their values."""
    columns = [n for n in range(len(axes)) if n in chosen or n not in free]
    return columns, tuple(tuple(v for v in axes[n][1] if v or n not in chosen) for n in columns)


def _is_role(name: str) -> bool:
    return name.startswith("role ")


def _axes(
    obligation: Obligation, sizes: dict[str, int], top: int, values: Sequence[Any] = ()
) -> Axes | None:
    """Everything that varies from profile to profile: entries (of misreports, those of the roles), roles."""
    if any(f.kind == "function" for f in families(obligation)):
        return None
    axes: Axes = []
    for family in _varied(obligation):
        entries = prod(_shape(obligation, family, sizes))
        axes += [(family.name, whole_numbers(family, top, values))] * entries
    return axes + [(f"role {r.name}", list(range(sizes["agent"]))) for r in obligation.roles]


def _varied(obligation: Obligation) -> list[Family]:
    return [f for f in families(obligation) if f.name not in obligation.rule.given]


def _shape(obligation: Obligation, family: Family, sizes: dict[str, int]) -> tuple[int, ...]:
    reader = Instance(sizes)
    shape = tuple(len(reader.domain(sort)) for sort in family.over)
    return (len(obligation.said), *shape[1:]) if family.kind == "lie" else shape


@lru_cache(maxsize=64)
def _all_of(choices: tuple[tuple[Any, ...], ...]) -> np.ndarray:
    """Every way to take one value of each list, one row each."""
    sizes = [len(values) for values in choices]
    whole = all(isinstance(value, int) for values in choices for value in values)
    cells = np.empty((prod(sizes), len(choices)), dtype=np.int64 if whole else object)
    for column, values in enumerate(choices):
        block = np.repeat(values, prod(sizes[column + 1 :]))
        cells[:, column] = np.tile(block, prod(sizes[:column]))
    return cells


def _profiles(
    obligation: Obligation, sizes: dict[str, int], axes: Axes, cells: np.ndarray
) -> tuple[dict[str, Any], dict[Index, Any]]:
    """The tables and roles of the rows of `cells`, one column for each axis."""
    rows, names = len(cells), [name for name, _ in axes]
    of = lambda name: cells[:, [n for n, axis in enumerate(names) if axis == name]]  # noqa: E731
    roles = {r: of(f"role {r.name}")[:, 0].astype(np.int64) for r in obligation.roles}
    given = obligation.rule.given
    tables = {f.name: given_table(given[f.name]) for f in families(obligation) if f.name in given}
    for family in _varied(obligation):
        table = of(family.name).reshape(rows, *_shape(obligation, family, sizes))
        table = table.astype(bool) if family.domain.boolean else table
        if family.kind == "lie":
            truth = next(b.truth for b in obligation.rule.reports if b.lie == family)
            said = np.array(tables[truth.name])
            for n, role in enumerate(obligation.said):
                said[np.arange(rows), roles[role]] = table[:, n]
            table = said
        tables[family.name] = table
    return tables, roles


def lowest_value(family: Family) -> Any:
    """The first of the values that are tried for an entry."""
    return whole_numbers(family, 1)[0]


def given_table(table: Any) -> Any:
    """A table that is the same in every profile."""
    array = np.array(table, dtype=object)
    return array[None] if array.dtype == bool else array


def whole_numbers(family: Family, top: int, values: Sequence[Any] = ()) -> list[Any]:
    """The values of an entry on a grid: whole numbers of its domain up to `top` above the lowest, or those of
    `values` where it is reported.
    """
    domain = family.domain
    if values and family.kind in ("truth", "lie") and not domain.boolean:
        return [v for v in values if domain.holds(v)]
    if domain.boolean:
        return [False, True]
    low = -top if domain.lower is None else int(np.ceil(float(domain.lower))) + domain.strict
    high = top if domain.lower is None else low + top
    high = high if domain.upper is None else min(high, int(np.floor(float(domain.upper))))
    return list(range(low, max(low, high) + 1))
