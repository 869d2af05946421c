"""Expressions of a round as an agent, a good, or an agent and a good together see them.

An agent's *view* has numbers over goods, a good's is over the agents who bid on it, and a pair's has
numbers only. An expression has a view if it reads nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sympy as sp

from mechanism.language import Binder, Cases, Entry, Exists, Family, Flag, Highest, Index, Sum


class OtherShape(Exception):
    """A step rule does not have the shape; the message says where."""


def view(expr: Any, *fixed: Index) -> Any:
    """The expression with the fixed indices gone from its entries.

    Raises
    ------
    OtherShape
        If it reads an entry at another index of the same sort, or ranges over that sort.
    """
    sorts = {f.sort for f in fixed}

    def walk(node: Any) -> Any:
        if isinstance(node, (Entry, Flag)):
            left = []
            for sort, index in zip(node.family.over, node.index, strict=True):
                if sort not in sorts:
                    left.append((sort, walk(index)))
                elif index not in fixed:
                    raise OtherShape(f"{node} is not over {', '.join(map(str, fixed))}")
            return seen(node.family, sorts)[tuple(index for _, index in left)]
        if isinstance(node, Index) and node in fixed:
            raise OtherShape(f"{node} stands by itself")
        if isinstance(node, Binder) and any(b.sort in sorts for b in node.bound_indices):
            raise OtherShape(f"{node} ranges over all of a sort")
        if not node.args or isinstance(node, sp.Symbol):
            return node
        return node.func(*map(walk, node.args))

    return walk(expr)


def seen(family: Family, sorts: Iterable[str]) -> Family:
    """A family without its indices of some sorts."""
    gone = set(sorts)
    return Family(
        family.name, "state", tuple(s for s in family.over if s not in gone), family.domain
    )


def emptied(expr: Any, down: set[Family]) -> Any:
    """The expression where the flags of some families are all down."""

    def walk(node: Any) -> Any:
        if isinstance(node, Flag) and node.family in down:
            return sp.false
        if isinstance(node, Cases):
            pairs = []
            for value, condition in node.args:
                met = walk(condition)
                if met != sp.false:
                    pairs.append((walk(value), met))
                if met == sp.true:
                    break
            if not pairs:
                return sp.Integer(0)
            return pairs[0][0] if pairs[0][1] == sp.true else Cases(*pairs)
        if not node.args or isinstance(node, sp.Symbol):
            return node
        made = node.func(*map(walk, node.args))
        if isinstance(made, Exists) and sp.false in (made.body, made.where):
            return sp.false
        if isinstance(made, Sum) and (made.where == sp.false or made.body == 0):
            return sp.Integer(0)
        if isinstance(made, Highest) and made.where == sp.false:
            return made.default
        return made

    return walk(expr)


@lru_cache(maxsize=2**10)
def families(expr: Any) -> frozenset[Family]:
    """The families that an expression reads entries of."""
    return frozenset(node.family for node in expr.atoms(Entry, Flag))
