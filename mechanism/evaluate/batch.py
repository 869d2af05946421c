"""The rule language on many profiles at once: the reference implementation that is shipped for reuse.

Every expression that the referee (`mechanism.evaluate.exact`) evaluates on one instance is evaluated
here on a batch of them, and gives the same values. Tables of int64 or float64 are computed in those
types, tables of Fractions exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from mechanism.errors import RuleError
from mechanism.evaluate import block_operators
from mechanism.evaluate.arrays import Array, Value, spread
from mechanism.evaluate.block import Block, free_indices
from mechanism.evaluate.exact import TRUTHFUL
from mechanism.evaluate.profiles import Profiles, sort_size
from mechanism.evaluate.rounds import blocks
from mechanism.language import At, Binder, Index, Rounds, Truth, World

__all__ = ["HANDLERS", "Batch"]

HANDLERS = {**block_operators.HANDLERS, **blocks.HANDLERS}

# A block of rows is chosen so that its largest array has about so many numbers, and fits a cache.
CELLS = 2**17
ROWS = 2**14


class Batch:
    """Evaluates expressions on a batch of profiles.

    Parameters
    ----------
    sizes : mapping of str to int
        The size of each sort, for example ``{"agent": 3, "good": 2}``.
    tables : mapping of str to array
        The entries of each family by the family's name: one axis for the rows of the batch, then one
        for each index of the family. Without the first axis, all rows have the same entries. Types go
        by the names of truth families (``v``), misreports by those of lies (``b'``).
    ties : str
        ``lowest-index``, ``highest-index`` or ``any`` (then `orders` decides).
    worlds : mapping of str to World
    roles : mapping of Index to int or array
        The agent bound to each role of a property, one or one for each row.
    orders : mapping of str to array
        For each world, the agents from first to last in tie-breaking under ``any``, one list or one
        for each row. By default the lowest index is first.
    exact : bool
        Compute in Fractions. Done by itself where some table holds Fractions.

    Notes
    -----
    Every part of an expression is computed for every row. Where the rule has no value (see
    `mechanism.definedness`) the result is some number. Integers become doubles when they are divided.

    Examples
    --------
    >>> from mechanism.registry import rule
    >>> r = rule("second-price")
    >>> batch = Batch({"agent": 3}, {"v": [[3, 7, 5], [2, 2, 1]]})
    >>> batch(r.payment, axes=(r.agent,))
    array([[0, 5, 0],
           [2, 0, 0]])
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        tables: Mapping[str, Any],
        ties: str = "lowest-index",
        worlds: Mapping[str, World] | None = None,
        roles: Mapping[Index, Any] | None = None,
        orders: Mapping[str, Any] | None = None,
        exact: bool = False,
    ) -> None:
        self.profiles = Profiles(
            sizes, tables, ties, worlds or {}, roles or {}, orders or {}, exact
        )

    def __call__(
        self,
        expr: sp.Basic,
        env: Mapping[Index, Any] | None = None,
        world: World = TRUTHFUL,
        axes: Sequence[Index] = (),
    ) -> Array:
        """The values of one expression, see `evaluate`."""
        return self.evaluate([expr], env, world, [axes])[0]

    def evaluate(
        self,
        exprs: Sequence[sp.Basic],
        env: Mapping[Index, Any] | None = None,
        world: World = TRUTHFUL,
        axes: Sequence[Sequence[Index]] | None = None,
    ) -> list[Array]:
        """The values of several expressions; what they share is computed once.

        Parameters
        ----------
        exprs : sequence of expression
        env : mapping of Index to int or array
            What free indices stand for, in all rows or in each row.
        world : World
            The world that the expressions are read in.
        axes : sequence of sequence of Index
            For each expression, the free indices that get an axis of the result.

        Returns
        -------
        list of array
            Of the shape [batch, axis, ...]. An index that names nobody is -1.
        """
        axes = [()] * len(exprs) if axes is None else axes
        given = {index: np.atleast_1d(np.asarray(what)) for index, what in (env or {}).items()}
        rows = self.profiles.rows(exprs, list(given.values()))
        results: dict[int, Array] = {}
        step = min((self.step(expr, over) for expr, over in zip(exprs, axes)), default=rows)
        for start in range(0, rows, step):
            stop = min(start + step, rows)
            block = Block(self.profiles, start, stop, HANDLERS)
            bound = block.roles | {index: block.rows(what) for index, what in given.items()}
            for n, (expr, over) in enumerate(zip(exprs, axes)):
                lines = {i: self.profiles.axis(i.sort, place) for place, i in enumerate(over)}
                if loose := set(free_indices(expr)) - bound.keys() - lines.keys():
                    raise RuleError(
                        f"the index {loose.pop()} is not bound; give it a value or an axis"
                    )
                value = block.read(expr, bound | lines, world)
                results[n] = self.write(results.get(n), value, over, rows, start, stop)
        return [results[n] for n in range(len(exprs))]

    def step(self, expr: sp.Basic, over: Sequence[Index]) -> int:
        """How many rows to take at a time."""
        cells = largest(expr, frozenset(over), tuple(sorted(self.profiles.sizes.items())))
        return min(max(CELLS // cells, 1), ROWS)

    def write(
        self,
        result: Array | None,
        value: Value,
        over: Sequence[Index],
        rows: int,
        start: int,
        stop: int,
    ) -> Array:
        """Put the values of one block into the result, rows first."""
        lines = tuple(range(len(over)))
        shape = tuple(self.profiles.length(i.sort) for i in over)
        data = np.moveaxis(np.broadcast_to(spread(value, lines), (*shape, stop - start)), -1, 0)
        if result is None:
            result = np.empty((rows, *shape), dtype=data.dtype)
        elif np.result_type(result, data) != result.dtype:
            result = result.astype(np.result_type(result, data))
        result[start:stop] = data
        return result


@lru_cache(maxsize=2**14)
def largest(expr: sp.Basic, lines: frozenset[Index], sizes: tuple[tuple[str, int], ...]) -> int:
    """The most numbers that a part of the expression has in one row.

    Parameters
    ----------
    lines : frozenset of Index
        The indices that run along an axis where the expression stands.
    """
    here = math.prod(sort_size(i.sort, dict(sizes)) for i in free_indices(expr) if i in lines)
    if isinstance(expr, (At, Truth)):
        formals = {f for f, actual in expr.bindings if lines.intersection(free_indices(actual))}
        inner = lines.difference(f for f, _ in expr.bindings) | formals
        return max(here, largest(expr.expr, inner, sizes))
    if isinstance(expr, Rounds):
        lines = lines | {expr.agent, expr.good}
    if isinstance(expr, Binder):
        lines = lines | set(expr.bound_indices)
    parts = (a for a in expr.args if isinstance(a, sp.Basic) and not isinstance(a, sp.Symbol))
    return max(here, 1, *(largest(a, lines, sizes) for a in parts))
