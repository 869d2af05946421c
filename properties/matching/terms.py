"""The vocabulary of matchings."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy as sp

from mechanism.language import Observed, at
from mechanism.setting import HOLDER, OWNER
from properties.terms import Terms


class MatchingTerms(Terms):
    """The terms of a matching."""

    kind: ClassVar[str] = "matching"

    def asked(self, i: Any) -> Any:
        """Whether agent i is on the side whose strategyproofness is asked about."""
        return at("truth", self.rule.setting.asked, {OWNER: i})  # type: ignore[attr-defined]

    def liking(self, i: Any, k: Any) -> Any:
        """How high agent i places k, by its true preferences; 0 where k is on its own side."""
        return at("truth", self.rule.setting.liking, {OWNER: i, HOLDER: k})  # type: ignore[attr-defined]

    def content(self, world: str, i: Any) -> Any:
        """How high agent i places its partner, by its true preferences; 0 without one."""
        return self.worth(world, i, i)

    def dominated(self, world: str) -> Any:
        """Whether another matching is better for somebody and worse for nobody."""
        return at(world, sp.Or(*(Observed(p, "dominated") for p in self.rule.procedures)), {})
