"""What may enter a rule: the nodes of the language, used as they are meant."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.core.symbol import Str
from sympy.logic.boolalg import BooleanAtom

from mechanism.errors import RuleError
from mechanism.language.arithmetic import Cases, Max, Min
from mechanism.language.family import Applied, Entry, Family, Flag, Inverse, SameFunction
from mechanism.language.index import Index
from mechanism.language.operators import Awards, Binder, Contains, KthHighest, Nth
from mechanism.language.procedure import Computed, Procedure
from mechanism.language.rounds import Untied
from mechanism.language.world import At, Truth, is_index, sort_of

_PLAIN = (
    sp.Rational, BooleanAtom, Str, sp.Tuple, sp.Add, sp.Mul, sp.Abs, sp.And, sp.Or, sp.Not,
    sp.Implies, sp.Equivalent, sp.ITE, Relational, Index, Family, Entry, Flag, Applied, Inverse,
    SameFunction, Awards, Contains, Binder, Cases, Max, Min, Nth, At, Truth,
    Computed, Procedure, Untied,
)  # fmt: skip


_ORDER = (sp.Lt, sp.Le, sp.Gt, sp.Ge)


def admit(expr: Any, where: str) -> None:
    """Refuse what the rule language does not have, or not in that place.

    Raises
    ------
    RuleError
        Naming the part, and what to write instead.
    """
    for node in sp.preorder_traversal(expr):
        if isinstance(node, sp.Pow):
            if not node.exp.is_Integer:
                raise RuleError(f"{where}: the power {node} is not rational; take a whole exponent")
        elif not isinstance(node, _PLAIN) and not node.is_Symbol:
            raise RuleError(
                f"{where}: {type(node).__name__} is not part of the rule language: {node}; "
                "see docs/reference/rule-language.md"
            )
        elif any(is_index(part) for part in _numbers(node)):
            raise RuleError(f"{where}: {node} takes an agent or a good for a number")
        elif isinstance(node, (sp.Eq, sp.Ne)) and not _comparable(*node.args):
            raise RuleError(f"{where}: {node} compares an agent or a good with something else")
        elif isinstance(node, Cases) and node.args[-1][1] != sp.true:
            raise RuleError(f"{where}: {node} leaves cases open; end it with (value, True)")
        elif isinstance(node, KthHighest):
            _whole(node, where)
        elif isinstance(node, (Entry, Flag)):
            _indexed(node, where)
        elif isinstance(node, _ORDER) and any(is_index(side) for side in node.args):
            raise RuleError(f"{where}: {node} orders agents or goods, which only Eq and Ne compare")


def _numbers(node: Any) -> tuple[Any, ...]:
    """The parts of a node that must be numbers."""
    if isinstance(node, (sp.Add, sp.Mul, sp.Pow, sp.Abs, Max, Min)):
        return node.args
    if isinstance(node, Cases):
        return tuple(value for value, _ in node.args)
    if isinstance(node, Binder):
        return tuple(getattr(node, n) for n in node.names if n in ("body", "k", "default"))
    return ()


def _comparable(one: Any, other: Any) -> bool:
    return sort_of(one) == sort_of(other)


def _whole(node: KthHighest, where: str) -> None:
    """The k of a k-th highest is a whole number by its form."""
    halves = [n for n in node.k.atoms(sp.Rational) if not n.is_Integer]
    loose = [e for e in node.k.atoms(Entry) if not e.family.domain.integer]
    divided = [p for p in node.k.atoms(sp.Pow) if p.exp.is_negative]
    inside = any(isinstance(n, Binder) for n in sp.preorder_traversal(node.k))
    if halves or divided or (loose and not inside):
        what = (halves or divided or loose)[0]
        raise RuleError(
            f"{where}: the k of {node} must be a whole number, but {what} need not be one; "
            "declare it with parameter(..., integer=True)"
        )


def _indexed(node: Any, where: str) -> None:
    for sort, index in zip(node.family.over, node.index, strict=True):
        if sort not in ("slot", "rank") and not is_index(index):
            raise RuleError(f"{where}: {node} must be indexed by a name from agents(...), goods(...) "
                            f"or the like, not by {index}")  # fmt: skip
