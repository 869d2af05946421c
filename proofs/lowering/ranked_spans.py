"""Ranges of places, and how a term depends on a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import z3

from proofs.lowering.ranked_terms import inside, occurs, of_kind, times


@dataclass
class Known:
    """What is known of ranks while a sum is written out: enough to drop ranges that are empty.

    Parameters
    ----------
    positive : callable
        Gives numbers that are at least 1.
    facts : list
        Further conditions, if any; only then a solver is asked.
    """

    positive: Callable[[], list[Any]]
    facts: list[Any] = field(default_factory=list)

    def at_most(self, one: Any, other: Any) -> bool:
        """Whether the one number is surely at most the other."""
        gap = z3.simplify(other - one)
        if z3.is_int_value(gap):
            return gap.as_long() >= 0
        if z3.is_int_value(one) and one.as_long() <= 1:
            gaps = (z3.simplify(other - number) for number in self.positive())
            if any(z3.is_int_value(gap) and gap.as_long() >= 0 for gap in gaps):
                return True
        if not self.facts:
            return False
        solver = z3.Solver()
        solver.add(*self.facts, *(number >= 1 for number in self.positive()), one > other)
        return solver.check() == z3.unsat

    def lowest(self, one: Any, other: Any) -> Any:
        """The smaller of two."""
        if self.at_most(one, other):
            return one
        return other if self.at_most(other, one) else z3.If(one <= other, one, other)

    def highest(self, one: Any, other: Any) -> Any:
        """The larger of two."""
        if self.at_most(one, other):
            return other
        return one if self.at_most(other, one) else z3.If(one >= other, one, other)


@dataclass(frozen=True)
class Span:
    """The places from `low` to `high`, or of them only the place `point`.

    Where `whole`, it is known that ``high >= low - 1``.
    """

    known: Known
    low: Any
    high: Any
    point: Any = None
    whole: bool = False

    @property
    def empty(self) -> bool:
        """Whether it surely holds no place."""
        here = self.low if self.point is None else self.point
        last = self.high if self.point is None else self.point
        at_most = self.known.at_most
        return (
            at_most(self.high + 1, self.low)
            or at_most(self.high + 1, here)
            or at_most(last + 1, self.low)
        )

    def start(self, low: Any) -> Span:
        """Only the places from `low` on."""
        return replace(self, low=self.known.highest(self.low, low), whole=False)

    def stop(self, high: Any) -> Span:
        """Only the places up to `high`."""
        return replace(self, high=self.known.lowest(self.high, high), whole=False)

    def at(self, point: Any) -> Span:
        """Only one place."""
        return replace(self, point=point)

    def holds(self) -> Any:
        """Whether the one place is in the range."""
        return inside(self.low, self.point, self.high)

    def length(self) -> Any:
        """How many places there are."""
        if self.point is not None:
            return z3.If(self.holds(), z3.IntVal(1), z3.IntVal(0))
        length = z3.simplify(self.high - self.low + 1)
        return length if self.whole else z3.If(self.high >= self.low, length, z3.IntVal(0))


def cases_on(value: Any, place: Any) -> tuple[Any, Any, Any] | None:
    """A case distinction inside a term that depends on the place, and the term in either case."""
    for node in of_kind(z3.Z3_OP_ITE, value):
        if occurs(place, node.arg(0)):
            when, one, two = node.children()
            return when, z3.substitute(value, (node, one)), z3.substitute(value, (node, two))
    return None


def bound_on(test: Any, place: Any) -> tuple[str, Any]:
    """Read a comparison as one of the place with a bound: ``("<=", bound)``, also ``">"`` and ``"=="``,
    or ``("", None)`` where it is none.
    """
    kinds = {
        z3.Z3_OP_LE: "<=",
        z3.Z3_OP_GE: ">=",
        z3.Z3_OP_LT: "<",
        z3.Z3_OP_GT: ">",
        z3.Z3_OP_EQ: "==",
    }
    kind = kinds.get(test.decl().kind())
    if kind is None or not z3.is_int(test.arg(0)):
        return "", None
    left = z3.simplify(test.arg(0) - test.arg(1))
    for sign in (1, -1):
        rest = z3.simplify(left - sign * place)
        if not occurs(place, rest):
            break
    else:
        return "", None
    bound = z3.simplify(-sign * rest)
    if sign < 0:
        kind = {"<=": ">=", ">=": "<=", "<": ">", ">": "<", "==": "=="}[kind]
    if kind in ("<", ">="):
        bound = z3.simplify(bound - 1)
    return {"<": "<=", ">=": ">"}.get(kind, kind), bound


def factored(value: Any, place: Any) -> tuple[Any, Any]:
    """A product as what does not depend on the place, times the rest."""
    if not z3.is_mul(value):
        return Fraction(1), value
    fixed = [part for part in value.children() if not occurs(place, part)]
    moving = [part for part in value.children() if occurs(place, part)]
    return times([Fraction(1), *fixed]), times(moving)
