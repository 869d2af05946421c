"""Whether a matching is Pareto-dominated, by looking at all others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

DOMINATED = "dominated"
Pairs = set[tuple[int, int]]


def dominated(places: tuple[tuple, tuple], together: Any, seats: Sequence[int]) -> bool:
    """Whether another matching is better for somebody and worse for nobody.

    Parameters
    ----------
    places : pair of tuple
        For each agent of the one side and of the other, the places it gives to those on the other side.
    together : nested tuple
        By agent and agent, 1 for partners; the one side comes first.
    seats : sequence of int
        Of each agent of the other side.
    """
    n, m = map(len, places)
    first, second = ([liking(row) for row in side] for side in places)
    now = {(i, k) for i in range(n) for k in range(m) if together[i][n + k]}
    here = _contents(first, second, now)
    for other in matchings(n, m, seats):
        there = _contents(first, second, other)
        if there != here and all(a >= b for a, b in zip(there, here)):
            return True
    return False


def liking(places: Sequence[Any]) -> list[Any]:
    """How high each on the other side is placed: 1 for the last, -1 for those without a place."""
    listed = sum(p > 0 for p in places)
    return [listed + 1 - p if p > 0 else -1 for p in places]


def _contents(first: list, second: list, pairs: Pairs) -> list[Any]:
    found = [0] * (len(first) + len(second))
    for i, k in pairs:
        found[i] += first[i][k]
        found[len(first) + k] += second[k][i]
    return found


def matchings(n: int, m: int, seats: Sequence[int]) -> Iterator[Pairs]:
    """Every matching of n agents with one seat each and m agents with some."""
    for partners in product((None, *range(m)), repeat=n):
        if all(partners.count(k) <= seats[k] for k in range(m)):
            yield {(i, k) for i, k in enumerate(partners) if k is not None}


__all__ = ["DOMINATED", "dominated", "liking", "matchings"]
