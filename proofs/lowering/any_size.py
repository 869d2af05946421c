"""The any-size lowering: an obligation over agents, goods and outcomes that are only named.

Every operator is a fresh witness and its defining axiom, and axioms are instantiated over the named
constants. If that ground formula has no model, no number of agents gives a violation. Where no
operator yields new agents for each agent, the instances are all there is to say: any violation has one
among the named agents, and the cut-off is exact (the small-model property of the EPR fragment).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy as sp
import z3

from mechanism.evaluate.exact import TRUTHFUL
from mechanism.language import (
    Applied,
    ArgMax,
    At,
    Awards,
    Binder,
    Computed,
    Entry,
    Exists,
    Family,
    First,
    Flag,
    ForAll,
    Highest,
    Index,
    Inverse,
    KthHighest,
    Sum,
    Truth,
    World,
    is_index,
)
from mechanism.language.family import SameFunction
from proofs.engines.engine import NotAccepted
from proofs.lowering.abstract import Abstract
from proofs.lowering.arithmetic import HANDLERS as ARITHMETIC
from proofs.lowering.functions import Functions
from proofs.lowering.names import Element, Env
from proofs.lowering.terms import (
    choose,
    compare,
    conj,
    disj,
    negate,
)
from proofs.lowering.witnesses import Witnesses
from proofs.solver import solve
from properties.property import Obligation


class AnySize(Witnesses):
    """Lowers an obligation over named constants.

    Parameters
    ----------
    obligation : Obligation
    free_ties : bool
        Leave the choice among equals open, anew in each world: this covers every tie policy.
    leave_out : bool
        Beside each matching, name those that leave one of the agents of the question out.
    """

    def __init__(self, obligation: Obligation, free_ties: bool, leave_out: bool = False) -> None:
        super().__init__(leave_out)
        self.obligation, self.free_ties = obligation, free_ties
        self.worlds = obligation.worlds
        self.exact: list[str] = []  # why the cut-off would not be exact
        self._cache: dict[tuple, Any] = {}
        self._kept: dict[int, Any] = {}
        self.functions = Functions(self)
        self.abstract = Abstract(self)
        self.roles: Env = {r: (self.new("agent", r.name), True) for r in obligation.roles}
        self._lookups: dict[tuple, Any] = {}

    def close(self) -> None:
        """Instantiate what is said of all, and state what is known of those that are named."""
        self.instantiate()
        self.functions.close()
        self.tell_apart()
        self.award_once()

    def quotient(self, value: Any, divisor: Any, env: Env, world: World) -> Any:
        """The same quotient twice is one constant."""
        by = self.read(divisor, env, world)
        key = ("quotient", str(value), str(by))
        if key not in self._cache:
            self._cache[key] = super().quotient(value, divisor, env, world)
        return self._cache[key]

    def by_value(self, sort: str) -> bool:
        """Whether what is said of all elements of a sort is an unknown function of whom it is said of."""
        return sort in ("good", "bundle")

    # --- reading -------------------------------------------------------------------------------

    def read(self, expr: Any, env: Env | None = None, world: World | None = None) -> Any:
        """The term of an expression, or the element an index names."""
        env = self.roles if env is None else env
        world = TRUTHFUL if world is None else world
        handler = HANDLERS.get(type(expr))
        if handler is None:
            return self.constant_of(expr)
        if not isinstance(expr, Binder):
            return handler(self, expr, env, world)
        key = self.key(expr, env, world)
        if key not in self._cache:
            self._cache[key] = handler(self, expr, env, world)
        return self._cache[key]

    def key(self, expr: Any, env: Env, world: World) -> tuple:
        free = sorted(
            (s for s in expr.free_symbols if isinstance(s, Index) and s in env),
            key=lambda s: s.name,
        )
        name = world.name if world_dependent(expr) else ""
        return (expr, name, *(self.identity(part) for s in free for part in env[s]))

    def identity(self, term: Any) -> Any:
        """What tells a term apart; it is kept, so that its number stays its own."""
        if isinstance(term, bool):
            return term
        self._kept[term.get_id()] = term
        return -term.get_id() - 2  # unlike True and False

    def element(self, expr: Any, env: Env, world: World) -> Element:
        """The element an index expression names, and when it exists."""
        return self.read(expr, env, world)

    def present(self, constant: Any, world: World) -> Any:
        return conj(constant != self.roles[r][0] for r in world.absent)

    def takes_part(self, sort: str, constant: Any, world: World) -> Any:
        return self.present(constant, world) if sort == "agent" else True

    def holds(self, expr: Any, constant: Any, env: Env, world: World) -> tuple[Any, Env]:
        """Whether a constant is in the range of an operator, and the environment inside."""
        inner = {**env, expr.var: (constant, True)}
        part = self.takes_part(expr.var.sort, constant, world)
        return conj((part, self.read(expr.where, inner, world))), inner

    # --- entries -------------------------------------------------------------------------------

    def entry(self, expr: Any, env: Env, world: World) -> Any:
        family = expr.family
        if any(sort in ("slot", "rank") for sort in family.over):
            raise NotAccepted(f"{family.name} is indexed by {family.over[0]}s")
        index = tuple(self.element(i, env, world)[0] for i in expr.index)
        if family.kind != "report":
            return self.lookup(family, index)
        value = self.lookup(family.truth, index)
        for who, kind, whose in reversed(world.reports):
            source = family.truth if kind == "truth" else family.lie
            said = self.lookup(source, (self.roles[whose][0], *index[1:]))
            mine = index[0].eq(self.roles[who][0]) or index[0] == self.roles[who][0]
            value = _pick(family, mine, said, value)
        return value

    def lookup(self, family: Family, index: tuple) -> Any:
        """One entry as a term; its domain is stated once."""
        key = (family, *map(self.identity, index))
        if key not in self._lookups:
            self._lookups[key] = term = self._term(family, index)
            if not family.domain.boolean:
                if family.domain.lower is not None:
                    self.assume(
                        compare(term, ">" if family.domain.strict else ">=", family.domain.lower)
                    )
                if family.domain.upper is not None:
                    self.assume(compare(term, "<=", family.domain.upper))
        return self._lookups[key]

    def _term(self, family: Family, index: tuple) -> Any:
        if family.name in self.obligation.rule.given:
            self.exact.append(f"the given {family.name} stands for any values in its domain")
        result = (
            z3.BoolSort()
            if family.domain.boolean
            else z3.IntSort()
            if family.domain.integer
            else z3.RealSort()
        )
        if not index:
            return z3.Const(family.name, result)
        name = family.name.replace("'", "_said")
        return z3.Function(name, *(c.sort() for c in index), result)(*index)

    def never_negative(self, expr: Sum, world: World) -> bool:
        """Whether the terms of a sum over agents are shown to be at least 0, for any one agent."""
        generic = AnySize(self.obligation, self.free_ties)
        one = generic.new("agent", "anybody")
        inside, inner = generic.holds(expr, one, generic.roles, world)
        generic.assume(inside)
        generic.assume(compare(generic.read(expr.body, inner, world), "<", 0))
        generic.close()
        return solve(generic.assertions).status == "unsat"

    # --- worlds, arithmetic and logic ----------------------------------------------------------

    def at(self, expr: Any, env: Env, world: World) -> Any:
        inner = {formal: self.element(actual, env, world) for formal, actual in expr.bindings}
        there = self.worlds.get(expr.world, World(expr.world)) if expr.world else world
        return self.read(expr.expr, {**env, **inner}, there)

    def computed(self, expr: Computed, env: Env, world: World) -> Any:
        raise NotAccepted(f"what {type(expr.procedure).__name__} comes to is no formula")

    def equal(self, expr: Any, env: Env, world: World) -> Any:
        if not (is_index(expr.lhs) or is_index(expr.rhs)):
            return compare(self.read(expr.lhs, env, world), "==", self.read(expr.rhs, env, world))
        (one, here), (other, there) = (self.element(a, env, world) for a in expr.args)
        same = True if one.eq(other) else one == other
        return disj((conj((here, there, same)), conj((negate(here), negate(there)))))


@lru_cache(maxsize=4096)
def world_dependent(expr: Any) -> bool:
    """Whether an expression may read reports or who takes part."""
    return any(
        (isinstance(node, (Entry, Flag)) and node.family.kind == "report")
        or (isinstance(node, Binder) and node.var.sort in ("agent", "rank"))
        or isinstance(node, (At, Truth))
        for node in sp.preorder_traversal(expr)
    )


def _pick(family: Family, test: Any, one: Any, other: Any) -> Any:
    if test is True:
        return one
    if family.domain.boolean:
        return disj((conj((test, one)), conj((negate(test), other))))
    return choose(test, one, other)


HANDLERS: dict[type, Callable] = {
    **ARITHMETIC,
    Index: lambda self, expr, env, world: env[expr],
    Entry: AnySize.entry,
    Flag: AnySize.entry,
    Applied: lambda self, expr, env, world: self.functions.apply(expr, env, world),
    Inverse: lambda self, expr, env, world: self.functions.apply(expr, env, world),
    SameFunction: lambda self, expr, env, world: self.functions.same(expr, env, world),
    ArgMax: AnySize.argmax,
    First: AnySize.first,
    Highest: AnySize.highest,
    KthHighest: AnySize.kth_highest,
    Sum: AnySize.sum,
    Exists: AnySize.exists,
    ForAll: AnySize.for_all,
    Awards: AnySize.awards,
    At: AnySize.at,
    Truth: AnySize.at,
    Computed: AnySize.computed,
    sp.Eq: AnySize.equal,
    sp.Ge: AnySize.at_least,
}
