"""Sums over ranks and slots, in closed form.

A condition on the rank splits the range; where a condition is no comparison with a bound but is shown
to hold for the first K ranks and no others, K is a number of its own. What then still depends on the
rank becomes a prefix sum P(m) = t(1) + ... + t(m), of which three things are used: its first and last
terms, that equal terms give the same P, and that a term-wise comparison carries over to the sums (by
induction over their length).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import permutations
from typing import Any, ClassVar

import z3

from proofs.engines.engine import NotAccepted
from proofs.lowering.ranked_sequences import Order, Theory
from proofs.lowering.ranked_terms import (
    choose,
    highest,
    inside,
    lowest,
    nodes,
    occurs,
    plus,
    put,
    times,
)

Q = z3.Int("q")
ZERO = Fraction(0)
MANY = 4  # more sums than this are only compared with zero
Decide = Callable[[str, list[Any]], bool]


@dataclass(frozen=True)
class Span:
    """The places from `low` to `high`, or of them only the place `point`.

    Where `whole`, it is known that ``high >= low - 1``.
    """

    low: Any
    high: Any
    point: Any = None
    whole: bool = False

    @property
    def empty(self) -> bool:
        gap = z3.simplify(self.high - self.low)
        return z3.is_int_value(gap) and gap.as_long() < 0

    def length(self) -> Any:
        if self.point is not None:
            return z3.If(inside(self.low, self.point, self.high), z3.IntVal(1), z3.IntVal(0))
        length = z3.simplify(self.high - self.low + 1)
        return length if self.whole else z3.If(self.high >= self.low, length, z3.IntVal(0))


@dataclass(eq=False)
class Prefix:
    """``key(m)`` is the sum of `body` over the places 1 to m; `body` is a term in `Q`."""

    name: str
    body: Any
    parts: tuple[tuple[Any, Prefix], ...] = ()
    highs: dict[int, Any] = field(default_factory=dict)
    over: list[Prefix | None] = field(default_factory=list)
    under: list[Prefix] = field(default_factory=list)
    reach: ClassVar[int] = 1

    @cached_property
    def key(self) -> Any:
        return z3.Function(self.name, z3.IntSort(), z3.RealSort())

    @property
    def functions(self) -> tuple[Any, ...]:
        return (self.key,)

    def used(self, place: Any) -> Any:
        """Whether a place is in a range that is summed over."""
        return z3.Or(*(place <= high for high in self.highs.values()))

    def at(self, place: Any) -> Iterator[Any]:
        yield z3.Implies(place == 0, self.key(place) == 0)
        if self.parts:
            whole = plus(times([factor, part.key(place)]) for factor, part in self.parts)
            yield z3.Implies(place >= 0, self.key(place) == whole)
        for upper in (self, *self.under):
            yield from upper._compared(z3.IntVal(0), place)

    def pair(self, one: Any, other: Any) -> Iterator[Any]:
        gap = z3.simplify(other - one)
        if z3.is_int_value(gap) and abs(gap.as_long()) == 1:
            first, second = (one, other) if gap.as_long() > 0 else (other, one)
            step = self.key(second) == self.key(first) + put(self.body, Q, second)
            yield z3.Implies(second >= 1, step)
        yield from self._compared(one, other)

    def _compared(self, one: Any, other: Any) -> Iterator[Any]:
        """That the sum over a range is above the others, where every term is."""
        for lower in self.over:
            for first, second in ((one, other), (other, one)):
                guard = [0 <= first, first <= second, self.used(second)]
                gap, least = self.key(second) - self.key(first), z3.RealVal(0)
                if lower is not None:
                    guard.append(lower.used(second))
                    least = lower.key(second) - lower.key(first)
                yield z3.Implies(z3.And(*guard), gap >= least)


class Sums:
    """Closed forms of sums.

    Parameters
    ----------
    theory : Theory
    decide : callable
        Shows a conjunction unsatisfiable; the first argument says in words what that means.
    unfold : bool
        Write prefix sums over the sequence of the others, which all worlds share, rather than over that
        of everybody in one world.
    """

    def __init__(self, theory: Theory, decide: Decide, unfold: bool) -> None:
        self.theory, self.decide, self.unfold = theory, decide, unfold
        self.bound: list[Any] = []
        self.positive: Callable[[], list[Any]] = list
        self.prefixes: dict[str, Prefix] = {}
        self._bounds: dict[tuple[str, ...], tuple[Any, bool]] = {}

    def over(self, high: Any, body: Callable[[Any], tuple[Any, Any]]) -> Any:
        """The sum over the places 1 to `high`; `body` gives condition and value at a place."""
        place = z3.Int(f"q{len(self.bound)}")
        self.bound.append(place)
        try:
            where, value = body(place)
            span = Span(z3.IntVal(1), high, whole=True)
            return self._split(where, place, span, lambda s: self._sum(value, place, s), lambda s: ZERO)
        finally:
            self.bound.pop()

    def closed(self, *terms: Any, but: Any = None) -> None:
        """Refuse terms that depend on a place that is summed over (other than `but`)."""
        if any(occurs(place, whole) for place in self.bound if place is not but for whole in terms):
            raise NotAccepted("a condition inside a sum depends on the place and is no comparison with it")

    # --- ranges --------------------------------------------------------------------------------

    def _from(self, span: Span, low: Any) -> Span:
        start = low if z3.eq(span.low, z3.IntVal(1)) and self._positive(low) else highest(span.low, low)
        return replace(span, low=start, whole=False)

    def _to(self, span: Span, high: Any) -> Span:
        return replace(span, high=lowest(span.high, high), whole=False)

    def _positive(self, number: Any) -> bool:
        gaps = (z3.simplify(number - p) for p in (*self.positive(), *self.bound))
        return any(z3.is_int_value(gap) and gap.as_long() >= 0 for gap in gaps)

    def _split(self, test: Any, place: Any, span: Span, yes: Callable, no: Callable) -> Any:
        """The sum over where the test holds, plus the sum over where it does not."""
        if span.empty:
            return ZERO
        if isinstance(test, bool):
            return yes(span) if test else no(span)
        if not occurs(place, test):
            return choose(test, yes(span), no(span))
        if span.point is not None:
            return choose(put(test, place, span.point), yes(span), no(span))
        if z3.is_not(test):
            return self._split(test.arg(0), place, span, no, yes)
        if z3.is_and(test) or z3.is_or(test):
            first, *rest = test.children()
            if z3.is_and(test):
                then = lambda s: self._split(z3.And(*rest) if rest else True, place, s, yes, no)  # noqa: E731
                return self._split(first, place, span, then, no)
            other = lambda s: self._split(z3.Or(*rest) if rest else False, place, s, yes, no)  # noqa: E731
            return self._split(first, place, span, yes, other)
        cases = _cases_on(test, place)
        if cases is not None:
            when, one, two = cases
            return self._split(when, place, span, lambda s: self._split(one, place, s, yes, no),
                               lambda s: self._split(two, place, s, yes, no))  # fmt: skip
        return self._compared(test, place, span, yes, no)

    def _compared(self, test: Any, place: Any, span: Span, yes: Callable, no: Callable) -> Any:
        kind, bound = _bound(test, place)
        if kind == "==":
            sides = plus([no(self._to(span, bound - 1)), no(self._from(span, bound + 1))])
            return plus([yes(replace(span, point=bound)), sides])
        if kind == "":
            bound, holds_first = self._last(test, place, span)
            yes, no = (yes, no) if holds_first else (no, yes)
            return plus([yes(replace(span, high=bound, whole=True)), no(replace(span, low=bound + 1, whole=span.whole))])
        yes, no = (yes, no) if kind == "<=" else (no, yes)
        return plus([yes(self._to(span, bound)), no(self._from(span, bound + 1))])

    def _last(self, test: Any, place: Any, span: Span) -> tuple[Any, bool]:
        """The last place at which a test holds that holds at the first ones only (or fails there)."""
        general = put(test, place, Q)
        self.closed(general, span.low, span.high, but=place)
        key = (general.sexpr(), span.low.sexpr(), span.high.sexpr())
        if key not in self._bounds:
            last = z3.Int(f"K.{len(self._bounds)}")
            for holds_first in (True, False):
                here = general if holds_first else z3.Not(general)
                step = [span.low <= Q, Q + 1 <= span.high, put(here, Q, Q + 1), z3.Not(here)]
                if self.decide("what holds at a rank holds at the ranks before it", self.theory.sorted(step)):
                    break
            else:
                raise NotAccepted(f"the ranks at which {test.sexpr()} are not the first ones")
            self.theory.definitions += [
                z3.And(span.low - 1 <= last, z3.Or(last <= span.high, last == span.low - 1)),
                z3.Implies(last >= span.low, put(here, Q, last)),
                z3.Implies(last < span.high, z3.Not(put(here, Q, last + 1))),
            ]
            self._bounds[key] = last, holds_first
        return self._bounds[key]

    # --- terms ---------------------------------------------------------------------------------

    def _sum(self, value: Any, place: Any, span: Span) -> Any:
        if span.empty or (value == 0 and isinstance(value, Fraction)):
            return ZERO
        if span.point is not None:
            return choose(inside(span.low, span.point, span.high), put(value, place, span.point), ZERO)
        if not occurs(place, value):
            return times([span.length(), value])
        cases = _cases_on(value, place)
        if cases is not None:
            when, one, two = cases
            return self._split(when, place, span, lambda s: self._sum(one, place, s),
                               lambda s: self._sum(two, place, s))  # fmt: skip
        value = z3.simplify(value)
        if self.unfold and (read := self._inserted(value, place)) is not None:
            return self._unfold(value, place, span, *read)
        factor, rest = _factor(value, place)
        prefix = self._prefix(put(rest, place, Q))
        prefix.highs[span.high.get_id()] = span.high
        whole = prefix.key(span.high) - prefix.key(z3.simplify(span.low - 1))
        nonempty = True if span.whole else span.high >= span.low
        return choose(nonempty, times([factor, whole]), ZERO)

    def _prefix(self, body: Any) -> Prefix:
        self.closed(body)
        key = body.sexpr()
        if key not in self.prefixes:
            parts: tuple = ()
            if z3.is_add(body) and all(occurs(Q, part) for part in body.children()):
                factored = [_factor(part, Q) for part in body.children()]
                parts = tuple((factor, self._prefix(rest)) for factor, rest in factored)
            self.prefixes[key] = Prefix(f"sum.{len(self.prefixes)}", body, parts)
            self.theory.enter(self.prefixes[key])
        return self.prefixes[key]

    def _inserted(self, value: Any, place: Any) -> tuple[Any, Order] | None:
        for node in nodes(value):
            if node.num_args() == 1 and occurs(place, node.arg(0)):
                for owner in self.theory.owners.get(node.decl().name(), ()):
                    if isinstance(owner, Order):
                        return node, owner
        return None

    def _unfold(self, value: Any, place: Any, span: Span, read: Any, order: Order) -> Any:
        shift = z3.simplify(read.arg(0) - place)
        if occurs(place, shift):
            raise NotAccepted(f"the sum reads {read.sexpr()}")
        part = order.functions.index(read.decl())

        def go(agents: list[int], passed: int, span: Span) -> Any:
            if not agents:
                other = order.others.functions[part](z3.simplify(place + shift - passed))
                return self._sum(z3.substitute(value, (read, other)), place, span)
            agent, *rest = agents
            here = z3.simplify(order.ranks[agent] - shift)
            mine = z3.substitute(value, (read, order.named[agent][part]))
            return plus([
                go(rest, passed, self._to(span, here - 1)),
                self._sum(mine, place, replace(span, point=here)),
                go(rest, passed + 1, self._from(span, here + 1)),
            ])  # fmt: skip

        return go(list(order.named), 0, span)

    # --- comparisons ---------------------------------------------------------------------------

    def relate(self, premises: list[Any]) -> int:
        """Show which prefix sums are above others, or above zero, term by term; how many."""
        made = list(self.prefixes.values())
        found = 0
        pairs = permutations(made, 2) if len(made) <= MANY else ()
        for upper, lower in [*((p, None) for p in made), *pairs]:
            least = z3.RealVal(0) if lower is None else lower.body
            guards = [p.used(Q) for p in (upper, lower) if p is not None and p.highs]
            step = [*premises, Q >= 1, *guards, upper.body < least]
            name = lower.name if lower is not None else "zero"
            if self.decide(f"term by term, {upper.name} is at least {name}", self.theory.close(step)):
                upper.over.append(lower)
                if lower is not None:
                    lower.under.append(upper)
                found += 1
        return found


def _cases_on(value: Any, place: Any) -> tuple[Any, Any, Any] | None:
    """A case distinction inside a term that depends on the place, and the term in either case."""
    if not z3.is_expr(value):
        return None
    for node in nodes(value):
        if z3.is_app_of(node, z3.Z3_OP_ITE) and occurs(place, node.arg(0)):
            when, one, two = node.children()
            return when, z3.substitute(value, (node, one)), z3.substitute(value, (node, two))
    return None


def _bound(test: Any, place: Any) -> tuple[str, Any]:
    """Read a comparison as one of the place with a bound: ``("<=", bound)`` and so on, or ``("", None)``."""
    kinds = {z3.Z3_OP_LE: "<=", z3.Z3_OP_GE: ">=", z3.Z3_OP_LT: "<", z3.Z3_OP_GT: ">", z3.Z3_OP_EQ: "=="}
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
    if kind == "==":
        return kind, bound
    if sign < 0:
        kind = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}[kind]
    return {"<=": ("<=", bound), "<": ("<=", z3.simplify(bound - 1)),
            ">=": (">", z3.simplify(bound - 1)), ">": (">", bound)}[kind]  # fmt: skip


def _factor(value: Any, place: Any) -> tuple[Any, Any]:
    """A product as what does not depend on the place, times the rest."""
    if not z3.is_mul(value):
        return Fraction(1), value
    fixed = [part for part in value.children() if not occurs(place, part)]
    moving = [part for part in value.children() if occurs(place, part)]
    return times([Fraction(1), *fixed]), times(moving)
