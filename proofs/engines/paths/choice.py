"""The first of several, and a lazy sort: one decision between n cases instead of a tree of comparisons.

Only the places of a sorted list that are read are decided, so that a second price has n(n - 1) leaves and
not n!.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NoReturn

from proofs.engines.paths.control import running
from proofs.engines.paths.proxy import Proxy, comparison, plain

_NOTHING: Any = object()


class Order:
    """A strict order of items by a number each, ties broken by a rank that is known.

    Parameters
    ----------
    leads : list of number
        Some of them proxies.
    ranks : list of int
        All different; of equal leads the lower rank comes first.
    descending : bool
        Whether the highest lead comes first.
    """

    def __init__(self, leads: list[Any], ranks: list[int], descending: bool) -> None:
        self.leads, self.ranks, self.descending = leads, ranks, descending

    def before(self, one: int, other: int) -> Any:
        """The atom (or boolean) that one item comes before another."""
        sign = "<=" if self.ranks[one] < self.ranks[other] else "<"
        if self.descending:
            one, other = other, one
        return comparison(self.leads[one], sign, self.leads[other])

    def first(self, of: list[int]) -> int:
        cases = [tuple(self.before(r, s) for s in of if s != r) for r in of]
        return of[running().choose(cases)]

    def last(self, of: list[int]) -> int:
        cases = [tuple(self.before(s, r) for s in of if s != r) for r in of]
        return of[running().choose(cases)]


def order_of(keys: Sequence[Any], descending: bool, stable: bool = True) -> Order | None:
    """The order by these keys: numbers, or tuples that begin with a number and go on without proxies.

    Equal keys keep their places. None where the keys are of another kind, or none is a proxy.
    """
    split = [_split(key) for key in keys]
    if any(s is None for s in split) or not any(isinstance(s[0], Proxy) for s in split if s):
        return None
    rows: list[tuple[Any, tuple]] = [s for s in split if s is not None]
    if len({len(tail) for _, tail in rows}) > 1:
        return None
    places = list(range(len(rows)))
    try:
        # `reverse` turns the order of the keys around, and not that of equal ones.
        ordered = builtins.sorted(places, key=lambda n: rows[n][1], reverse=descending)
    except TypeError:
        return None
    ranks = [0] * len(rows)
    for rank, place in enumerate(ordered):
        ranks[place] = rank
    return Order([lead for lead, _ in rows], ranks, descending)


def _split(key: Any) -> tuple[Any, tuple] | None:
    lead, tail = (key[0], key[1:]) if isinstance(key, tuple) and key else (key, ())
    if not isinstance(lead, Proxy) and plain(lead) is None:
        return None
    return None if any(_holds_proxy(part) for part in tail) else (lead, tail)


def _holds_proxy(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return any(_holds_proxy(part) for part in value)
    return isinstance(value, Proxy) or not isinstance(value, (int, float, str, bytes))


def lazy_sorted(iterable: Iterable[Any], *, key: Any = None, reverse: Any = False) -> list[Any]:
    """As the builtin."""
    items = list(iterable)
    keys = items if key is None else [key(item) for item in items]
    order = order_of(keys, bool(reverse)) if len(items) > 1 else None
    if order is None:
        places = builtins.sorted(range(len(items)), key=keys.__getitem__, reverse=bool(reverse))
        return [items[n] for n in places]
    return LazySorted(Ranking(items, order), range(len(items)))


def _extreme(descending: bool, builtin: Callable) -> Callable:
    def pick(*args: Any, key: Any = None, default: Any = _NOTHING) -> Any:
        items = list(args[0]) if len(args) == 1 else list(args)
        if not items:
            return builtin(items) if default is _NOTHING else default
        keys = items if key is None else [key(item) for item in items]
        order = order_of(keys, descending) if len(items) > 1 else None
        if order is None:
            return items[builtin(range(len(items)), key=keys.__getitem__)]
        return items[order.first(list(range(len(items))))]

    pick.__name__ = builtin.__name__
    pick.__doc__ = "As the builtin."
    return pick


lazy_max = _extreme(True, builtins.max)
lazy_min = _extreme(False, builtins.min)


class Ranking:
    """Items in an order, decided from both ends as far as they are asked for."""

    def __init__(self, items: list[Any], order: Order) -> None:
        self.items, self.order = items, order
        self.front: list[int] = []
        self.back: list[int] = []
        self.left = list(range(len(items)))

    def place(self, k: int) -> int:
        """Which item stands at place k."""
        size = len(self.items)
        while not (k < len(self.front) or k >= size - len(self.back)):
            from_front = k - len(self.front) <= size - 1 - k - len(self.back)
            ends = self.front if from_front else self.back
            if len(self.left) == 1:
                found = self.left[0]
            else:
                found = (self.order.first if from_front else self.order.last)(self.left)
            self.left.remove(found)
            ends.append(found)
        return self.front[k] if k < len(self.front) else self.back[size - 1 - k]

    def at(self, k: int) -> Any:
        """The item at place k."""
        return self.items[self.place(k)]


class _Poison:
    """Lies in the storage of a lazy list: C code that reads it raises when it uses what it has read."""

    def _refuse(self, *args: Any) -> NoReturn:
        raise running().stop("stop", "compiled code reads a sorted list here")

    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __truediv__ = __rtruediv__ = __neg__ = __abs__ = __bool__ = __float__ = __int__ = _refuse
    __str__ = __repr__ = __iter__ = __len__ = __getitem__ = __index__ = _refuse
    __hash__ = _refuse


_POISON = _Poison()


class LazySorted(list):
    """A sorted list that is decided as far as it is read; any change decides all of it."""

    def __init__(self, ranking: Ranking, places: Sequence[int]) -> None:
        super().__init__([_POISON] * len(places))
        self._ranking: Ranking | None = ranking
        self._places = places

    def force(self) -> LazySorted:
        """Decide every place; from then on it is a list like any other."""
        ranking = self._ranking
        if ranking is not None:
            items = [ranking.at(k) for k in self._places]
            self._ranking = None
            super().__setitem__(slice(None), items)
        return self

    def __getitem__(self, key: Any) -> Any:
        if self._ranking is None:
            found = super().__getitem__(key)
            return list(found) if isinstance(key, slice) else found
        if isinstance(key, slice):
            return LazySorted(self._ranking, self._places[key])
        return self._ranking.at(self._places[key])

    def __iter__(self) -> Iterator[Any]:
        n = 0
        while n < len(self):
            yield self[n]
            n += 1

    def __reversed__(self) -> Iterator[Any]:
        for n in range(len(self) - 1, -1, -1):
            yield self[n]

    def __add__(self, other: Any) -> Any:
        return list(self.force()) + list(other)

    def __radd__(self, other: Any) -> Any:
        return list(other) + list(self.force())

    def pop(self, index: Any = -1) -> Any:
        if self._ranking is None:
            return super().pop(index)
        place = self._places[index]
        found = self._ranking.at(place)
        self._places = [k for k in self._places if k != place]
        super().pop(index)
        return found

    def copy(self) -> list[Any]:
        return self[:]

    def __copy__(self) -> list[Any]:
        return self[:]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return list, (list(self.force()),)

    __hash__ = None


def _forcing(name: str) -> Callable:
    plain_method = getattr(list, name)

    def method(self: LazySorted, *args: Any, **kwargs: Any) -> Any:
        return plain_method(self.force(), *args, **kwargs)

    method.__name__ = name
    return method


for _name in (
    "append", "clear", "count", "extend", "index", "insert", "remove", "reverse", "sort",
    "__contains__", "__delitem__", "__eq__", "__ge__", "__gt__", "__iadd__", "__imul__", "__le__",
    "__lt__", "__mul__", "__ne__", "__repr__", "__rmul__", "__setitem__",
):  # fmt: skip
    setattr(LazySorted, _name, _forcing(_name))
