"""Strictly increasing functions (virtual values) for the any-size lowering: uninterpreted, with what
is known of them stated for the arguments that occur.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import z3

from mechanism.language import Applied, Inverse, World
from mechanism.language.family import SameFunction
from proofs.lowering.terms import compare, conj, disj, implies, number

if TYPE_CHECKING:
    from proofs.lowering.any_size import AnySize
    from proofs.lowering.names import Env


class Functions:
    """Uninterpreted functions, one for each agent, strictly increasing and onto the reals."""

    def __init__(self, low: AnySize) -> None:
        self.low = low
        self.applied: dict[str, list[tuple[Any, Any, Any]]] = {}  # (agent, argument, value)
        self.alike: dict[str, list[tuple[Any, Any, Any]]] = {}  # (condition, one, other)
        self._seen: set[str] = set()

    def apply(self, expr: Applied, env: Env, world: World) -> Any:
        low, name = self.low, expr.family.name
        if name in low.obligation.rule.given:
            low.exact.append(f"the given {name} stands for any increasing functions")
        agent = low.element(expr.index, env, world)[0]
        argument = number(low.read(expr.argument, env, world))
        kind = f"{name}_inverse" if isinstance(expr, Inverse) else name
        value = self._function(kind, agent)(agent, argument)
        pair = (agent, value, argument) if isinstance(expr, Inverse) else (agent, argument, value)
        if isinstance(expr, Inverse):
            # Onto the reals: the function takes the value `argument` at `value`.
            low.assume(self._function(name, agent)(agent, value) == argument)
        if str(pair) not in self._seen:
            self._seen.add(str(pair))
            self.applied.setdefault(name, []).append(pair)
        return value

    def _function(self, name: str, agent: Any) -> Any:
        return z3.Function(name, agent.sort(), z3.RealSort(), z3.RealSort())

    def same(self, expr: SameFunction, env: Env, world: World) -> Any:
        """Whether two agents have the same function."""
        one, other = (self.low.element(a, env, world)[0] for a in expr.args[1:])
        flag = self.low.fresh("same", z3.BoolSort())
        self.alike.setdefault(expr.args[0].name, []).append((flag, one, other))
        return flag

    def close(self) -> None:
        """State that the functions increase strictly, for every two arguments that occur."""
        for name, rows in self.applied.items():
            for agent, argument, value in rows:
                for other, argument2, value2 in rows:
                    one_function = self._one(name, agent, other)
                    if one_function is False:
                        continue
                    rises = implies(compare(argument, "<", argument2), compare(value, "<", value2))
                    equal = implies(
                        compare(argument, "==", argument2), compare(value, "==", value2)
                    )
                    self.low.assume(implies(one_function, conj((rises, equal))))

    def _one(self, name: str, agent: Any, other: Any) -> Any:
        if agent.eq(other):
            return True
        pairs = [
            conj((flag, disj((conj((agent == a, other == b)), conj((agent == b, other == a))))))
            for flag, a, b in self.alike.get(name, [])
        ]
        return disj((agent == other, *pairs))
