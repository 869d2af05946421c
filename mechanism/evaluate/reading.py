"""What a reader would recognise in a rule: lowest things, counts, indicators, and parts that come back.

The language writes the lowest as the highest of the negated, and a count as a sum of ones; here the
sugar is put back. Both ways of printing, `mechanism.writing.words` and `mechanism.writing.latex`,
build on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from mechanism.language import (
    ArgMax,
    Cases,
    Count,
    Family,
    First,
    Flag,
    Greedy,
    Highest,
    Index,
    KthHighest,
    Rank,
    Rounds,
    Sum,
)

if TYPE_CHECKING:
    from mechanism.rule import Rule

# A part is named where it is at least this many nodes large and comes back.
_WORTH_A_NAME = 14


def negative(expr: Any) -> bool:
    """Whether every term carries a minus sign."""
    return all(term.as_coeff_Mul()[0].is_negative for term in sp.Add.make_args(expr))


def lowest_of(factor: Any) -> bool:
    """Whether this is minus something lowest: the highest of a negated body."""
    return isinstance(factor, (Highest, KthHighest)) and negative(factor.body)


def flipped(product: Any) -> tuple[Any, tuple[Any, ...]]:
    """The coefficient of a product and its factors, with ``-Highest(-x)`` counted as a plain factor.

    Returns
    -------
    coefficient, factors
        Each factor for which `lowest_of` holds is to be read as the lowest of its body's opposite,
        without the minus sign, which is in the coefficient already.
    """
    coefficient, rest = product.as_coeff_Mul()
    factors = sp.Mul.make_args(rest)
    return coefficient * (-1) ** sum(map(lowest_of, factors)), factors


def minus(term: Any) -> bool:
    """Whether a term of a sum is read with a minus sign."""
    return bool(flipped(term)[0].is_negative)


def indicator(expr: Any) -> Any:
    """The condition of ``Cases((1, condition), (0, True))``; None for anything else."""
    if isinstance(expr, Cases) and len(expr.args) == 2:
        (one, condition), (zero, otherwise) = expr.args
        if one == 1 and zero == 0 and otherwise == sp.true:
            return condition
    return None


def summand(expr: Sum) -> tuple[Any, Any]:
    """The body and the condition of a sum, with indicators in the body moved to the condition."""
    where: list[Any] = [expr.where]
    factors: list[Any] = []
    for factor in sp.Mul.make_args(expr.body):
        condition = indicator(factor)
        (factors if condition is None else where).append(factor if condition is None else condition)
    return sp.Mul(*factors), sp.And(*where)


def common_denominator(expr: sp.Add) -> int:
    """The denominator that all terms of a sum share, or 1."""
    found = {int(term.as_coeff_Mul()[0].q) for term in expr.args}
    return found.pop() if len(found) == 1 else 1


# --- parts that come back --------------------------------------------------------------------------


class Named(sp.Symbol):
    """Stands for a part of a rule that is written out once, elsewhere."""


class NamedFlag(Boolean):
    """The same for a condition."""

    def __new__(cls, name: str) -> NamedFlag:
        return sp.Basic.__new__(cls, sp.Symbol(name))

    @property
    def name(self) -> str:
        return self.args[0].name

    def _sympystr(self, printer: Any) -> str:
        return self.name


@dataclass(frozen=True)
class Reading:
    """A rule as it is read: named parts first, then what an agent gets and pays.

    Parameters
    ----------
    parts : tuple of (str, expression)
        Names and what they stand for; later ones may use earlier ones.
    allocation, payment : expression
    """

    parts: tuple[tuple[str, Any], ...]
    allocation: Any
    payment: Any


def reading(rule: Rule) -> Reading:
    """Name the parts of a rule that come back, and whoever is chosen by it.

    Examples
    --------
    >>> from mechanism.registry import rule
    >>> reading(rule("second-price")).parts
    (('winner', ArgMax(b[j], j, True)),)
    """
    if rule.rounds is not None:
        return _round_by_round(rule.rounds)
    allowed = {rule.agent, rule.good} - {None}
    exprs, taken = [rule.allocation, rule.payment], _names_in_use(rule)
    parts: list[tuple[str, Any]] = []
    while (found := _next(exprs, allowed)) is not None:
        name = _name(found, taken)
        taken.add(name)
        symbol = NamedFlag(name) if isinstance(found, Boolean) else Named(name)
        exprs = [e.xreplace({found: symbol}) for e in exprs]
        parts = [(n, e.xreplace({found: symbol})) for n, e in parts]
        parts.append((name, found))
    return Reading(tuple(_in_order(parts)), *exprs)


def _round_by_round(rounds: Rounds) -> Reading:
    """What is remembered, what is worked out in a round, and what becomes of it."""
    return Reading(
        (
            *((f"{s.entry} at first", s.initial) for s in rounds.states),
            ("another round", rounds.guard),
            *((f"{t.entry} in a round", t.value) for t in rounds.terms),
            *((f"{s.entry} after a round", s.update) for s in rounds.states),
        ),
        rounds.allocation,
        rounds.payment,
    )


def _next(exprs: list[Any], allowed: set) -> Any:
    """The smallest part that deserves a name."""
    places: dict[Any, int] = {}  # in how many different expressions a part stands
    seen: set[Any] = set()
    left = list(exprs)
    while left:
        node = left.pop()
        places[node] = places.get(node, 0) + 1
        if node not in seen:
            seen.add(node)
            left += [a for a in node.args if isinstance(a, (sp.Expr, Boolean, sp.Tuple))]
    chosen = [node for node, times in places.items() if _deserves(node, times, allowed)]
    return min(chosen, key=lambda node: (_size(node), str(node)), default=None)


def _deserves(node: Any, times: int, allowed: set) -> bool:
    free = {s for s in node.free_symbols if isinstance(s, Index)}
    if not free <= allowed or not node.args:
        return False
    if isinstance(node, (ArgMax, First)):
        return True
    if isinstance(node, Sum) and node.body == 1 and isinstance(_unnegated(node.where), Flag):
        return False  # as short as a name: #buyer
    if isinstance(node, (Rank, Greedy)):
        return times > 1
    kinds = (Highest, KthHighest, Sum, Cases, sp.Add, sp.And, sp.Or)
    return times > 1 and isinstance(node, kinds) and _size(node) >= _WORTH_A_NAME


def _unnegated(condition: Any) -> Any:
    return condition.args[0] if isinstance(condition, sp.Not) else condition


def _size(node: Any) -> int:
    return sum(1 for part in sp.preorder_traversal(node) if not isinstance(part, Family))


def _names_in_use(rule: Rule) -> set[str]:
    return {s.name for part in (rule.allocation, rule.payment) for s in part.atoms(sp.Symbol)}


def _name(node: Any, taken: set[str]) -> str:
    for name in _suggestions(node):
        if name not in taken:
            return name
    raise AssertionError("there is always one more letter")


def _suggestions(node: Any) -> list[str]:
    first: list[str] = []
    if isinstance(node, (ArgMax, First)):
        first = ["winner"] if node.var.sort == "agent" else ["chosen"]
    elif isinstance(node, Rank):
        first = ["place"]
    elif isinstance(node, Greedy):
        first = ["served"]
    elif isinstance(node, Sum) and node.body == 1:
        first = ["K", "N"]
    elif isinstance(node, Cases) and isinstance(node.args[0][0], Rank):
        first = ["place"]
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    return [*first, *letters, *(f"{letter}{n}" for n in range(1, 100) for letter in letters)]


def _in_order(parts: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Each part after those it uses."""
    done: list[tuple[str, Any]] = []
    left = list(parts)
    while left:
        ahead = {name for name, _ in left}
        ready = next(p for p in left if not _uses(p[1]) & ahead)
        left.remove(ready)
        done.append(ready)
    return done


def _uses(expr: Any) -> set[str]:
    return {
        node.name for node in sp.preorder_traversal(expr) if isinstance(node, (Named, NamedFlag))
    }


__all__ = [
    "Count", "Named", "NamedFlag", "Reading", "common_denominator", "flipped", "indicator", "lowest_of",
    "minus", "negative", "reading", "summand",
]  # fmt: skip
