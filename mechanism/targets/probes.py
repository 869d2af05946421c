"""What code is asked before its form is known: profiles of numbers that tell forms apart, of several sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

from mechanism.targets.constants import given, written
from mechanism.targets.kinds import Kind
from mechanism.targets.target import Target

Reports = tuple[Any, ...]
CONSTANTS = 4  # numbers of the code whose surroundings are tried
# Far above any number of an agent, all different, every order; halves and thirds are exact where taken.
_BIDS: tuple[tuple[int, ...], ...] = (
    (40, 70, 50),
    (70, 50, 40),
    (50, 40, 70),
    (90, 30),
    (30, 90),
    (45, 95, 65, 85),
    (95, 45, 85, 65),
    (60, 80, 75, 35, 55),
)


def probes(kind: Kind, agents: int | None = None) -> list[tuple[Any, ...]]:
    """Reports that tell forms apart; for so many agents, or for several numbers of them."""
    agents = agents or kind.agents
    if kind.id == "matching":
        return preferences(kind.sides) if agents else preferences((2, 2), (3, 3))
    if kind.id == "double":
        return _two_sides(*kind.sides)
    rows = list(_BIDS) if agents is None else _turns(tuple(37 + 11 * k for k in range(agents)))
    if agents is None and not kind.row and kind.count > len(_BIDS[-1]) - 1:  # not everybody wins
        rows += _turns(tuple(37 + 11 * k for k in range(kind.count + 1)))[:2]
    return [tuple(_row(bid, place, kind) for place, bid in enumerate(bids)) for bids in rows]


def _two_sides(buyers: int, sellers: int) -> list[tuple[Any, ...]]:
    """Trade for most, for one pair only, and the other way round."""
    high = [Fraction(80 + 7 * k) for k in range(buyers)]
    low = [Fraction(30 + 5 * k) for k in range(sellers)]
    made = []
    for k in range(max(buyers, sellers)):
        bids, asks = (
            high[k % buyers :] + high[: k % buyers],
            low[k % sellers :] + low[: k % sellers],
        )
        made += [(*bids, *asks), (*bids[::-1], *asks), (*bids, *asks[::-1])]
    weak = [Fraction(20 + 3 * k) for k in range(buyers - 1)]
    made.append((Fraction(90), *weak, *low))
    return [*made, (*weak, Fraction(90), *low[::-1])]


def preferences(*sizes: tuple[int, int]) -> list[tuple[Any, ...]]:
    """Places that everybody gives to the other side, for so many on each."""
    made = []
    for n, m in sizes:
        own, other = (
            [tuple(map(Fraction, p)) for p in permutations(range(1, k + 1))] for k in (m, n)
        )
        for k in range(6):
            first = tuple(own[(k * (a + 1) + a) % len(own)] for a in range(n))
            second = tuple(other[(k * (a + 2) + a) % len(other)] for a in range(m))
            made.append((first, second))
    return made


def _turns(bids: tuple[int, ...]) -> list[tuple[int, ...]]:
    turned = [bids[k:] + bids[:k] for k in range(len(bids))]
    return [*turned, *(t[::-1] for t in turned)]


def _row(bid: int, place: int, kind: Kind) -> Any:
    """What an agent reports: a number near the bid, or several, in no fixed order; for bundles about their sum."""
    if not kind.row:
        return Fraction(bid)
    each = [bid + ((5 + 9 * k) * bid + 3 * place) % 23 for k in range(kind.count)]
    if kind.id != "combinatorial":
        return tuple(map(Fraction, each))
    bundles = (b for size in range(1, kind.count + 1) for b in combinations(each, size))
    return tuple(Fraction(sum(b) + (len(b) > 1) * (bid + place) % 13 - 6) for b in bundles)


def spans(target: Target, rows: list[Reports]) -> Iterator[list[Reports]]:
    """The same orders among other numbers, for code that takes only some: the ranks, numbers up to 5/2 and
    below 1, and below and above each number that is written in the code.
    """
    if target.kind.id == "matching":
        return
    yield [_ranks(row) for row in rows]
    constants = sorted({abs(c) for c in (*written(target), *given(target))} - {0})[:CONSTANTS]
    factors = [Fraction(1, 40), Fraction(1, 100)]
    factors += [c / part for c in constants for part in (100, 25)]
    for factor in dict.fromkeys(factors):
        yield [_each(row, factor.__mul__) for row in rows]


def _ranks(row: Reports) -> Reports:
    found: list[Fraction] = []
    _each(row, found.append)
    order = sorted(set(found))
    return _each(row, lambda number: Fraction(order.index(number) + 1))


def _each(value: Any, change: Callable[[Fraction], Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(_each(v, change) for v in value)
    return change(value)
