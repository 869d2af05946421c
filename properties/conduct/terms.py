"""The terms of code that somebody else wrote: what is seen of it when it runs."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Observed, at
from mechanism.rule import Rule
from mechanism.targets.foreign import foreign_of
from properties.terms import Terms


class CodeTerms(Terms):
    """The terms of a rule that stands for code."""

    @classmethod
    def misfit(cls, rule: Rule) -> str:
        return "" if foreign_of(rule) is not None else "this is about code, and a rule is a formula"

    def observed(self, world: str, what: str) -> Any:
        """Whether the code does something, see `mechanism.targets.conduct`."""
        return at(world, sp.Or(*(Observed(p, what) for p in self.rule.procedures)), {})
