"""Sums over agents, and values of goods and bundles, for the any-size lowering.

A sum over all agents is taken apart: where only a few named agents can contribute, it is the sum over
them; else it is the named agents' part plus an unknown function of what the rest depends on. Agents
that no world names report the same in every world, so that function is the same in all of them. A value
over goods or bundles is an unknown function of the agent and the outcome. What an unknown function
stands for decides its name, so equal expressions are equal terms, and nothing else is assumed but its
sign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy as sp
import z3

from mechanism.language import (
    ArgMax,
    At,
    Awards,
    Binder,
    Cases,
    Computed,
    Entry,
    First,
    Flag,
    Index,
    Max,
    Sum,
    Truth,
    World,
    is_index,
)
from mechanism.language.sums import inlined
from proofs.engines.engine import NotAccepted
from proofs.lowering.terms import choose, compare, condition, conj, implies, negate, number, plus

if TYPE_CHECKING:
    from proofs.lowering.any_size import AnySize

FEW = 12  # goods that are named for what a matching gives

Env = dict[Index, Any]  # to an element, or to the bound index that stands for it


@dataclass
class Key:
    """A residual expression under construction: its placeholders and what they stand for."""

    arguments: dict[sp.Basic, Any] = field(default_factory=dict)
    depth: int = 0
    whole: bool = False

    def hold(self, term: Any, make: Any) -> Any:
        """The placeholder for a term."""
        for placeholder, held in self.arguments.items():
            if held.eq(term):
                return placeholder
        placeholder = make(len(self.arguments))
        self.arguments[placeholder] = term
        return placeholder


class Abstract:
    """Turns sums and values into unknown functions."""

    def __init__(self, low: AnySize) -> None:
        self.low = low
        self.names: dict[Any, str] = {}
        self.stated: set[str] = set()

    def close(self) -> None:
        """Nothing is left open: signs are stated when a term is made."""

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
        if not points or _value_of(body.xreplace(dict.fromkeys(points, sp.false))) != 0:
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
            none = _value_of(residual.xreplace({part: sp.false}))
            lost = self._of(none, key, result, unnamed) if none.body != 0 else _zero(result)
            return _branch(named == left_out, lost, kept)
        return self._term(residual, key, result)

    def _holder(self, key: Key, constant: Any, like: Index) -> Any:
        return key.hold(constant, lambda n: Index(f"name{n}", like.sort))

    def _term(self, residual: Any, key: Key, result: Any) -> Any:
        renamed, arguments = _canonical(residual, key)
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

    # --- residuals -----------------------------------------------------------------------------

    def residual(self, expr: Any, env: Env, world: World, key: Key, unnamed: bool = False) -> Any:
        """The expression with everything that no bound index reaches replaced by placeholders."""
        go = lambda e, inner=env: self.residual(e, inner, world, key, unnamed)  # noqa: E731
        if isinstance(expr, Index):
            return self._placeholder(env[expr], expr, key)
        if isinstance(expr, Computed):
            raise NotAccepted("an outcome that is computed inside a sum")
        if isinstance(expr, (At, Truth)):
            there = self.low.worlds.get(expr.world, World(expr.world)) if expr.world else world
            inner = {formal: self._actual(actual, env, world) for formal, actual in expr.bindings}
            return self.residual(expr.expr, {**env, **inner}, there, key, unnamed)
        if not (isinstance(expr, Binder) and key.depth == 0) and not self._reaches(expr, env):
            return self._closed(expr, env, world, key)
        if isinstance(expr, (Entry, Flag)):
            return self._entry(expr, go, world, env, unnamed)
        if isinstance(expr, (ArgMax, First)):
            raise NotAccepted("an agent is chosen anew for each agent")
        if isinstance(expr, Binder):
            root = key.depth == 0 and (unnamed or key.whole or expr.var.sort == "agent")
            if expr.var.sort in ("agent", "rank", "slot") and not root:
                raise NotAccepted(f"a {type(expr).__name__} over {expr.var.sort}s inside a sum")
            key.depth += 1
            bound = Index(f"bound{key.depth}", expr.var.sort)
            inner = {**env, expr.var: bound}
            args = [
                bound if name in expr.bound else self.residual(value, inner, world, key, unnamed)
                for name, value in zip(expr.names, expr.args, strict=True)
            ]
            key.depth -= 1
            return expr.func(*args)
        if isinstance(expr, sp.Eq) and unnamed and self._names_somebody(expr, env):
            return sp.false
        if isinstance(expr, sp.Ne) and unnamed and self._names_somebody(expr, env):
            return sp.true
        if isinstance(expr, Cases):
            return _tidy(Cases(*(tuple(go(part) for part in pair) for pair in expr.args)))
        return _tidy(expr.func(*(go(a) for a in expr.args)))

    def _actual(self, actual: Any, env: Env, world: World) -> Any:
        if isinstance(actual, Index):
            return env[actual]
        return self.low.element(actual, env, world)

    def _reaches(self, expr: Any, env: Env) -> bool:
        """Whether a bound index of the residual occurs in the expression."""
        if isinstance(expr, Binder) and expr.var.sort in ("good", "bundle"):
            return True
        return any(isinstance(env.get(s), Index) for s in expr.free_symbols if isinstance(s, Index))

    def _names_somebody(self, expr: Any, env: Env) -> bool:
        """Whether an equation compares the unnamed agent with a role."""
        sides = [env.get(a) if isinstance(a, Index) else None for a in expr.args]
        bound = [s for s in sides if isinstance(s, Index) and s.sort == "agent"]
        known = [s for s in sides if isinstance(s, tuple)]
        roles = [constant for constant, _ in self.low.roles.values()]
        return bool(bound and known and any(known[0][0].eq(r) for r in roles))

    def _placeholder(self, value: Any, index: Index, key: Key) -> Any:
        if isinstance(value, Index):
            return value
        return key.hold(value[0], lambda n: Index(f"name{n}", index.sort))

    def _closed(self, expr: Any, env: Env, world: World, key: Key) -> Any:
        """A part no bound index reaches: its value, as an argument."""
        if isinstance(expr, (sp.Rational, sp.logic.boolalg.BooleanAtom)):
            return expr
        if _fixed_number(expr):
            return expr
        if isinstance(expr, (ArgMax, First)):
            constant, _ = self.low.element(expr, env, world)
            return key.hold(constant, lambda n: Index(f"name{n}", expr.var.sort))
        value = self.low.read(expr, env, world)
        if isinstance(value, bool):
            return sp.true if value else sp.false
        if not z3.is_expr(value):
            return sp.Rational(value.numerator, value.denominator)
        if z3.is_bool(value):
            return sp.Eq(key.hold(value, lambda n: sp.Symbol(f"flag{n}")), 1)
        return key.hold(number(value), lambda n: sp.Symbol(f"number{n}", real=True))

    def _entry(self, expr: Any, go: Any, world: World, env: Env, unnamed: bool) -> Any:
        family, index = expr.family, [go(i) for i in expr.index]
        if family.kind != "report":
            return family[tuple(index)]
        owner = env.get(expr.index[0]) if isinstance(expr.index[0], Index) else None
        if isinstance(owner, Index):
            if not unnamed:
                return Entry(family, *index) if not family.domain.boolean else Flag(family, *index)
            return family.truth[tuple(index)]
        if owner is None:
            raise NotAccepted(f"{expr} inside a sum")
        for who, kind, whose in world.reports:
            if owner[0].eq(self.low.roles[who][0]):
                source = family.truth if kind == "truth" else family.lie
                if who != whose:
                    raise NotAccepted("reports are exchanged inside a sum")
                return source[tuple(index)]
        return family.truth[tuple(index)]


def _tidy(expr: Any) -> Any:
    """``Cases((1, P), (0, True)) > 0`` is P."""
    if isinstance(expr, sp.Gt) and expr.rhs == 0 and indicator(expr.lhs) is not None:
        return indicator(expr.lhs)
    if isinstance(expr, Cases):
        return _value_of(expr)
    return expr


def indicator(expr: Any) -> Any:
    """The condition of a flag written as a number, 1 if it holds and else 0; None for anything else."""
    if isinstance(expr, Cases) and len(expr.args) == 2:
        (one, test), (zero, always) = expr.args
        if one == 1 and zero == 0 and always == sp.true:
            return test
    return None


def _fixed_number(expr: Any) -> bool:
    """Whether an expression is made of numbers that the auction fixes, the same in every world."""
    if isinstance(expr, (Entry, Flag)):
        return expr.family.kind != "report" and not expr.index
    return isinstance(expr, (sp.Rational, sp.Add, sp.Mul, sp.Pow)) and all(
        _fixed_number(a) for a in expr.args
    )


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


def _value_of(expr: Any) -> Any:
    """Drop the cases that cannot be."""
    if not expr.args:
        return expr
    if not isinstance(expr, Cases):
        return expr.func(*(_value_of(a) for a in expr.args)) if expr.has(Cases) else expr
    kept = []
    for value, test in expr.args:
        if test == sp.false:
            continue
        kept.append((_value_of(value), test))
        if test == sp.true:
            break
    if all(value == kept[0][0] for value, _ in kept) and kept[-1][1] == sp.true:
        return kept[0][0]
    return Cases(*kept)


def _canonical(residual: Any, key: Key) -> tuple[Any, list[Any]]:
    """The same expression with placeholders numbered by where they stand, and their terms in order."""
    # Not in sympy's order of arguments, which depends on the names of the placeholders.
    blank = {
        p: Index("_", p.sort) if isinstance(p, Index) else sp.Symbol("_") for p in key.arguments
    }
    order: list[Any] = []
    for node in sp.preorder_traversal(residual, keys=lambda n: str(n.xreplace(blank))):
        if node in key.arguments and node not in order:
            order.append(node)
    names = {
        old: Index(f"_{n}", old.sort) if isinstance(old, Index) else sp.Symbol(f"_{n}", real=True)
        for n, old in enumerate(order)
    }
    return residual.xreplace(names), [key.arguments[old] for old in order]


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
