"""Sums and quantifiers over agents, ranks and slots: all of them become ranges of places.

The agents of a side are the places of its order, whoever stands there. What holds somewhere holds at a
witness, and is known to hold where it is seen at one of the places that occur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import count
from typing import Any

import sympy as sp
import z3

from mechanism.language import ForAll, Index, KthHighest, Sum, World, at
from proofs.engines.engine import NotAccepted
from proofs.lowering.ranked_cases import Case
from proofs.lowering.ranked_orders import Orders, Ranked
from proofs.lowering.ranked_sequences import Order
from proofs.lowering.ranked_sums import Sums
from proofs.lowering.ranked_terms import condition, inside, plus, term
from proofs.lowering.ranked_theory import Theory
from proofs.lowering.terms import conj, disj, negate

Env = dict[Index, Any]


@dataclass(frozen=True)
class Range:
    """The places 1 to `high`, what an index stands for at one, and the order they are places of."""

    high: Any
    at: Callable[[Any], Any]
    order: Order | None = None


@dataclass(frozen=True)
class Some:
    """That a condition holds somewhere in a range: `flag` follows from it at any place."""

    flag: Any
    range: Range
    body: Callable[[Any], Any]


class Ranges:
    """The part of the lowering that ranges over places. See `proofs.lowering.ranked.ByRank`."""

    case: Case
    theory: Theory
    sums: Sums
    orders: Orders
    premises: list[Any]

    def __init__(self) -> None:
        self._somes: list[Some] = []
        self._fresh = count()

    def read(self, expr: Any, env: Env, world: World) -> Any:
        """An expression as a number, a condition or an agent."""
        raise NotImplementedError

    def group(self, expr: Any, env: Env, world: World) -> tuple[Order, Any]:
        """The order an operator ranks by, and the rank of the one agent it leaves out (or None)."""
        raise NotImplementedError

    def slots(self) -> Any:
        """The number of slots."""
        raise NotImplementedError

    def assume(self, *conditions: Any) -> None:
        """Add premises."""
        self.premises += [c for c in conditions if c is not True]

    def ranges(self, var: Index, world: World) -> Iterator[Range]:
        """What an index ranges over."""
        if var.sort == "agent":
            for side in self.case.every_side:
                order = self.orders.standing(side, world)
                yield Range(order.count, partial(Ranked, order), order)
        elif var.sort == "rank":
            yield Range(term(self.orders.everybody(world)), lambda place: place)
        elif var.sort == "slot":
            yield Range(self.slots(), lambda place: place)
        else:
            raise NotAccepted(f"the index {var} is over {var.sort}s")

    def total(self, expr: Sum, env: Env, world: World) -> Any:
        """A sum."""
        parts = []
        for part in self.ranges(expr.var, world):

            def body(place: Any, part: Range = part) -> tuple[Any, Any]:
                inner = {**env, expr.var: part.at(place)}
                where = self.read(expr.where, inner, world)
                return where, Fraction(0) if where is False else self.read(expr.body, inner, world)

            parts.append(self.sums.over(part.high, body))
        return plus(parts)

    def quantified(self, expr: Any, env: Env, world: World) -> Any:
        """Whether something holds somewhere, or everywhere."""
        universal = isinstance(expr, ForAll)
        if universal and (apart := self._apart(expr, env, world)) is not None:
            return apart
        flag = z3.Bool(f"some.{next(self._fresh)}")
        found: list[Any] = []
        for part in self.ranges(expr.var, world):

            def body(place: Any, part: Range = part) -> Any:
                inner = {**env, expr.var: part.at(place)}
                there = self.read(expr.where, inner, world)
                if there is False:
                    return False
                holds = self.read(expr.body, inner, world)
                return conj([there, negate(holds) if universal else holds])

            witness = z3.Int(f"w.{flag}.{len(found)}")
            here = body(witness)
            self.sums.closed(condition(here))
            found.append(conj([inside(1, witness, part.high), here]))
            if here is not False:
                self._somes.append(Some(flag, part, body))
        if disj(found) is False:
            return universal
        self.assume(z3.Implies(flag, condition(disj(found))))
        return negate(flag) if universal else flag

    def _apart(self, expr: ForAll, env: Env, world: World) -> Any:
        """A flag that says that no two agents have equal keys, if that is what is said.

        Only what follows from the flag is stated: it stands in premises.
        """
        inner, var = expr.body, expr.var
        if not (isinstance(inner, ForAll) and isinstance(inner.body, sp.Ne)):
            return None
        other = {var: inner.var}
        for key in inner.body.args:
            where = sp.And(sp.Ne(var, inner.var), at("", expr.where, other))
            if inner.args == (sp.Ne(key, at("", key, other)), inner.var, where):
                order, left_out = self.group(KthHighest(1, key, var, expr.where), env, world)
                if left_out is not None:
                    return None
                flag = z3.Bool(f"apart.{order.name}")
                self.theory.definitions += [z3.Implies(flag, c) for c in order.apart()]
                order.others.apart.append(flag)
                return flag
        return None

    def instances(self, formulas: list[Any]) -> list[Any]:
        """What holds somewhere, at every place that occurs."""
        if not self._somes:
            return []
        places = self.theory.places(*formulas, *self.theory.facts)
        before, made, done = len(self.premises), [], 0
        while done < len(self._somes):
            some, done = self._somes[done], done + 1
            order = some.range.order
            found = [p for s, ps in places.items() for p in ps
                     if order is None or s is order or s is order.others]  # fmt: skip
            found += [] if order is None else order.ranks.values()
            for place in {p.get_id(): p for p in found}.values():
                holds = conj([inside(1, place, some.range.high), some.body(place)])
                made.append(z3.Implies(condition(holds), some.flag))
        # Conditions inside others bring premises of their own.
        return [*made, *map(condition, self.premises[before:])]
