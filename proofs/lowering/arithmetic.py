"""Arithmetic, logic, cases and worlds: the part of a lowering that is the same for every size.

A lowering reads the tree from the top; what differs between them is what an index is, and what the
operators over many agents become.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp
import z3
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from mechanism.language import Cases, Max, Min
from proofs.engines.engine import NotAccepted
from proofs.lowering.terms import (
    choose,
    choose_condition,
    compare,
    condition,
    conj,
    disj,
    iff,
    implies,
    negate,
    plus,
    times,
)


class Arithmetic:
    """What `read` does with numbers and conditions.

    A subclass gives `read`, `state` (to assert a fact) and `fresh` (a new real).
    """

    def read(self, expr: Any, env: Any = None, world: Any = None) -> Any:
        """The term of an expression."""
        raise NotImplementedError

    def state(self, fact: Any) -> None:
        """Assert what defines a fresh constant."""
        raise NotImplementedError

    def fresh(self, kind: str) -> Any:
        """A new real constant."""
        raise NotImplementedError

    def constant_of(self, expr: Any) -> Any:
        """A rational or a truth value; whatever else gets here has no encoding."""
        if isinstance(expr, sp.Rational):
            return Fraction(int(expr.p), int(expr.q))
        if isinstance(expr, (BooleanTrue, BooleanFalse)):
            return bool(expr)
        raise NotAccepted(f"{type(expr).__name__} has no encoding here")

    def cases(self, expr: Cases, env: Any, world: Any) -> Any:
        value: Any = Fraction(0)
        for one, test in reversed(expr.args):
            guard = self.read(test, env, world)
            if guard is not False:
                value = choose(guard, self.read(one, env, world), value)
        return value

    def product(self, expr: sp.Mul, env: Any, world: Any) -> Any:
        below = [f for f in expr.args if isinstance(f, sp.Pow) and f.exp.is_negative]
        value = times(self.read(f, env, world) for f in expr.args if f not in below)
        for factor in below:
            value = self.quotient(value, sp.Pow(factor.base, -factor.exp), env, world)
        return value

    def power(self, expr: sp.Pow, env: Any, world: Any) -> Any:
        if not expr.exp.is_Integer:
            raise NotAccepted(f"the power {expr} is not rational")
        if expr.exp.is_negative:
            return self.quotient(Fraction(1), sp.Pow(expr.base, -expr.exp), env, world)
        return times([self.read(expr.base, env, world)] * int(expr.exp))

    def quotient(self, value: Any, divisor: Any, env: Any, world: Any) -> Any:
        """A quotient as the number whose product is known; division by zero has no value, which is for
        totality and the referee to say.
        """
        by = self.read(divisor, env, world)
        if isinstance(by, Fraction):
            return times((value, 1 / by)) if by else Fraction(0)
        result = self.fresh("quotient")
        product = compare(times((result, by)), "==", value)
        self.state(implies(negate(compare(by, "==", 0)), product))
        return result

    def extreme(self, expr: Max, env: Any, world: Any) -> Any:
        best, *rest = (self.read(a, env, world) for a in expr.args)
        sign = "<=" if isinstance(expr, Min) else ">="
        for value in rest:
            best = choose(compare(best, sign, value), best, value)
        return best

    def absolute(self, expr: sp.Abs, env: Any, world: Any) -> Any:
        value = self.read(expr.args[0], env, world)
        return choose(compare(value, ">=", 0), value, times((Fraction(-1), value)))


def fold(combine: Callable) -> Callable:
    """A handler that combines the arguments."""
    return lambda self, expr, env, world: combine(*(self.read(a, env, world) for a in expr.args))


def comparison(sign: str) -> Callable:
    """A handler for ``lhs sign rhs``."""
    return lambda self, expr, env, world: compare(
        self.read(expr.lhs, env, world), sign, self.read(expr.rhs, env, world)
    )


def branch(test: Any, one: Any, other: Any) -> Any:
    """If-then-else on numbers or conditions."""
    if any(isinstance(x, bool) or (z3.is_expr(x) and z3.is_bool(x)) for x in (one, other)):
        return z3.If(condition(test), condition(one), condition(other))
    return choose(test, one, other)


HANDLERS: dict[type, Callable] = {
    Cases: Arithmetic.cases,
    Max: Arithmetic.extreme,
    Min: Arithmetic.extreme,
    sp.Abs: Arithmetic.absolute,
    sp.Add: fold(lambda *parts: plus(parts)),
    sp.Mul: Arithmetic.product,
    sp.Pow: Arithmetic.power,
    # Read one by one, so that what comes after a part that decides is never looked at.
    sp.And: lambda self, expr, env, world: conj(self.read(a, env, world) for a in expr.args),
    sp.Or: lambda self, expr, env, world: disj(self.read(a, env, world) for a in expr.args),
    sp.Not: fold(negate),
    sp.Implies: fold(implies),
    sp.Equivalent: fold(iff),
    sp.ITE: fold(choose_condition),
    sp.Ne: lambda self, expr, env, world: negate(self.equal(expr, env, world)),
    sp.Gt: comparison(">"),
    sp.Ge: comparison(">="),
    sp.Lt: comparison("<"),
    sp.Le: comparison("<="),
}
