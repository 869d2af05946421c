"""Whether a matching is Pareto-dominated, by looking at all others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any

DOMINATED = "dominated"


def dominated(places: tuple[tuple, tuple], together: Any) -> bool:
    """Whether another matching is better for somebody and worse for nobody.

    Parameters
    ----------
    places : pair of tuple
        For each agent of the one side and of the other, the places it gives to those on the other side.
    together : nested tuple
        By agent and agent, 1 for partners; the one side comes first.
    """
    first, second = places
    n = len(first)
    now = {(i, k) for i in range(n) for k in range(len(second)) if together[i][n + k]}
    here = _places(places, now)
    for other in matchings(n, len(second)):
        there = _places(places, other)
        if all(a <= b for a, b in zip(there, here)) and there != here:
            return True
    return False


def _places(places: tuple[tuple, tuple], pairs: set[tuple[int, int]]) -> list[Any]:
    """The place of everybody's partner; past the last for those without one."""
    first, second = places
    found = [len(second) + 1] * len(first) + [len(first) + 1] * len(second)
    for i, k in pairs:
        found[i], found[len(first) + k] = first[i][k], second[k][i]
    return found


def matchings(n: int, m: int) -> Iterator[set[tuple[int, int]]]:
    """Every matching between n and m agents."""
    for size in range(min(n, m) + 1):
        for some in combinations(range(n), size):
            for partners in permutations(range(m), size):
                yield set(zip(some, partners))
