"""What is left of an expression when everything that no bound index reaches is an argument.

Two expressions with the same residual are the same function of their arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sympy as sp
import z3

from mechanism.language import (
    ArgMax,
    At,
    Binder,
    Cases,
    Computed,
    Entry,
    First,
    Flag,
    Index,
    Truth,
    World,
)
from proofs.engines.engine import NotAccepted
from proofs.lowering.terms import number

if TYPE_CHECKING:
    from proofs.lowering.any_size import AnySize

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


class Residuals:
    """The residuals of expressions that a lowering over named agents meets."""

    def __init__(self, low: AnySize) -> None:
        self.low = low

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
        return value_of(expr)
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


def value_of(expr: Any) -> Any:
    """Drop the cases that cannot be."""
    if not expr.args:
        return expr
    if not isinstance(expr, Cases):
        return expr.func(*(value_of(a) for a in expr.args)) if expr.has(Cases) else expr
    kept = []
    for value, test in expr.args:
        if test == sp.false:
            continue
        kept.append((value_of(value), test))
        if test == sp.true:
            break
    if all(value == kept[0][0] for value, _ in kept) and kept[-1][1] == sp.true:
        return kept[0][0]
    return Cases(*kept)


def canonical(residual: Any, key: Key) -> tuple[Any, list[Any]]:
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
