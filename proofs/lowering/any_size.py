"""The any-size lowering: an obligation over agents, goods and outcomes that are only named.

Every operator is a fresh witness and its defining axiom, and axioms are instantiated over the named
constants. If that ground formula has no model, no number of agents gives a violation. Where no
operator yields new agents for each agent, the instances are all there is to say: any violation has one
among the named agents, and the cut-off is exact (the small-model property of the EPR fragment).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
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
from proofs.lowering.arithmetic import Arithmetic
from proofs.lowering.functions import Functions
from proofs.lowering.terms import (
    choose,
    compare,
    condition,
    conj,
    disj,
    implies,
    negate,
)
from proofs.solver import solve
from properties.property import Obligation

MAX_CONSTANTS = 24
SORT = {name: z3.DeclareSort(name.capitalize()) for name in
        ("agent", "good", "bundle", "outcome", "matching", "partition")}  # fmt: skip

# An element is a named constant and the condition under which it exists.
Element = tuple[Any, Any]
Env = dict[Index, Element]


class TooManyNames(NotAccepted):
    """There is an encoding, but it is too large to be worth trying."""


class AnySize(Arithmetic):
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
        self.obligation, self.free_ties = obligation, free_ties
        self.worlds = obligation.worlds
        self.constants: dict[str, list[Any]] = {name: [] for name in SORT}
        self.axioms: list[tuple[str, Callable[[Any], Any]]] = []
        self.assertions: list[Any] = []
        self.exact: list[str] = []  # why the cut-off would not be exact
        self._cache: dict[tuple, Any] = {}
        self._kept: dict[int, Any] = {}
        self._fresh = 0
        self._done: set[tuple[int, int]] = set()
        self.functions = Functions(self)
        self.abstract = Abstract(self)
        self.roles: Env = {r: (self.new("agent", r.name), True) for r in obligation.roles}
        self._lookups: dict[tuple, Any] = {}
        self.leave_out = leave_out
        self.smaller: dict[str, tuple[Any, Any]] = {}  # a matching: the whole one, who is left out

    # --- constants, axioms, instances ----------------------------------------------------------

    def new(self, sort: str, name: str = "") -> Any:
        """A named element of a sort."""
        self._fresh += 1
        constant = z3.Const(f"{name or sort}!{self._fresh}", SORT[sort])
        self.constants[sort].append(constant)
        if len(self.constants[sort]) > MAX_CONSTANTS:
            raise TooManyNames("the operators are nested too deeply for a finite set of names")
        return constant

    def fresh(self, kind: str, sort: Any = None) -> Any:
        self._fresh += 1
        return z3.Const(f"{kind}!{self._fresh}", z3.RealSort() if sort is None else sort)

    def axiom(self, sort: str, instance: Callable[[Any], Any]) -> None:
        """State something of every element of a sort; it is instantiated by `close`."""
        self.axioms.append((sort, instance))

    def assume(self, fact: Any) -> None:
        if fact is not True:
            self.assertions.append(condition(fact))

    def state(self, fact: Any) -> None:
        self.assume(fact)

    def quotient(self, value: Any, divisor: Any, env: Env, world: World) -> Any:
        """The same quotient twice is one constant."""
        by = self.read(divisor, env, world)
        key = ("quotient", str(value), str(by))
        if key not in self._cache:
            self._cache[key] = super().quotient(value, divisor, env, world)
        return self._cache[key]

    def close(self) -> None:
        """Instantiate every axiom over every name, until neither is new."""
        while True:
            open_pairs = [
                (a, c) for a, (sort, _) in enumerate(self.axioms) for c in range(len(self.constants[sort]))
                if (a, c) not in self._done
            ]  # fmt: skip
            if not open_pairs:
                if self.leave_out and self._leave_out():
                    continue
                break
            for a, c in open_pairs:
                self._done.add((a, c))
                sort, instance = self.axioms[a]
                self.assume(instance(self.constants[sort][c]))
        self.functions.close()
        self.abstract.close()
        self._close_order()
        self._close_awards()

    def _leave_out(self) -> bool:
        """Name the matchings that leave an agent out; False when there are no new ones."""
        known = {str(whole) for whole, _ in self.smaller.values()} | self.smaller.keys()
        fresh = [m for m in self.constants["matching"] if str(m) not in known]
        for whole in fresh:
            for agent, _ in self.roles.values():
                self.smaller[str(self.new("matching", "without"))] = (whole, agent)
        return bool(fresh and self.roles)

    def _close_order(self) -> None:
        for sort, names in self.constants.items():
            for n, one in enumerate(names):
                for other in names[:n]:
                    self.assume(
                        implies(self.place(sort, one) == self.place(sort, other), one == other)
                    )

    def _close_awards(self) -> None:
        for name in self.constants["matching"]:
            if str(name) not in self.smaller:
                continue
            whole, agent = self.smaller[str(name)]
            for a in self.constants["agent"]:
                for g in self.constants["good"]:
                    kept = conj((self.award(whole, a, g), a != agent))
                    self.assume(self.award(name, a, g) == condition(kept))
        for sort in ("matching", "partition"):
            for o in self.constants[sort]:
                for g in self.constants["good"]:
                    held = [(a, self.award(o, a, g)) for a in self.constants["agent"]]
                    self._at_most_one(held)
                if sort == "matching":
                    for a in self.constants["agent"]:
                        self._at_most_one(
                            [(g, self.award(o, a, g)) for g in self.constants["good"]]
                        )

    def _at_most_one(self, rows: list[tuple[Any, Any]]) -> None:
        for n, (one, holds) in enumerate(rows):
            for other, also in rows[:n]:
                self.assume(implies(conj((holds, also)), one == other))

    def place(self, sort: str, element: Any) -> Any:
        return z3.Function(f"place_{sort}", SORT[sort], z3.IntSort())(element)

    def award(self, outcome: Any, agent: Any, good: Any) -> Any:
        name = f"awards_{outcome.sort().name()}"
        return z3.Function(name, outcome.sort(), SORT["agent"], SORT["good"], z3.BoolSort())(
            outcome, agent, good
        )

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

    # --- operators -----------------------------------------------------------------------------

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


def world_dependent(expr: Any) -> bool:
    """Whether an expression may read reports or who takes part."""
    return any(
        (isinstance(node, (Entry, Flag)) and node.family.kind == "report")
        or (isinstance(node, Binder) and node.var.sort in ("agent", "rank"))
        or isinstance(node, (At, Truth))
        for node in sp.preorder_traversal(expr)
    )


def mentions_agents(expr: Any) -> bool:
    """Whether an operator over agents stands inside."""
    return any(isinstance(n, Binder) and n.var.sort == "agent" for n in sp.preorder_traversal(expr))


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
