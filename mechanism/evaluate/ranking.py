"""Operators that put what they range over in order: the best, the k-th best, places, and greedy.

`keys` are compared along one axis, highest first. `before` tells equal ones apart: a place in
tie-breaking for each element, lowest first; without it, the order along the axis decides.
"""

from __future__ import annotations

import numpy as np

from mechanism.evaluate.arrays import Value, align, apply, lowest, masked, picked, reduced, without


def chosen(keys: Value, mask: Value | None, axis: int, before: Value | None) -> Value:
    """The place along the axis of the highest key, or -1 on an empty range."""
    worst = lowest(keys.data.dtype)
    keys = masked(keys, mask, worst)
    best = reduced(np.maximum, keys, axis, worst)
    hits = apply(np.equal, keys, best)
    return first(hits if mask is None else apply(np.logical_and, hits, mask), axis, before)


def first(hits: Value, axis: int, before: Value | None = None) -> Value:
    """The first place along the axis where the condition holds, or -1."""
    axes, arrays = align(hits) if before is None else align(hits, before)
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    hit, *turns = (np.moveaxis(np.broadcast_to(a, shape), axes.index(axis), 0) for a in arrays)
    size = len(hit)
    if not turns:
        left = np.arange(size, 0, -1, dtype=np.min_scalar_type(size))  # how many are not before
        left = left.reshape(size, *(1 for _ in hit.shape[1:]))
        most = (hit * left).max(axis=0).astype(np.int64)
        return without(hits, axis, np.where(most == 0, -1, size - most))
    found = np.full(hit.shape[1:], -1, dtype=np.int64)
    earliest = np.full(found.shape, size, dtype=np.int64)
    for place, (here, turn) in enumerate(zip(hit, turns[0])):
        better = here & (turn < earliest)
        np.copyto(found, place, where=better)
        np.copyto(earliest, turn, where=better)
    return without(hits, axis, found)


def ranks(keys: Value, mask: Value | None, axis: int, before: Value | None) -> Value:
    """The place of every element, from 1, among those in the range; meaningless for the others."""
    parts = [keys] + [v for v in (mask, before) if v is not None]
    axes, arrays = align(*parts)
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    line = axes.index(axis)
    moved = [np.moveaxis(np.broadcast_to(a, shape), line, 0) for a in arrays]
    key = moved[0]
    inside = moved[1] if mask is not None else None
    turn = moved[-1] if before is not None else None
    result = np.ones(key.shape, dtype=np.int64)
    for n in range(1, len(key)):
        if turn is None:
            beaten = key[:n] >= key[n]
        else:
            beaten = (key[:n] > key[n]) | ((key[:n] == key[n]) & (turn[:n] < turn[n]))
        won = ~beaten
        if inside is not None:
            beaten, won = beaten & inside[:n], won & inside[n]
        result[n] += beaten.sum(axis=0)
        result[:n] += won
    return Value(np.moveaxis(result, 0, line), axes)


def kth(keys: Value, mask: Value | None, axis: int, k: Value) -> Value:
    """The k-th highest key, or 0 where the range holds fewer."""
    line = keys.axes.index(axis)
    size = keys.data.shape[line]
    keys = masked(keys, mask, lowest(keys.data.dtype))
    line = keys.axes.index(axis)
    falling = Value(np.flip(np.sort(keys.data, axis=line), axis=line), keys.axes)
    found = picked(falling, axis, Value(k.data - 1, k.axes, k.axis))
    if mask is None and k.axis is not None and k.data.size == size:
        return found
    held = Value(np.full(1, size)) if mask is None else counted(mask, axis)
    there = apply(lambda number, held: (number >= 1) & (number <= held), k, held)
    return masked(found, there, 0)


def counted(mask: Value, axis: int) -> Value:
    """How many places along the axis are in the range."""
    return without(mask, axis, mask.data.sum(axis=mask.axes.index(axis)))


def greedy(keys: Value, mask: Value, conflict: Value, axis: int, other: int) -> Value:
    """Who is accepted when taken in order, equal keys in the order along the axis.

    Parameters
    ----------
    keys, mask : Value
        With the axis.
    conflict : Value
        With the axis and the `other` one, whether the one cannot be accepted beside the other.
    """
    axes = tuple(sorted({*keys.axes, *mask.axes, *conflict.axes} - {axis, other}))
    worst = lowest(keys.data.dtype)
    key, inside = (_front(v, (axis,), axes) for v in (masked(keys, mask, worst), mask))
    clash = _front(conflict, (other, axis), axes)
    shape = np.broadcast_shapes(key.shape, inside.shape, clash.shape[1:])
    order = np.argsort(-np.broadcast_to(key, shape), axis=0, kind="stable")
    inside, clash = np.broadcast_to(inside, shape), np.broadcast_to(clash, (len(clash), *shape))
    barred, accepted = ~inside, np.zeros(shape, dtype=bool)
    for one in order[:, None]:
        takes = ~np.take_along_axis(barred, one, axis=0)
        np.put_along_axis(accepted, one, takes, axis=0)
        barred |= takes & np.take_along_axis(clash, one[None], axis=0)[0]
    names = (axis, *axes)
    places = sorted(range(len(names)), key=names.__getitem__)
    return Value(accepted.transpose(*places, len(names)), tuple(sorted(names)))


def _front(value: Value, first: tuple[int, ...], rest: tuple[int, ...]) -> np.ndarray:
    """The data with the dimensions in the order given, then the rows."""
    data = np.moveaxis(value.data, [value.axes.index(a) for a in first], range(len(first)))
    keep = (slice(None) if a in value.axes else None for a in rest)
    return data[(*(slice(None) for _ in first), *keep, slice(None))]
