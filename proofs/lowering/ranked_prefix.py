"""Prefix sums: P(m) = t(1) + ... + t(m), known by their steps and by comparison with each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import z3

from proofs.lowering.ranked_sequences import ONE, TWO, directions
from proofs.lowering.ranked_terms import of_kind, plus, put, times

Q = z3.Int("q")


@dataclass(eq=False)
class Prefix:
    """``key(m)`` is the sum of `body` over the places 1 to m.

    Parameters
    ----------
    body : term in `Q`
    parts : tuple of (factor, Prefix)
        Of a sum of terms, the sum of each.
    ranges : list of (low, high)
        Which places are summed over.
    over : list of condition
        That the sum over the places ONE + 1 to TWO is above that of other terms, or above zero.
    under : list of Prefix
        Those that are above this one.
    """

    name: str
    body: Any
    parts: tuple[tuple[Any, Prefix], ...] = ()
    ranges: list[tuple[Any, Any]] = field(default_factory=list)
    over: list[Any] = field(default_factory=list)
    under: list[Prefix] = field(default_factory=list)
    reach: ClassVar[int] = 1

    @cached_property
    def key(self) -> Any:
        return z3.Function(self.name, z3.IntSort(), z3.RealSort())

    @property
    def functions(self) -> tuple[Any, ...]:
        return (self.key,)

    def upto(self, place: Any) -> Any:
        """The sum up to a place, with the cases of the place made cases of the sum."""
        choices = of_kind(z3.Z3_OP_ITE, place)
        if not choices:
            return self.key(place)
        when, one, two = choices[0].children()
        return z3.If(
            when, self.upto(put(place, choices[0], one)), self.upto(put(place, choices[0], two))
        )

    def covers(self, low: Any, high: Any) -> Any:
        """Whether these places are all in one range that is summed over."""
        return z3.Or(*(z3.And(first <= low, high <= last) for first, last in self.ranges))

    def at(self, place: Any) -> Iterator[Any]:
        """What holds at one place."""
        yield z3.Implies(place == 0, self.key(place) == 0)
        if self.parts:
            whole = plus(times([number, part.key(place)]) for number, part in self.parts)
            yield z3.Implies(place >= 0, self.key(place) == whole)
        for upper in (self, *self.under):
            yield from upper._above(z3.IntVal(0), place)

    def pair(self, one: Any, other: Any) -> Iterator[Any]:
        """What holds at two places."""
        gap = z3.simplify(other - one)
        if z3.is_int_value(gap) and abs(gap.as_long()) == 1:
            first, second = (one, other) if gap.as_long() > 0 else (other, one)
            step = self.key(second) == self.key(first) + put(self.body, Q, second)
            yield z3.Implies(second >= 1, step)
        yield from self._above(one, other)

    def _above(self, one: Any, other: Any) -> Iterator[Any]:
        for comparison in self.over:
            for first, second in directions(one, other):
                yield z3.substitute(comparison, (ONE, first), (TWO, second))

    def put_over(self, lower: Prefix | None, where: tuple[Prefix, ...]) -> None:
        """Keep that the terms are above those of another, at the places that all of `where` sum over."""
        gap, least = self.key(TWO) - self.key(ONE), z3.RealVal(0)
        if lower is not None:
            least = lower.key(TWO) - lower.key(ONE)
        guard = [ONE <= TWO, *(p.covers(ONE + 1, TWO) for p in where)]
        self.over.append(z3.Implies(z3.And(*guard), gap >= least))
