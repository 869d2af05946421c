"""An instance: one concrete auction, exactly.

It holds the sizes of the sorts, the numbers of every family, which agents a property speaks of and
how ties fall. Every counterexample is an instance, and the exact evaluator reads nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from types import MappingProxyType
from typing import Any

from mechanism.errors import InputError
from mechanism.language import Family

Table = Any  # a Fraction, a bool, or nested tuples of them: one level for each index of the family


@dataclass(frozen=True)
class Instance:
    """Sizes, numbers, roles and tie orders.

    Parameters
    ----------
    sizes : mapping of str to int
        The size of each sort, for example ``{"agent": 2, "good": 1}``.
    tables : mapping of str to nested tuples
        The entries of each family by the family's name, exact.
    roles : mapping of str to int
        The agent bound to each role of a property.
    orders : mapping of str to tuple of int
        For each world, the agents from first to last in tie-breaking, under the policy ``any``.
    """

    sizes: Mapping[str, int]
    tables: Mapping[str, Table] = field(default_factory=dict)
    roles: Mapping[str, int] = field(default_factory=dict)
    orders: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("sizes", "tables", "roles", "orders"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __reduce__(self) -> tuple:
        return Instance, tuple(
            dict(getattr(self, n)) for n in ("sizes", "tables", "roles", "orders")
        )

    def entry(self, family: Family, index: tuple) -> Any:
        """One entry; numbers indexed by slots or ranks are 0 past the end."""
        table = self.tables.get(family.name)
        if table is None:
            raise InputError(f"no values are given for '{family.name}'")
        for sort, element in zip(family.over, index, strict=True):
            if sort == "bundle":
                place = self.domain("bundle").index(element)
            else:
                place = int(element) - (sort in ("slot", "rank"))
            if not 0 <= place < len(table):
                if sort in ("slot", "rank"):
                    return 0
                raise InputError(f"'{family.name}' has no entry {index}")
            table = table[place]
        return table

    def domain(self, sort: str) -> tuple:
        """Everything an index of this sort ranges over, before anybody is absent."""
        return sort_domain(sort, self.sizes)


def sort_domain(sort: str, sizes: Mapping[str, int]) -> tuple:
    """The elements of a sort, in the order that decides ties between outcomes.

    Agents, goods and abstract outcomes are 0, 1, ...; slots and ranks 1, 2, ...; a bundle is a
    frozenset of goods; a matching or a partition is a tuple that gives each good's agent or None.
    """
    agents, goods = sizes.get("agent", 0), sizes.get("good", 0)
    if sort == "bundle":
        return tuple(
            frozenset(c) for r in range(1, goods + 1) for c in combinations(range(goods), r)
        )
    if sort in ("partition", "matching"):
        holders = (*range(agents), None)
        if sort == "partition":
            return tuple(product(holders, repeat=goods))
        made: list[tuple] = [()]
        for _ in range(goods):
            made = [(*o, a) for o in made for a in holders if a is None or a not in o]
        return tuple(made)
    if sort == "rank":
        return tuple(range(1, agents + 1))
    if sort == "slot":
        return tuple(range(1, sizes.get("slot", 0) + 1))
    return tuple(range(sizes.get(sort, 0)))
