"""Greedy rules over named agents and goods.

A `Greedy` operator is a *run*: agents are taken in an order, and each is accepted unless it conflicts
with one accepted before. A run is an uninterpreted predicate, ``accepted(parameters, agent)``, with
instances of its definition over the agents and goods that the formulas name. What is left out is left
open, so an unsatisfiable formula is a proof for any number of agents and goods, and a satisfiable one
says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp
import z3

from mechanism.language import At, Exists, ForAll, Greedy, Highest, Index, Sum, Truth, World
from proofs.engines.engine import NotAccepted
from proofs.lowering.greedy_runs import Run
from proofs.lowering.names import Env
from proofs.lowering.speakers import BySpeaker, indices_of
from proofs.lowering.terms import choose, compare, conj, disj, implies, negate
from properties.property import Obligation

TRUTH = World("truth")


class GreedyLowering(BySpeaker):
    """The lowering over named agents, with greedy runs."""

    def __init__(self, obligation: Obligation, names: dict[tuple, str] | None = None) -> None:
        self.runs: dict[tuple, Run] = {}
        self.unfolding = True  # state for the agents of generation 0 why they are accepted or not
        self.names: dict[tuple, str] = {} if names is None else names
        self.twins: dict[
            int, Any
        ] = {}  # who stands in for whom where two agents have swapped reports
        self._unfolded: set[tuple] = set()
        self.exchange: tuple[Any, Any] | None = None
        super().__init__(obligation)
        for world in obligation.worlds.values():
            if (pair := exchanged(world)) is not None:
                self.exchange = one, other = tuple(self.roles[role][0] for role in pair)
                self.twins |= {one.get_id(): other, other.get_id(): one}
                for constant, _ in self.roles.values():
                    self._add_twin(constant, 0)

    # --- names ---------------------------------------------------------------------------------

    def new(self, sort: str, name: str = "", generation: int = 0) -> Any:
        constant = super().new(sort, name, generation)
        if sort == "agent" and self.exchange is not None:
            self._add_twin(constant, generation)
        return constant

    def _add_twin(self, agent: Any, generation: int) -> None:
        """Name who has, after the swap, the place that `agent` had before."""
        if self.exchange is None or agent.get_id() in self.twins:
            return
        twin = super().new("agent", "twin", generation)
        self.twins |= {agent.get_id(): twin, twin.get_id(): agent}
        one, other = self.exchange
        self.assume(implies(agent == one, twin == other))
        self.assume(implies(agent == other, twin == one))
        self.assume(disj((agent == one, agent == other, twin == agent)))

    def origin(self, agent: Any) -> int:
        return min(agent.get_id(), self.twins.get(agent.get_id(), agent).get_id())

    # --- reading -------------------------------------------------------------------------------

    def read(self, expr: Any, env: Env | None = None, world: World | None = None) -> Any:
        """The same, with the operators that this lowering reads in its own way."""
        world = TRUTH if world is None else world
        handler = OWN.get(type(expr))
        if handler is None:
            return super().read(expr, env, world)
        return self.read_binder(handler, expr, self.roles if env is None else env, world)

    def greedy(self, expr: Greedy, env: Env, world: World) -> Any:
        run = self.run(expr, env, world)
        agent, some = self.element(expr.at, env, world)
        if self.unfolding and self.generation[agent.get_id()] == 0:
            # Only at the closure: the names made before it must not depend on `unfolding`.
            self.axiom("agent", lambda c: self._unfold_at(c, run, agent))
        return conj((some, run.accepted(agent)))

    def run(self, expr: Greedy, env: Env, world: World) -> Run:
        """The run an operator stands for; its general facts are stated once."""
        alone = expr.func(expr.body, expr.var, sp.S.Zero, expr.conflict, expr.other, expr.where)
        name = self.names.setdefault((alone, world.name), f"accepted{len(self.names)}")
        run = Run(self, expr, world, tuple((s, env[s][0]) for s in indices_of(alone)), name)
        if run.id not in self.runs:
            self.runs[run.id] = run
            self.axiom("agent", lambda c: implies(run.accepted(c), run.entered(c)))
        return self.runs[run.id]

    def take(self, run: Run) -> Run:
        """The same run, read here; this lowering has the names of its parameters."""
        if any(constant.get_id() not in self.generation for _, constant in run.parameters):
            raise ValueError(f"{run.name} is about agents that have no name here")
        named = {index: (constant, True) for index, constant in run.parameters}
        return self.run(run.node, {**self.roles, **named}, run.world)

    def keep(self, roles: set[Index]) -> None:
        """Instantiate axioms for these agents only, of those the property speaks of."""
        kept = {self.origin(self.roles[role][0]) for role in roles}
        agents = self.constants["agent"]
        self.constants["agent"] = [c for c in agents if self.origin(c) in kept]

    def _unfold_at(self, c: Any, run: Run, agent: Any) -> bool:
        if c.eq(agent):
            self.unfold(run, agent)
        return True

    def unfold(self, run: Run, agent: Any) -> None:
        """State what it means that one agent is accepted: nobody accepted before it is in its way."""
        if (key := (*run.id, agent.get_id())) in self._unfolded:
            return
        self._unfolded.add(key)

        def blocks(c: Any) -> Any:
            return conj((run.accepted(c), run.before(c, agent), run.conflict(agent, c)))

        self.axiom("agent", lambda c: implies(run.accepted(agent), negate(blocks(c))))
        blocker = self.new("agent", "blocker", 1)
        self.assume(disj((run.accepted(agent), negate(run.entered(agent)), blocks(blocker))))

    # --- operators -----------------------------------------------------------------------------

    def highest(self, expr: Highest, env: Env, world: World) -> Any:
        if expr.var.sort != "agent":
            raise NotAccepted(f"Highest over {expr.var.sort}s has no encoding beside a greedy run")
        value, age = self.fresh("highest"), self.age(env, expr)
        if not self.may_name("agent", age):
            return value
        some, witness = self.fresh("some", z3.BoolSort()), self.new("agent", "top", max(age, 1))
        inside = lambda c: self.holds(expr, c, env, world)[0]  # noqa: E731
        body = lambda c: self.spoken(expr.body, {**env, expr.var: (c, True)}, world)  # noqa: E731
        self.assume(implies(some, conj((inside(witness), compare(value, "==", body(witness))))))
        self.assume(disj((some, compare(value, "==", self.read(expr.default, env, world)))))
        self.axiom(
            "agent", lambda c: implies(inside(c), conj((some, compare(value, ">=", body(c)))))
        )
        return value

    def _some(self, expr: Any, body: Any, env: Env, world: World) -> Any:
        sort, age = expr.var.sort, self.age(env, expr)
        if sort not in ("agent", "good"):
            raise NotAccepted(
                f"{type(expr).__name__} over {sort}s has no encoding beside a greedy run"
            )
        some = self.fresh("exists", z3.BoolSort())

        def is_one(c: Any) -> Any:
            inside, inner = self.holds(expr, c, env, world)
            return conj((inside, self.read(body, inner, world)))

        if self.may_name(sort, age):
            witness = self.new(sort, "one", age)
            self.assume(implies(some, is_one(witness)))
            if sort == "agent":
                self.axiom(sort, lambda c: implies(is_one(c), some))
            else:
                self.about[witness.get_id()] = about = self.bystanders(env, expr)
                self.good_axiom(about, lambda c: implies(is_one(c), some))
        return some

    def sum(self, expr: Sum, env: Env, world: World) -> Any:
        if expr.var.sort == "good":
            return self.size(expr, env, world)
        if expr.var.sort != "agent":
            raise NotAccepted(f"a sum over {expr.var.sort}s has no encoding beside a greedy run")
        return self._total(expr, env, world)

    def _total(self, expr: Sum, env: Env, world: World) -> Any:
        """A sum over the agents. Below zero, some term is; above one, so is a term, or two are above
        zero.
        """
        total = self.fresh("total")
        if self.age(env, expr) > 0:
            return total

        def term(c: Any) -> Any:
            inside, inner = self.holds(expr, c, env, world)
            return choose(inside, self.read(expr.body, inner, world), Fraction(0))

        if _counts(expr.body):
            most, second = self.new("agent", "most"), self.new("agent", "second")
            two = conj((most != second, compare(term(most), ">", 0), compare(term(second), ">", 0)))
            self.assume(disj((total <= 1, compare(term(most), ">", 1), two)))
        else:
            self.assume(disj((total >= 0, compare(term(self.new("agent", "least")), "<", 0))))
        return total

    # --- assertions ----------------------------------------------------------------------------

    def demand(self, expr: Any, positive: bool = True, env: Env | None = None,
               world: World = TRUTH, guard: Any = True, depth: int = 0) -> None:  # fmt: skip
        """Assert a condition, or its negation, with a name for each thing that it says exists.

        What is said of every three agents, or of two bystanders, is not used.
        """
        env = self.roles if env is None else env
        go = lambda e, p=positive, v=env, w=world: self.demand(e, p, v, w, guard, depth)  # noqa: E731
        if isinstance(expr, sp.And if positive else sp.Or):
            for part in expr.args:
                go(part)
        elif isinstance(expr, sp.Not):
            go(expr.args[0], p=not positive)
        elif isinstance(expr, sp.Implies) and not positive:
            go(expr.args[0], p=True)
            go(expr.args[1])
        elif isinstance(expr, (At, Truth)):
            inner = {formal: self.element(actual, env, world) for formal, actual in expr.bindings}
            there = self.worlds.get(expr.world, World(expr.world)) if expr.world else world
            go(expr.expr, v={**env, **inner}, w=there)
        elif isinstance(expr, (Exists, ForAll)) and expr.var.sort in ("agent", "good"):
            self._demand_bound(expr, positive, env, world, guard, depth)
        else:
            value = self.read(expr, env, world)
            self.assume(implies(guard, value if positive else negate(value)))

    def _demand_bound(
        self, expr: Any, positive: bool, env: Env, world: World, guard: Any, depth: int
    ) -> None:
        sort, age = expr.var.sort, self.age(env, expr)
        if isinstance(expr, Exists) is positive:
            if self.may_name(sort, age):
                witness = self.new(sort, "some", age)
                if sort == "good":
                    self.about[witness.get_id()] = self.bystanders(env, expr)
                inside, inner = self.holds(expr, witness, env, world)
                self.assume(implies(guard, inside))
                self.demand(expr.body, positive, inner, world, guard, depth)
            return
        if depth == 2:
            return

        def instance(c: Any) -> Any:
            read = [env[s][0] for s in indices_of(expr) if s in env]
            if sum(self.generation[a.get_id()] for a in (c, *read)) <= 1 or sort == "good":
                inside, inner = self.holds(expr, c, env, world)
                self.demand(expr.body, positive, inner, world, conj((guard, inside)), depth + 1)
            return True

        self.axiom(sort, instance)


def exchanged(world: World) -> tuple[Index, Index] | None:
    """The two roles that report each other's type in a world, if that is all it is."""
    if len(world.reports) == 2 and not world.absent:
        (one, kind, other), (two, kind2, another) = world.reports
        if kind == kind2 == "truth" and (one, other) == (another, two):
            return one, other
    return None


def _counts(body: Any) -> bool:
    """Whether a body is 1 or 0."""
    if isinstance(body, At):
        return _counts(body.expr)
    values = [value for value, _ in body.args] if body.func.__name__ == "Cases" else [body]
    return all(value in (0, 1) for value in values)


OWN: dict[type, Callable] = {
    Greedy: GreedyLowering.greedy,
    Highest: GreedyLowering.highest,
    Sum: GreedyLowering.sum,
    Exists: GreedyLowering.exists,
    ForAll: GreedyLowering.for_all,
}
__all__ = ["GreedyLowering", "Run", "exchanged"]
