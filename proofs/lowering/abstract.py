"""Sums over agents, and values of goods and bundles, for the any-size lowering.

A sum over all agents is taken apart: where only a few named agents can contribute, it is the sum over
them; else it is the named agents' part plus an unknown function of what the rest depends on. Agents
that no world names report the same in every world, so that function is the same in all of them. A value
over goods or bundles is an unknown function of the agent and the outcome. What an unknown function
stands for decides its name, so equal expressions are equal terms, and nothing else is assumed but its
sign.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy as sp
import z3

from mechanism.language import (
    At,
    Awards,
    Binder,
    Cases,
    Entry,
    Index,
    Max,
    Sum,
    World,
    is_index,
)
from mechanism.language.sums import inlined
from proofs.engines.engine import NotAccepted
from proofs.lowering.residuals import Env, Key, Residuals, canonical, indicator, value_of
from proofs.lowering.terms import choose, compare, condition, conj, implies, negate, plus

if TYPE_CHECKING:
    from proofs.lowering.any_size import AnySize

FEW = 12  # goods that are named for what a matching gives


class Abstract(Residuals):
    """Turns sums and values into unknown functions."""

    def __init__(self, low: AnySize) -> None:
        super().__init__(low)
        self.names: dict[Any, str] = {}
        self.stated: set[str] = set()

    def read(self, expr: Any, env: Env, world: World) -> Any:
        if expr.var.sort == "agent":
            return self._over_agents(expr, env, world)
        if expr.var.sort not in ("good", "bundle"):
            raise NotAccepted(f"{type(expr).__name__} over {expr.var.sort}s needs their number")
        if isinstance(expr, Sum) and _given_by_matching(indicator(inlined(expr.body))):
            return self._at_most_one(expr, env, world)
        value = self._split_lies(
            expr, env, world, lambda e: self._unknown(expr, e, world, z3.RealSort())
        )
        if self.low.leave_out and isinstance(expr, Sum):
            self._some_good(expr, value, env, world)
        return value

    def _some_good(self, expr: Sum, value: Any, env: Env, world: World) -> None:
        """Where the sum over what a matching gives is not 0, it gives some good: name one."""
        indicators = [indicator(factor) for factor in sp.Mul.make_args(inlined(expr.body))]
        test = next((one for one in indicators if _given_by_matching(one)), None)
        if test is not None and len(self.low.constants["good"]) < FEW:
            inner = {**env, expr.var: (self.low.new("good", "given"), True)}
            given = self.low.read(test, inner, world)
            self.low.assume(implies(negate(compare(value, "==", 0)), given))

    def read_condition(self, expr: Any, body: Any, env: Env, world: World) -> Any:
        """Whether some good (or bundle) is as `body` says, as an unknown predicate."""
        question = sp.And(expr.where, body)
        stand_in = Sum(Cases((1, question), (0, True)), expr.var)
        return self._split_lies(
            expr, env, world, lambda e: self._unknown(stand_in, e, world, z3.BoolSort())
        )

    # --- sums over agents ----------------------------------------------------------------------

    def _over_agents(self, expr: Sum, env: Env, world: World) -> Any:
        low = self.low
        if (points := self._support(expr, env, world)) is not None:
            return self._over_named(expr, points, env, world)
        low.exact.append("the rest of a sum is an unknown function")
        if _awarded(indicator(inlined(expr.body))) is not None:
            # A good goes to at most one agent of a matching or partition.
            return self._at_most_one(expr, env, world)
        named = [constant for constant, _ in low.roles.values()]
        try:
            rest = self._unknown(expr, env, world, z3.RealSort(), others=True)
        except NotAccepted as why:
            return self._by_sign(expr, env, world, why)
        return plus((self._over_named(expr, named, env, world), rest))

    def _at_most_one(self, expr: Sum, env: Env, world: World) -> Any:
        held = self._unknown(expr, env, world, z3.RealSort(), whole=True)
        self.low.assume(conj((compare(held, ">=", 0), compare(held, "<=", 1))))
        return held

    def _by_sign(self, expr: Sum, env: Env, world: World, why: NotAccepted) -> Any:
        """A sum of which only the sign is known: that of its terms, shown for one agent."""
        if any(s in env and s not in self.low.roles for s in expr.free_symbols):
            raise why
        total = self.low.fresh("total")
        if self.low.never_negative(expr, world):
            self.low.assume(compare(total, ">=", 0))
        return total

    def _over_named(self, expr: Sum, named: list[Any], env: Env, world: World) -> Any:
        low, parts = self.low, []
        for n, constant in enumerate(named):
            inside, inner = low.holds(expr, constant, env, world)
            fresh = conj(constant != other for other in named[:n])
            parts.append(
                choose(conj((inside, fresh)), low.read(expr.body, inner, world), Fraction(0))
            )
        return plus(parts)

    def _support(self, expr: Sum, env: Env, world: World) -> list[Any] | None:
        """The only agents that can contribute, if the body names them."""
        body = inlined(sp.Mul(expr.body, Cases((1, expr.where), (0, True))))
        points = {}
        for equation in body.atoms(sp.Eq):
            if expr.var in equation.args:
                other = equation.rhs if equation.lhs == expr.var else equation.lhs
                if (
                    is_index(other)
                    and expr.var not in other.free_symbols
                    and not isinstance(other, At)
                ):
                    points[equation] = other
        if not points or value_of(body.xreplace(dict.fromkeys(points, sp.false))) != 0:
            return None
        named = []
        for other in dict.fromkeys(points.values()):
            if not all(s in env for s in other.free_symbols if isinstance(s, Index)):
                return None
            named.append(self.low.element(other, env, world)[0])
        return named

    # --- unknown functions ---------------------------------------------------------------------

    def _split_lies(self, expr: Any, env: Env, world: World, make: Any) -> Any:
        """One case for each way in which an agent read here may be one that misreports."""
        low = self.low
        liars = [low.roles[who][0] for who, _, _ in world.reports]
        open_ones = [
            s for s in sorted(expr.free_symbols, key=str)
            if s in env and s.sort == "agent" and not any(env[s][0].eq(liar) for liar in liars)
        ]  # fmt: skip

        def split(left: list[tuple[Index, Any]], inner: Env) -> Any:
            if not left:
                return make(inner)
            (index, liar), *rest = left
            constant, some = env[index]
            same = split(
                [pair for pair in rest if pair[0] != index], {**inner, index: (liar, some)}
            )
            return _branch(constant == liar, same, split(rest, inner))

        return split([(index, liar) for index in open_ones for liar in liars], env)

    def _unknown(
        self,
        expr: Any,
        env: Env,
        world: World,
        result: Any,
        others: bool = False,
        whole: bool = False,
    ) -> Any:
        key = Key(whole=whole)
        residual = self.residual(expr, env, world, key, unnamed=others)
        return self._of(residual, key, result, unnamed=others)

    def _of(self, residual: Any, key: Key, result: Any, unnamed: bool) -> Any:
        """The term of a residual; what a matching without an agent gives is told by the whole one."""
        for part in sorted(residual.atoms(Awards), key=str):
            matching, agent, good = part.args
            found = self.low.smaller.get(str(key.arguments.get(matching)))
            named = key.arguments.get(agent)
            if found is None or (named is None and not unnamed):
                continue
            whole, left_out = found
            rest = residual.xreplace(
                {part: Awards(self._holder(key, whole, matching), agent, good)}
            )
            kept = self._of(rest, key, result, unnamed)
            if named is None:  # nobody without a name is left out
                return kept
            none = value_of(residual.xreplace({part: sp.false}))
            lost = self._of(none, key, result, unnamed) if none.body != 0 else _zero(result)
            return _branch(named == left_out, lost, kept)
        return self._term(residual, key, result)

    def _holder(self, key: Key, constant: Any, like: Index) -> Any:
        return key.hold(constant, lambda n: Index(f"name{n}", like.sort))

    def _term(self, residual: Any, key: Key, result: Any) -> Any:
        renamed, arguments = canonical(residual, key)
        name = self.names.setdefault((renamed, str(result)), f"unknown{len(self.names)}")
        if arguments:
            term = z3.Function(name, *(a.sort() for a in arguments), result)(*arguments)
        else:
            term = z3.Const(name, result)
        if result == z3.RealSort() and str(term) not in self.stated:
            self.stated.add(str(term))
            if _not_negative(residual):
                self.low.assume(compare(term, ">=", 0))
        return term


def _awarded(test: Any) -> Any:
    """The part of a condition that says who is given what, if there is one."""
    parts = test.args if isinstance(test, sp.And) else (test,)
    return next((part for part in parts if isinstance(part, Awards)), None)


def _given_by_matching(test: Any) -> bool:
    """Whether a condition needs that a matching, which gives an agent one good at most, gives this one."""
    if (part := _awarded(test)) is None:
        return False
    outcome = part.args[0]
    return (outcome.var if isinstance(outcome, Binder) else outcome).sort == "matching"


def _not_negative(expr: Any) -> bool:
    """Whether an expression is never negative, seen from its shape."""
    if isinstance(expr, sp.Rational):
        return bool(expr >= 0)
    if isinstance(expr, Entry):
        lower = expr.family.domain.lower
        return lower is not None and lower >= 0
    if isinstance(expr, Cases):
        return all(_not_negative(value) for value, _ in expr.args)
    if isinstance(expr, (sp.Add, sp.Mul, sp.Pow)):
        return all(
            _not_negative(a) for a in expr.args if not a.is_Integer or expr.is_Mul or expr.is_Add
        )
    if isinstance(expr, Max):
        return (any if type(expr) is Max else all)(_not_negative(a) for a in expr.args)
    if isinstance(expr, Binder) and "body" in expr.names:
        return _not_negative(expr.body) and all(
            _not_negative(getattr(expr, n)) for n in ("default",) if n in expr.names
        )
    return False


def _zero(result: Any) -> Any:
    return Fraction(0) if result == z3.RealSort() else False


def _branch(test: Any, one: Any, other: Any) -> Any:
    if z3.is_expr(one) and z3.is_bool(one):
        return z3.If(test, condition(one), condition(other))
    return choose(test, one, other)
