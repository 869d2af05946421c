"""Sums over ranks and slots, in closed form.

A condition on the rank splits the range; where a condition is no comparison with a bound but is shown
to hold for the first K ranks and no others, K is a number of its own. What then still depends on the
rank becomes a prefix sum P(m) = t(1) + ... + t(m), of which three things are used: what one term more
adds, that equal terms give the same P, and that a term-wise comparison carries over to the sums (by
induction over their length).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from typing import Any

import z3

from proofs.engines.engine import NotAccepted
from proofs.lowering.ranked_orders import Orders
from proofs.lowering.ranked_prefix import Prefix, Q
from proofs.lowering.ranked_sequences import Order
from proofs.lowering.ranked_spans import Known, Span, bound_on, cases_on, factored
from proofs.lowering.ranked_terms import choose, occurs, of_kind, plus, put, times
from proofs.lowering.ranked_theory import Theory

ZERO = Fraction(0)
MANY = 4  # more sums than this are only compared with zero
Decide = Callable[[str, list[Any]], bool]


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
    orders : Orders
        The ranks of the named agents, and what is supposed of them.
    """

    def __init__(self, theory: Theory, decide: Decide, unfold: bool, orders: Orders) -> None:
        self.theory, self.decide, self.unfold = theory, decide, unfold
        self.bound: list[Any] = []
        self.known = Known(lambda: [*orders.ranks(), *self.bound], orders.supposed)
        self.prefixes: dict[str, Prefix] = {}
        self._lasts: dict[tuple[str, ...], tuple[Any, bool]] = {}

    def over(self, high: Any, body: Callable[[Any], tuple[Any, Any]]) -> Any:
        """The sum over the places 1 to `high`; `body` gives condition and value at a place."""
        place = z3.Int(f"q{len(self.bound)}")
        self.bound.append(place)
        try:
            where, value = body(place)
            span = Span(self.known, z3.IntVal(1), high, whole=True)
            return self._split(
                where, place, span, lambda s: self._sum(value, place, s), lambda s: ZERO
            )
        finally:
            self.bound.pop()

    def _bound_in(self, *terms: Any, but: Any = None) -> bool:
        return any(occurs(place, t) for place in self.bound if place is not but for t in terms)

    def closed(self, *terms: Any, but: Any = None) -> None:
        """Refuse terms that depend on a place that is summed over (other than `but`)."""
        if self._bound_in(*terms, but=but):
            raise NotAccepted(
                "a condition inside a sum depends on the place and is no comparison with it"
            )

    def relate(self, premises: list[Any]) -> bool:
        """Show which prefix sums are above others, or above zero, term by term; whether any is."""
        made = [prefix for prefix in self.prefixes.values() if prefix.ranges]
        pairs = permutations(made, 2) if len(made) <= MANY else ()
        for upper in made:
            self._compare(premises, upper, None, (upper,))
        for upper, lower in pairs:
            if self._compare(premises, upper, lower, (upper, lower)):
                self._compare(premises, upper, lower, (upper,))
                lower.under.append(upper)
        return any(prefix.over for prefix in made)

    def _compare(
        self, premises: list[Any], upper: Prefix, lower: Prefix | None, where: tuple[Prefix, ...]
    ) -> bool:
        least, name = (z3.RealVal(0), "zero") if lower is None else (lower.body, lower.name)
        step = [*premises, *(p.covers(Q, Q) for p in where), upper.body < least]
        words = f"{upper.name} is at least {name}, term by term"
        shown = self.decide(words, self.theory.close(step))
        if shown:
            upper.put_over(lower, where)
        return shown

    # --- ranges --------------------------------------------------------------------------------

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
            first, *others = test.children()
            if z3.is_and(test):
                rest = z3.And(*others) if others else True
                yes, then = (lambda s, y=yes, n=no: self._split(rest, place, s, y, n)), no
            else:
                rest = z3.Or(*others) if others else False
                then = lambda s, y=yes, n=no: self._split(rest, place, s, y, n)  # noqa: E731
            return self._split(first, place, span, yes, then)
        if (cases := cases_on(test, place)) is not None:
            when, one, two = cases
            return self._split(when, place, span, lambda s: self._split(one, place, s, yes, no),
                               lambda s: self._split(two, place, s, yes, no))  # fmt: skip
        return self._compared(test, place, span, yes, no)

    def _compared(self, test: Any, place: Any, span: Span, yes: Callable, no: Callable) -> Any:
        kind, bound = bound_on(test, place)
        if kind == "==":
            return plus([yes(span.at(bound)), no(span.stop(bound - 1)), no(span.start(bound + 1))])
        if kind:
            first, second = (yes, no) if kind == "<=" else (no, yes)
            return plus([first(span.stop(bound)), second(span.start(bound + 1))])
        last, holds_first = self._last(test, place, span)
        first, second = (yes, no) if holds_first else (no, yes)
        before, after = replace(span, high=last, whole=True), replace(span, low=last + 1)
        return plus([first(before), second(after)])

    def _last(self, test: Any, place: Any, span: Span) -> tuple[Any, bool]:
        """The last place up to which a test holds, if it holds at the first places only; else up to
        which it fails, if it holds at the last ones only.
        """
        general = put(test, place, Q)
        self.closed(general, span.low, span.high, but=place)
        key = (general.sexpr(), span.low.sexpr(), span.high.sexpr())
        if key not in self._lasts:
            last = z3.Int(f"K.{len(self._lasts)}")
            for holds_first in (True, False):
                here = general if holds_first else z3.Not(general)
                step = [span.low <= Q, Q + 1 <= span.high, put(here, Q, Q + 1), z3.Not(here)]
                if self.decide(
                    "what holds at a rank holds at the ranks before", self.theory.sorted(step)
                ):
                    break
            else:
                raise NotAccepted(
                    f"the ranks at which {test.sexpr()} are not the first ones, or the last"
                )
            self.theory.definitions += [
                z3.And(span.low - 1 <= last, z3.Or(last <= span.high, last == span.low - 1)),
                z3.Implies(last >= span.low, put(here, Q, last)),
                z3.Implies(last < span.high, z3.Not(put(here, Q, last + 1))),
            ]
            self._lasts[key] = last, holds_first
        return self._lasts[key]

    # --- terms ---------------------------------------------------------------------------------

    def _sum(self, value: Any, place: Any, span: Span) -> Any:
        if span.empty or (isinstance(value, Fraction) and value == 0):
            return ZERO
        if not occurs(place, value):
            return times([span.length(), value])
        if span.point is not None:
            return choose(span.holds(), put(value, place, span.point), ZERO)
        if (cases := cases_on(value, place)) is not None:
            when, one, two = cases
            return self._split(when, place, span, lambda s: self._sum(one, place, s),
                               lambda s: self._sum(two, place, s))  # fmt: skip
        value = z3.simplify(value)
        if self.unfold and (read := self._inserted(value, place)) is not None:
            return self._unfold(value, place, span, *read)
        number, rest = factored(value, place)
        prefix = self._prefix(put(rest, place, Q))
        if not self._bound_in(span.high):
            low = z3.IntVal(1) if self._bound_in(span.low) else span.low
            if not any(low.eq(first) and span.high.eq(last) for first, last in prefix.ranges):
                prefix.ranges.append((low, span.high))
        whole = prefix.upto(span.high) - prefix.upto(z3.simplify(span.low - 1))
        return choose(True if span.whole else span.high >= span.low, times([number, whole]), ZERO)

    def _prefix(self, body: Any) -> Prefix:
        self.closed(body)
        key = body.sexpr()
        if key not in self.prefixes:
            parts: tuple = ()
            if z3.is_add(body) and all(occurs(Q, part) for part in body.children()):
                split = [factored(part, Q) for part in body.children()]
                parts = tuple((number, self._prefix(rest)) for number, rest in split)
            self.prefixes[key] = Prefix(f"sum.{len(self.prefixes)}", body, parts)
            self.theory.enter(self.prefixes[key])
        return self.prefixes[key]

    def _inserted(self, value: Any, place: Any) -> tuple[Any, Order] | None:
        """A place-dependent reading of an order with named agents, and the order."""
        for node in of_kind(z3.Z3_OP_UNINTERPRETED, value):
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
                go(rest, passed, span.stop(here - 1)),
                self._sum(mine, place, span.at(here)),
                go(rest, passed + 1, span.start(here + 1)),
            ])  # fmt: skip

        return go(list(order.named), 0, span)
