"""A run of a greedy rule, as a predicate over named agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import z3

from mechanism.language import Greedy, Index, World
from proofs.lowering.names import Env
from proofs.lowering.terms import compare, conj, disj

if TYPE_CHECKING:
    from proofs.lowering.greedy import GreedyLowering


@dataclass(frozen=True, eq=False)
class Run:
    """One greedy run: the operator, the world, and the agents its condition names."""

    low: GreedyLowering
    node: Greedy
    world: World
    parameters: tuple[tuple[Index, Any], ...]
    name: str

    @property
    def id(self) -> tuple:
        return (self.name, *(c.get_id() for _, c in self.parameters))

    @property
    def order(self) -> tuple:
        """What two runs share in which keys and conflicts are the same function of what is said."""
        return (self.node.body, self.node.var, self.node.conflict, self.node.other)

    def env(self, **bound: Any) -> Env:
        named = {index: (constant, True) for index, constant in self.parameters}
        return {
            **self.low.roles,
            **named,
            **{getattr(self.node, n): (c, True) for n, c in bound.items()},
        }

    def accepted(self, agent: Any) -> Any:
        arguments = [*(c for _, c in self.parameters), agent]
        return z3.Function(self.name, *(c.sort() for c in arguments), z3.BoolSort())(*arguments)

    def entered(self, agent: Any) -> Any:
        """Whether the agent is one of those the run takes up."""
        inside = self.low.read(self.node.where, self.env(var=agent), self.world)
        return conj((self.low.present(agent, self.world), inside))

    def before(self, one: Any, other: Any) -> Any:
        """Whether `one` is taken up before `other`: by key, then by a priority no report can change."""
        key, key2 = (
            self.low.spoken(self.node.body, self.env(var=a), self.world) for a in (one, other)
        )
        earlier = self.low.place("agent", one) < self.low.place("agent", other)
        return disj((compare(key, ">", key2), conj((compare(key, "==", key2), earlier))))

    def conflict(self, later: Any, earlier: Any) -> Any:
        return self.low.spoken(self.node.conflict, self.env(var=later, other=earlier), self.world)
