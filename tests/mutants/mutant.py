"""A mutant: a rule of the catalogue with one mistake in it, and the property that the mistake breaks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mechanism.language import Cases, agents, report
from mechanism.registry import rule
from mechanism.rule import Rule

# The catalogue's rules write these names; indices and families are equal when their names are.
i, j, m = agents("i j m")
b = report("b")


def when(condition: Any, value: Any, otherwise: Any = 0) -> Any:
    return Cases((value, condition), (otherwise, True))


@dataclass(frozen=True)
class Mutant:
    """`of` with `changes`; `sizes` and `parameters` are fixed in the original too."""

    of: str
    mistake: str
    breaks: str
    changes: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.of}-{self.mistake}-{self.breaks}"

    @property
    def original(self) -> Rule:
        """Without its claims, so that the question is put for all admissible parameters at once."""
        return replace(rule(self.of).with_parameters(**self.parameters), claims=())

    @property
    def rule(self) -> Rule:
        changed = replace(rule(self.of), id=f"{self.of}-{self.mistake}", solver="", **self.changes)
        return replace(changed.with_parameters(**self.parameters), claims=())
