"""The smallest violation on a grid of whole numbers, by looking at every profile on it.

What is found here is smallest among whole numbers up to the first bound that has a violation; that
nothing with fewer non-zero entries exists at all is for the solver to show (`proofs.minimise`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from mechanism.evaluate.batch import Batch
from mechanism.instance import Instance
from mechanism.targets.foreign import foreign_of
from proofs.engines.grids import by_nonzero, grid
from proofs.engines.search import violations
from properties.check import check, families
from properties.property import Obligation

TOPS = (1, 2, 3, 8)
MAX_PROFILES = 600_000
DEAR = 60_000  # where each costs a call of somebody else's code, or a game of rounds
OF_ONES = 60_000  # profiles of zeros and ones, among which the highest margin is looked for


def smallest_on_grid(
    obligation: Obligation, sizes: dict[str, int], limit: int = MAX_PROFILES
) -> Instance | None:
    """The smallest violation on the first of larger and larger grids of whole numbers that has one.

    A grid that is too large to look at whole is looked at by the number of entries that are not zero.
    """
    if obligation.rule.rounds is not None or foreign_of(obligation.rule) is not None:
        limit = min(limit, DEAR)
    if obligation.rule.ties == "any":
        return None  # the grid does not range over tie orders
    rows_left = limit
    for top in TOPS:
        batches: Iterable = [grid(obligation, sizes, top, limit)]
        if batches == [None]:
            batches = by_nonzero(obligation, sizes, top, rows_left)
        for tables, roles in batches:
            in_order = partial(by_size, obligation, tables, roles)
            rows_left -= next(iter(tables.values())).shape[0]
            _, found = violations(obligation, sizes, tables, roles, in_order)
            if found is not None:
                return found
    return None


def smallest_with(
    obligation: Obligation, sizes: dict[str, int], count: int, top: int
) -> Instance | None:
    """The smallest violation with so many entries that are not zero, in whole numbers up to `top`."""
    if obligation.rule.ties == "any":
        return None
    # Rounds are played, not looked up: many profiles take longer than the solver.
    limit = MAX_PROFILES // 4 if obligation.rule.rounds is not None else 2 * MAX_PROFILES
    for tables, roles in by_nonzero(obligation, sizes, top, limit, count):
        in_order = partial(by_size, obligation, tables, roles)
        if (found := violations(obligation, sizes, tables, roles, in_order)[1]) is not None:
            return found
    return None


def highest_on_grid(
    obligation: Obligation, sizes: dict[str, int]
) -> tuple[Fraction, Instance] | None:
    """The highest margin with every entry 0 or 1, and a profile that has it."""
    batch = None if obligation.rule.ties == "any" else grid(obligation, sizes, 1, OF_ONES)
    if batch is None:
        return None
    tables, roles = batch
    margins = Batch(sizes, tables, obligation.rule.ties, obligation.worlds, roles)(
        obligation.margin
    )
    _, found = violations(
        obligation,
        sizes,
        tables,
        roles,
        lambda rows: rows[np.argsort(-margins[rows].astype(float), kind="stable")],
    )
    if found is None:
        return None
    return check(obligation, found).margin or Fraction(0), found


def by_size(
    obligation: Obligation, tables: dict[str, Any], roles: dict[Any, Any], rows: np.ndarray
) -> np.ndarray:
    """Rows in the order of size: non-zero entries, largest, sum, then entry by entry."""
    columns = _entries(obligation, tables, roles, rows)
    order = [
        np.count_nonzero(columns, axis=1),
        np.abs(columns).max(axis=1, initial=0),
        np.abs(columns).sum(axis=1),
    ]
    keys = [*order, *columns.T, *(places[rows] for places in roles.values())]
    return rows[np.lexsort(keys[::-1])]


def _entries(
    obligation: Obligation, tables: dict[str, Any], roles: dict[Any, Any], rows: np.ndarray
) -> np.ndarray:
    """Every entry that counts, one column each: types, misreports of those who misreport, parameters."""
    kinds = {"truth": 0, "lie": 1, "parameter": 2}
    parts = []
    asked = [f for f in families(obligation) if f.name not in obligation.rule.given]
    for family in sorted(asked, key=lambda f: (kinds[f.kind], f.name)):
        cells = np.asarray(tables[family.name])[rows].astype(np.int64)
        if family.kind == "lie":
            speaks = np.zeros((len(rows), cells.shape[1]), dtype=bool)
            for role in obligation.said:
                speaks[np.arange(len(rows)), roles[role][rows]] = True
            cells = np.where(speaks.reshape(*speaks.shape, *[1] * (cells.ndim - 2)), cells, 0)
        parts.append(cells.reshape(len(rows), -1))
    return np.concatenate(parts, axis=1) if parts else np.zeros((len(rows), 0), dtype=np.int64)


def entries(obligation: Obligation, instance: Instance) -> Iterator[Any]:
    """The entries of an instance that count: not those given beforehand, and of misreports only those of
    who misreports.
    """
    speakers = {instance.roles[role.name] for role in obligation.said}
    for family in families(obligation):
        table = instance.tables[family.name]
        if family.kind == "lie":
            table = tuple(row for agent, row in enumerate(table) if agent in speakers)
        if family.name not in obligation.rule.given:
            yield from _cells(table)


def nonzero(obligation: Obligation, instance: Instance) -> int:
    """How many entries of an instance are not zero."""
    return sum(bool(value) for value in entries(obligation, instance))


def _cells(table: Any) -> Iterator[Any]:
    if isinstance(table, tuple):
        for part in table:
            yield from _cells(part)
    else:
        yield table
