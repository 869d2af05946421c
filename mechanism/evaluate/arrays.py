"""Arrays with named axes, which the vectorised evaluator computes with.

Each index that is bound in an expression has an axis of its own. The rows of the batch lie along the
*last* axis: reducing over a handful of agents is then a few operations on long contiguous vectors,
where rows first would make it a million short ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray


class Value:
    """The values of an expression for all rows and all indices it depends on.

    Compared by identity, so that values can be part of a cache's key.

    Parameters
    ----------
    data : array
        One dimension for each axis, then the rows (a single one where all rows agree).
    axes : tuple of int
        The axes, increasing.
    axis : int, optional
        Set for the index that runs along this very axis, in order and from its first element.
    """

    __slots__ = ("data", "axes", "axis")

    def __init__(self, data: Array, axes: tuple[int, ...] = (), axis: int | None = None) -> None:
        self.data, self.axes, self.axis = data, axes, axis


def spread(value: Value, axes: tuple[int, ...]) -> Array:
    """The data with a dimension of length 1 for each of the axes that it lacks."""
    if value.axes == axes:
        return value.data
    own = value.axes
    return value.data[(*(slice(None) if a in own else None for a in axes), slice(None))]


def align(*values: Value) -> tuple[tuple[int, ...], list[Array]]:
    """All axes of some values, and their data ready to be broadcast against each other."""
    axes = values[0].axes
    if any(v.axes != axes for v in values):
        axes = tuple(sorted(set().union(*(v.axes for v in values))))
    return axes, [spread(v, axes) for v in values]


def apply(operation: Callable[..., Array], *values: Value) -> Value:
    """Apply an elementwise operation."""
    axes, arrays = align(*values)
    return Value(operation(*arrays), axes)


def renamed(value: Value, old: int, new: int) -> Value:
    """The same values with one axis under another name."""
    names = [new if a == old else a for a in value.axes]
    order = sorted(range(len(names)), key=names.__getitem__)
    data = value.data.transpose(*order, len(names))
    return Value(data, tuple(sorted(names)))


def along(value: Value, axis: int, size: int) -> Value:
    """The values with a full dimension for an axis, also where they do not depend on it."""
    if axis in value.axes:
        return value
    axes = tuple(sorted((*value.axes, axis)))
    data, place = spread(value, axes), axes.index(axis)
    shape = (*data.shape[:place], size, *data.shape[place + 1 :])
    return Value(np.broadcast_to(data, shape), axes)


def without(value: Value, axis: int, data: Array) -> Value:
    """A value with one axis gone."""
    return Value(data, tuple(a for a in value.axes if a != axis))


def lowest(dtype: np.dtype) -> Any:
    """A number below all others, to stand for what is not in a range. Its negation exists, too."""
    return -np.iinfo(dtype).max if dtype.kind in "iu" else -math.inf


def masked(value: Value, mask: Value | None, neutral: Any) -> Value:
    """The values where the mask holds, and `neutral` elsewhere."""
    if mask is None:
        return value
    axes, (data, keep) = align(value, mask)
    return Value(np.where(keep, data, neutral), axes)


def reduced(operation: np.ufunc, value: Value, axis: int, neutral: Any) -> Value:
    """Combine all values along an axis."""
    data = operation.reduce(value.data, axis=value.axes.index(axis), initial=neutral)
    return without(value, axis, data)


def all_but_one(operation: np.ufunc, value: Value, axis: int, neutral: Any) -> Value:
    """Combine, for each place along an axis, the values at all the *other* places.

    Sweeps in both directions, so that nothing is ever taken out again: exact for sums of floats as
    much as for maxima.
    """
    place = value.axes.index(axis)
    source = np.moveaxis(value.data, place, 0)
    result = np.empty_like(source)
    before = after = np.full_like(source[0], neutral)
    for n, here in enumerate(source):
        result[n] = before
        before = operation(before, here)
    for n in reversed(range(len(source))):
        result[n] = operation(result[n], after)
        after = operation(after, source[n])
    return Value(np.moveaxis(result, 0, place), value.axes)


def picked(value: Value, axis: int, places: Value) -> Value:
    """The values at the given places along an axis; meaningless where there is no such place."""
    size = value.data.shape[value.axes.index(axis)]
    if places.axis is not None and places.axis not in value.axes and places.data.size == size:
        return renamed(value, axis, places.axis)
    others = [a for a in value.axes if a != axis]
    rest = tuple(sorted({*others, *places.axes}))
    source = np.moveaxis(value.data, value.axes.index(axis), 0)
    keep = (slice(None) if a in others else None for a in rest)
    source, keys = source[(slice(None), *keep, slice(None))], spread(places, rest)
    shape = np.broadcast_shapes(source.shape[1:], keys.shape)
    keys = np.broadcast_to(np.clip(keys, 0, size - 1), shape)
    return Value(
        np.take_along_axis(np.broadcast_to(source, (size, *shape)), keys[None], axis=0)[0], rest
    )


def looked_up(table: Array, places: list[Value], inside: bool = True) -> Value:
    """Entries of a table of which the last dimension are the rows.

    Parameters
    ----------
    places : list of Value
        Where to look along each dimension, counted from 0.
    inside : bool
        Whether places outside are meaningless; if not, the entries there are 0.
    """
    runs = [p.axis for p in places if p.axis is not None]
    fits = all(p.data.size == size for p, size in zip(places, table.shape))
    if fits and len(set(runs)) == len(places):
        order = sorted(range(len(runs)), key=runs.__getitem__)
        return Value(table.transpose(*order, len(runs)), tuple(sorted(runs)))
    axes, keys = align(*places)
    clipped = [np.clip(k, 0, size - 1) for k, size in zip(keys, table.shape)]
    data = table[(*clipped, np.arange(table.shape[-1]))]
    for key, size in zip(keys, table.shape) if not inside else ():
        data = np.where((key >= 0) & (key < size), data, data.dtype.type(0))
    return Value(data, axes)
