"""What the operators become over a set of any size: a witness that is named, and what is said of all others."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
import z3

from mechanism.language import (
    ArgMax,
    Awards,
    Binder,
    Exists,
    First,
    ForAll,
    Highest,
    Index,
    KthHighest,
    Sum,
    World,
)
from proofs.engines.engine import NotAccepted
from proofs.lowering.abstract import Abstract
from proofs.lowering.arithmetic import Arithmetic
from proofs.lowering.names import SORT, Element, Env, Names
from proofs.lowering.terms import choose, compare, conj, implies, negate


class Witnesses(Names, Arithmetic):
    """The operators; `AnySize` says what indices, entries and worlds are."""

    free_ties: bool
    abstract: Abstract
    exact: list[str]
    element: Callable[[Any, Env, World], Element]
    holds: Callable[[Any, Any, Env, World], tuple[Any, Env]]
    by_value: Callable[[str], bool]

    def _witness(
        self, expr: Any, env: Env, world: World, name: str, bodies: bool = True
    ) -> tuple[Any, Any]:
        """A constant that is in the range of an operator whenever anything is."""
        self._must_not_branch(expr)
        chosen, some = self.new(expr.var.sort, name), self.fresh("some", z3.BoolSort())
        inside, _ = self.holds(expr, chosen, env, world)
        self.assume(implies(some, inside))
        self.axiom(expr.var.sort, lambda c: implies(self.holds(expr, c, env, world)[0], some))
        return chosen, some

    def _must_not_branch(self, expr: Any) -> None:
        if expr.var.sort not in SORT:
            raise NotAccepted(f"{type(expr).__name__} over {expr.var.sort}s needs their order")

    def argmax(self, expr: ArgMax, env: Env, world: World) -> Element:
        chosen, some = self._witness(expr, env, world, "argmax")
        best = self.read(expr.body, {**env, expr.var: (chosen, True)}, world)
        sort = expr.var.sort

        def beaten(c: Any) -> Any:
            inside, inner = self.holds(expr, c, env, world)
            value = self.read(expr.body, inner, world)
            facts = [compare(best, ">=", value)]
            if not self.free_ties:
                equal = conj((compare(best, "==", value), c != chosen))
                facts.append(implies(equal, self.place(sort, chosen) < self.place(sort, c)))
            return implies(inside, conj(facts))

        self.axiom(sort, beaten)
        return chosen, some

    def first(self, expr: First, env: Env, world: World) -> Element:
        chosen, some = self._witness(expr, env, world, "first")
        sort = expr.var.sort
        self.axiom(
            sort,
            lambda c: implies(
                self.holds(expr, c, env, world)[0], self.place(sort, chosen) <= self.place(sort, c)
            ),
        )
        return chosen, some

    def highest(self, expr: Highest, env: Env, world: World) -> Any:
        if self.by_value(expr.var.sort):
            return self.abstract.read(expr, env, world)
        chosen, some = self._witness(expr, env, world, "top")
        best = self.read(expr.body, {**env, expr.var: (chosen, True)}, world)

        def beaten(c: Any) -> Any:
            inside, inner = self.holds(expr, c, env, world)
            return implies(inside, compare(best, ">=", self.read(expr.body, inner, world)))

        self.axiom(expr.var.sort, beaten)
        return choose(some, best, self.read(expr.default, env, world))

    def kth_highest(self, expr: KthHighest, env: Env, world: World) -> Any:
        if not expr.k.is_Integer:
            raise NotAccepted("the k-th highest for a symbolic k needs the order of all reports")
        if expr.k < 1:
            return Fraction(0)
        k, taken = int(expr.k), sp.true
        names: Env = dict(env)
        for n in range(k):
            chosen, some = self.argmax(
                ArgMax(expr.body, expr.var, sp.And(expr.where, taken)), names, world
            )
            name = Index(f"#{expr.var.name}{n}", expr.var.sort)
            names[name] = (chosen, some)
            taken = sp.And(taken, sp.Ne(expr.var, name))
        body = self.read(expr.body, {**names, expr.var: (chosen, True)}, world)
        return choose(some, body, Fraction(0))

    def exists(self, expr: Exists, env: Env, world: World) -> Any:
        return self._some(expr, expr.body, env, world)

    def for_all(self, expr: ForAll, env: Env, world: World) -> Any:
        return negate(self._some(expr, sp.Not(expr.body), env, world))

    def _some(self, expr: Any, body: Any, env: Env, world: World) -> Any:
        if self.by_value(expr.var.sort) and not mentions_agents(expr):
            return self.abstract.read_condition(expr, body, env, world)
        self._must_not_branch(expr)
        chosen, some = self.new(expr.var.sort, "some"), self.fresh("exists", z3.BoolSort())

        def is_one(c: Any) -> Any:
            inside, inner = self.holds(expr, c, env, world)
            return conj((inside, self.read(body, inner, world)))

        self.assume(implies(some, is_one(chosen)))
        self.axiom(expr.var.sort, lambda c: implies(is_one(c), some))
        return some

    def sum(self, expr: Sum, env: Env, world: World) -> Any:
        return self.abstract.read(expr, env, world)

    def awards(self, expr: Awards, env: Env, world: World) -> Any:
        elements = [self.element(a, env, world) for a in expr.args]
        return conj((*(e for _, e in elements), self.award(*(c for c, _ in elements))))

    def at_least(self, expr: Any, env: Env, world: World) -> Any:
        """``count >= K``: K distinct names bear witness."""
        if isinstance(expr.lhs, Sum) and expr.lhs.body == 1 and expr.rhs.is_Integer:
            return self.several(expr.lhs, int(expr.rhs), env, world)
        return compare(self.read(expr.lhs, env, world), ">=", self.read(expr.rhs, env, world))

    def several(self, count: Sum, number_of: int, env: Env, world: World) -> Any:
        enough = self.fresh("enough", z3.BoolSort())
        names = [self.new(count.var.sort, "one") for _ in range(number_of)]
        for name in names:
            self.assume(implies(enough, self.holds(count, name, env, world)[0]))
        if len(names) > 1:
            self.assume(implies(enough, z3.Distinct(*names)))
        if count.where != sp.true:
            self.exact.append("a count is bounded from one side only")
        return enough


@lru_cache(maxsize=4096)
def mentions_agents(expr: Any) -> bool:
    """Whether an operator over agents stands inside."""
    return any(isinstance(n, Binder) and n.var.sort == "agent" for n in sp.preorder_traversal(expr))
