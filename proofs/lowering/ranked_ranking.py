"""What the order of the reports says: the operators that rank agents."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
import z3

from mechanism.language import ArgMax, Flag, Highest, KthHighest, Rank, World
from proofs.engines.engine import NotAccepted
from proofs.lowering.ranked_orders import Agent, Ranked
from proofs.lowering.ranked_ranges import Env, Ranges
from proofs.lowering.ranked_sequences import Order
from proofs.lowering.ranked_terms import choose, term, times

ONE, TWO = z3.IntVal(1), z3.IntVal(2)


class Ranking(Ranges):
    """The part of the lowering that ranks. See `proofs.lowering.ranked.ByRank`."""

    def group(self, expr: Any, env: Env, world: World) -> tuple[Order, Any]:
        side, left_out = None, []
        for part in sp.And.make_args(expr.where):
            test = part.args[0] if isinstance(part, sp.Not) else part
            if isinstance(test, Flag) and test.index == (expr.var,):
                side = test is part
            elif isinstance(part, sp.Ne) and expr.var in part.args:
                left_out.append(self.read(next(a for a in part.args if a != expr.var), env, world))
            elif part != sp.true:
                raise NotAccepted(f"{part} chooses agents by more than their side: {expr}")
        if side is None and self.case.flag is not None:
            raise NotAccepted(f"both sides are ranked together: {expr}")
        order = self.orders.keyed(expr.body, expr.var, side, world)
        ranks = [r for r in (self.orders.rank(a, order) for a in left_out) if r is not None]
        if len(ranks) > 1:
            raise NotAccepted(f"more than one agent is left out: {expr}")
        return order, next(iter(ranks), None)

    def kth(self, expr: KthHighest, env: Env, world: World) -> Any:
        """The k-th highest key."""
        order, out = self.group(expr, env, world)
        place = term(self.read(expr.k, env, world))
        if not z3.is_int(place):
            raise NotAccepted(f"{expr.k} is not a whole number: {expr}")
        return _skip(order, place, out)

    def highest(self, expr: Highest, env: Env, world: World) -> Any:
        """The highest key."""
        order, out = self.group(expr, env, world)
        value, default = _skip(order, ONE, out), self.read(expr.default, env, world)
        if default == 0 and isinstance(default, Fraction):
            return value
        return choose(order.count >= (1 if out is None else 2), value, default)

    def argmax(self, expr: ArgMax, env: Env, world: World) -> Agent:
        """Whoever stands first."""
        order, out = self.group(expr, env, world)
        return Ranked(order, ONE if out is None else z3.If(out == 1, TWO, ONE))

    def rank(self, expr: Rank, env: Env, world: World) -> Any:
        """The rank of an agent; one more than the last where it is not among those ranked."""
        order, out = self.group(expr, env, world)
        if out is not None:
            raise NotAccepted(f"a rank among all but one: {expr}")
        rank = self.orders.rank(self.read(expr.at, env, world), order)
        return order.count + 1 if rank is None else rank


def _skip(order: Order, place: Any, out: Any) -> Any:
    """The key at a place, not counting the agent at rank `out`."""
    place = z3.simplify(place)
    value = order.report(place)
    if out is not None:
        value = z3.If(place < out, value, order.report(z3.simplify(place + 1)))
    return times([Fraction(order.others.sign), value])
