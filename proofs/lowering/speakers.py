"""Reading by cases of who speaks, and sets of goods, for the lowering over named agents.

What an agent says in a world depends on whether it is one of those who misreport. Instead of asking that
at every entry, an expression is read once for each answer: in each case it is clear who says what, so
that products, quotients and sets of goods stay free of cases, and what does not depend on a misreport is
the same term in all worlds.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import z3

from mechanism.language import At, Entry, Family, Flag, Index, Sum, Truth, World
from proofs.engines.engine import NotAccepted
from proofs.lowering.any_size import AnySize, world_dependent
from proofs.lowering.names import SORT, Env, TooManyNames
from proofs.lowering.terms import choose, choose_condition, conj, disj, implies, negate, number
from proofs.lowering.witnesses import mentions_agents
from properties.property import Obligation

MAX_NAMES = 80
SETTLED = "*"  # ends the name of a world in which agents that differ in name are different agents


class BySpeaker(AnySize):
    """The lowering over named agents and goods, with names in generations.

    Notes
    -----
    The agents a property speaks of, and those that stand for "some agent", are of generation 0; the
    blocker or price setter of one of them is of generation 1, and no witness is named for those. A good
    bears witness to a condition on agents, and is tried only on conditions on the same bystanders. Facts
    that are not stated for that reason are left open: fewer premises, so a proof stays a proof.
    """

    def __init__(self, obligation: Obligation) -> None:
        self.generation: dict[int, int] = {}
        self.about: dict[int, frozenset[int]] = {}  # for a good, the bystanders it was named for
        self.sizes: list[
            tuple[Any, Callable[[Any], Any]]
        ] = []  # of the sets of those who play a role
        self._found: dict[tuple, Any] = {}
        super().__init__(obligation, free_ties=False)
        self._playing = {constant.get_id() for constant, _ in self.roles.values()}

    # --- names ---------------------------------------------------------------------------------

    def new(self, sort: str, name: str = "", generation: int = 0) -> Any:
        self._fresh += 1
        constant = z3.Const(f"{name or sort}!{self._fresh}", SORT[sort])
        self.generation[constant.get_id()] = generation
        self.constants[sort].append(constant)
        if len(self.constants[sort]) > MAX_NAMES:
            raise TooManyNames("the formulas name too many agents or goods")
        return constant

    def age(self, env: Env, expr: Any) -> int:
        """The generation of a witness named for an expression."""
        read = [s for s in indices_of(expr) if s in env]
        return max(
            (self.generation[env[s][0].get_id()] + (s.sort == "agent") for s in read), default=0
        )

    def may_name(self, sort: str, age: int) -> bool:
        return age <= (1 if sort == "agent" else 2)

    def bystanders(self, env: Env, expr: Any) -> frozenset[int]:
        """The agents that an expression reads, but for those the property speaks of."""
        read = (env[s][0] for s in indices_of(expr) if s.sort == "agent" and s in env)
        return frozenset(self.origin(c) for c in read if not self.plays(c))

    def plays(self, agent: Any) -> bool:
        """Whether the property speaks of the agent."""
        return agent.get_id() in self._playing

    def origin(self, agent: Any) -> int:
        return agent.get_id()

    def good_axiom(self, about: frozenset[int], instance: Callable[[Any], Any]) -> None:
        """An axiom on the goods that have to do with the same bystanders."""

        def related(g: Any) -> Any:
            other = self.about.get(g.get_id(), frozenset())
            return instance(g) if about <= other or other <= about else True

        self.axiom("good", related)

    def _close_order(self) -> None:
        names = self.constants["agent"]
        for n, one in enumerate(names):
            for other in names[:n]:
                self.assume(
                    disj((self.place("agent", one) != self.place("agent", other), one == other))
                )

    # --- reading -------------------------------------------------------------------------------

    def key(self, expr: Any, env: Env, world: World) -> tuple:
        name = world.name if world_dependent(expr) else ""
        return (expr, name, *(env[s][0].get_id() for s in indices_of(expr) if s in env))

    def lookup(self, family: Family, index: tuple) -> Any:
        key = (family, *(c.get_id() for c in index))
        if key not in self._found:
            self._found[key] = super().lookup(family, index)
        return self._found[key]

    def read_binder(self, handler: Callable, expr: Any, env: Env, world: World) -> Any:
        """Read an operator once."""
        key = self.key(expr, env, world)
        if key not in self._cache:
            plain = expr.var.sort == "good" and not mentions_agents(expr)
            self._cache[key] = (self._over_goods if plain else _call)(
                handler, self, expr, env, world
            )
        return self._cache[key]

    @staticmethod
    def _over_goods(handler: Callable, self: BySpeaker, expr: Any, env: Env, world: World) -> Any:
        """Settle who says what; then what speaks of the same agents is the same term."""
        if not world.name.endswith(SETTLED):
            return self.spoken(expr, env, world)
        inner, named, world = self._by_name(expr, env, world)
        key = (inner, world.name)
        if key not in self._cache:
            self._cache[key] = handler(self, inner, named, world)
        return self._cache[key]

    def _by_name(self, expr: Any, env: Env, world: World) -> tuple[Any, Env, World]:
        """The same expression with each index named after what it stands for, and with types and
        misreports for what is reported.
        """
        named = {
            Index(env[s][0].decl().name(), s.sort): env[s] for s in indices_of(expr) if s in env
        }
        inner = expr.xreplace(
            {s: Index(env[s][0].decl().name(), s.sort) for s in indices_of(expr) if s in env}
            | {expr.var: Index("g", "good")}
        )
        if inner.has(At, Truth):
            return inner, named, world
        said = {}
        for node in inner.atoms(Entry, Flag):
            if node.family.kind == "report":
                family, speaker = self.source(node.family, named[node.index[0]][0], world)
                name = Index(speaker.decl().name(), "agent")
                named[name] = (speaker, True)
                said[node] = node.func(family, name, *node.index[1:])
        return inner.xreplace(said), named, World(SETTLED)

    def source(self, family: Family, agent: Any, world: World) -> tuple[Family, Any]:
        """What an agent's report is, and whose, in a world in which that is settled."""
        for who, kind, whose in world.reports:
            if agent.eq(self.roles[who][0]):
                return (family.truth if kind == "truth" else family.lie), self.roles[whose][0]
        return family.truth, agent

    def entry(self, expr: Any, env: Env, world: World) -> Any:
        if not world.name.endswith(SETTLED) or expr.family.kind != "report":
            return super().entry(expr, env, world)
        agent, *rest = (self.element(i, env, world)[0] for i in expr.index)
        family, speaker = self.source(expr.family, agent, world)
        return self.lookup(family, (speaker, *rest))

    def spoken(self, expr: Any, env: Env, world: World) -> Any:
        """The same as `read`, by cases of which of the agents it speaks of are those who misreport."""
        if world.name.endswith(SETTLED) or mentions_agents(expr):
            return self.read(expr, env, world)
        return self._by_speaker(
            expr, env, world, [s for s in indices_of(expr) if s.sort == "agent"]
        )

    def _by_speaker(self, expr: Any, env: Env, world: World, open_: list[Index]) -> Any:
        if not open_:
            return self.read(expr, env, World(world.name + SETTLED, world.reports))
        index, *rest = open_
        agent, some = env[index]
        cases = []
        for who, _, _ in world.reports:
            speaker = self.roles[who][0]
            said = self._by_speaker(expr, {**env, index: (speaker, some)}, world, rest)
            cases.append((agent == speaker, said))
            if agent.eq(speaker):
                break
        else:
            cases.append((True, self._by_speaker(expr, env, world, rest)))
        value = cases.pop()[1]
        for test, one in reversed(cases):
            value = _either(test, one, value)
        return value

    # --- sets of goods -------------------------------------------------------------------------

    def size(self, expr: Sum, env: Env, world: World) -> Any:
        """How many goods are in a set: not more than in a larger one, at least 1 unless it is empty."""
        flag = expr.where
        if expr.body != 1 or not isinstance(flag, Flag) or flag.index[1:] != (expr.var,):
            raise NotAccepted(f"{expr} is not the size of a reported set of goods")
        agent = self.element(flag.index[0], env, world)[0]
        family, speaker = flag.family, agent
        if family.kind == "report":
            family, speaker = self.source(family, agent, world)
        value = z3.Function(
            f"size_{family.name}".replace("'", "_said"), SORT["agent"], z3.RealSort()
        )(speaker)
        if (key := ("size", value.get_id())) not in self._found:
            self._found[key] = value
            self._state_size(value, lambda g: self.lookup(family, (speaker, g)), speaker)
        return value

    def _state_size(self, value: Any, holds: Callable[[Any], Any], agent: Any) -> None:
        self.assume(value >= 0)
        about = frozenset(() if self.plays(agent) else {self.origin(agent)})
        self.good_axiom(about, lambda g: implies(holds(g), value >= 1))
        if self.plays(agent):
            for other, also in self.sizes:
                self._compare_sizes(value, holds, other, also)
                self._compare_sizes(other, also, value, holds)
            self.sizes.append((value, holds))

    def _compare_sizes(self, one: Any, holds: Any, other: Any, also: Any) -> None:
        """The first set is not larger than the second, or has a good that the second has not."""
        extra = self.new("good", "extra", 1)
        self.assume(disj((one <= other, conj((holds(extra), negate(also(extra)))))))

    def quotient(self, value: Any, divisor: Any, env: Env, world: World) -> Any:
        """A function of both, so that equal parts give equal quotients."""
        by = self.read(divisor, env, world)
        if isinstance(by, Fraction):
            return super().quotient(value, divisor, env, world)
        by, value = number(by), number(value)
        result = z3.Function("quotient", *[z3.RealSort()] * 3)(value, by)
        if (key := ("quotient", result.get_id())) not in self._found:
            self._found[key] = result
            self.assume(disj((by == 0, result * by == value)))
        return result


@lru_cache(maxsize=4096)
def indices_of(expr: Any) -> tuple[Index, ...]:
    """The free indices of an expression, by name."""
    return tuple(
        sorted((s for s in expr.free_symbols if isinstance(s, Index)), key=lambda s: s.name)
    )


def _call(handler: Callable, low: BySpeaker, expr: Any, env: Env, world: World) -> Any:
    return handler(low, expr, env, world)


def _either(test: Any, one: Any, other: Any) -> Any:
    truth = isinstance(one, bool) or (z3.is_expr(one) and z3.is_bool(one))
    return choose_condition(test, one, other) if truth else choose(test, one, other)


__all__ = ["SETTLED", "BySpeaker", "TooManyNames", "indices_of"]
