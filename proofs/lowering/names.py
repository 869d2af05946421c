"""Names for agents, goods and outcomes of a set of any size, and what is said of all of it.

What is stated of every element of a sort is instantiated over its named constants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import z3

from mechanism.language import Index
from proofs.engines.engine import NotAccepted
from proofs.lowering.terms import condition, conj, implies

MAX_CONSTANTS = 24
SORT = {name: z3.DeclareSort(name.capitalize()) for name in
        ("agent", "good", "bundle", "outcome", "matching", "partition")}  # fmt: skip

# An element is a named constant and the condition under which it exists.
Element = tuple[Any, Any]
Env = dict[Index, Element]


class TooManyNames(NotAccepted):
    """There is an encoding, but it is too large to be worth trying."""


class Names:
    """Named constants, facts about them, and axioms about every one of a sort.

    Parameters
    ----------
    leave_out : bool
        Beside each matching, name those that leave one of the agents of the question out.
    """

    roles: Mapping[Index, Element]

    def __init__(self, leave_out: bool = False) -> None:
        self.constants: dict[str, list[Any]] = {name: [] for name in SORT}
        self.axioms: list[tuple[str, Callable[[Any], Any]]] = []
        self.assertions: list[Any] = []
        self._fresh = 0
        self._done: set[tuple[int, int]] = set()
        self.leave_out = leave_out
        self.smaller: dict[str, tuple[Any, Any]] = {}  # a matching: the whole one, who is left out

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

    def instantiate(self) -> None:
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

    def _leave_out(self) -> bool:
        """Name the matchings that leave an agent out; False when there are no new ones."""
        known = {str(whole) for whole, _ in self.smaller.values()} | self.smaller.keys()
        fresh = [m for m in self.constants["matching"] if str(m) not in known]
        for whole in fresh:
            for agent, _ in self.roles.values():
                self.smaller[str(self.new("matching", "without"))] = (whole, agent)
        return bool(fresh and self.roles)

    def tell_apart(self) -> None:
        """State that the order of a sort is strict."""
        for sort, names in self.constants.items():
            for n, one in enumerate(names):
                for other in names[:n]:
                    self.assume(
                        implies(self.place(sort, one) == self.place(sort, other), one == other)
                    )

    def award_once(self) -> None:
        """State what matchings and partitions award to named agents: no good twice."""
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
