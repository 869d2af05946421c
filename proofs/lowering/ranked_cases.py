"""Which roles are one agent, and which side each named agent is on: a finite case distinction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from mechanism.language import Family, Flag, Index
from proofs.engines.engine import NotAccepted
from properties.property import Obligation

Side = bool | None


@dataclass(frozen=True)
class Case:
    """One case.

    Parameters
    ----------
    agents : tuple of (Index, int)
        The number of the agent in each role; equal numbers are one agent.
    sides : tuple of Side
        For each agent, the value of `flag`; None where there are no sides.
    flag : Family or None
        What tells the sides apart, for example who is a buyer.
    """

    agents: tuple[tuple[Index, int], ...]
    sides: tuple[Side, ...]
    flag: Family | None

    def __str__(self) -> str:
        names: dict[int, list[str]] = {}
        for role, agent in self.agents:
            names.setdefault(agent, []).append(role.name)
        parts = []
        for agent, roles in names.items():
            side = self.sides[agent]
            word = "" if side is None else f" {'' if side else 'not '}{self.flag}"
            parts.append("=".join(roles) + word)
        return ", ".join(parts) or "nobody named"

    @property
    def every_side(self) -> tuple[Side, ...]:
        return (None,) if self.flag is None else (True, False)


def cases(obligation: Obligation) -> Iterator[Case]:
    """Every case of an obligation."""
    flag = side_flag(obligation)
    for numbers in partitions(len(obligation.roles)):
        named = max(numbers, default=-1) + 1
        agents = tuple(zip(obligation.roles, numbers, strict=True))
        for sides in product((None,) if flag is None else (True, False), repeat=named):
            yield Case(agents, sides, flag)


def side_flag(obligation: Obligation) -> Family | None:
    """The one yes-or-no parameter of the agents, if the rule has one."""
    found: set[Family] = set()
    for part in (obligation.rule.allocation, obligation.rule.payment, *obligation.rule.assumptions,
                 *obligation.premises, obligation.violation):  # fmt: skip
        found |= {node.family for node in part.atoms(Flag)}
    if len(found) > 1:
        raise NotAccepted(f"more than one flag of the agents: {', '.join(sorted(map(str, found)))}")
    for family in found:
        if family.kind != "parameter" or family.over != ("agent",):
            raise NotAccepted(f"the flag {family} is not a parameter of the agents")
    return next(iter(found), None)


def partitions(size: int, start: Sequence[int] = ()) -> Iterator[tuple[int, ...]]:
    """The ways to make some roles the same agent: (0, 1), (0, 0) for two."""
    if len(start) == size:
        yield tuple(start)
        return
    for number in range(max(start, default=-1) + 2):
        yield from partitions(size, (*start, number))
