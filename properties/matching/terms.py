"""The vocabulary of matchings."""

from __future__ import annotations

from typing import Any, ClassVar

import sympy as sp

from mechanism.language import Exists, Observed, Sum, agents, at
from mechanism.matching import MatchingSetting
from mechanism.setting import HOLDER, OWNER
from properties.terms import Terms

_J, _L = agents("j l")


class MatchingTerms(Terms):
    """The terms of a matching."""

    kind: ClassVar[str] = "matching"

    @property
    def setting(self) -> MatchingSetting:
        setting = self.rule.setting
        assert isinstance(setting, MatchingSetting)
        return setting

    def asked(self, i: Any) -> Any:
        """Whether agent i is on the side whose strategyproofness is asked about."""
        return at("truth", self.setting.asked, {OWNER: i})

    def liking(self, i: Any, k: Any) -> Any:
        """How high agent i places k, by its true preferences; 0 on its own side, -1 where it is not wanted."""
        return at("truth", self.setting.liking, {OWNER: i, HOLDER: k})

    def content(self, world: str, i: Any) -> Any:
        """How high agent i places its partner, by its true preferences; 0 without one, the sum of several."""
        return self.worth(world, i, i)

    def together(self, world: str, i: Any, k: Any) -> Any:
        """1 where i and k are partners."""
        assert self.rule.good is not None
        return at(world, self.rule.allocation, {self.rule.agent: i, self.rule.good: k})

    def wants(self, world: str, i: Any, k: Any) -> Any:
        """Whether i would take k: it has a free seat, or a partner that it likes less."""
        seats = at("truth", self.setting.seats, {OWNER: i})
        free = Sum(self.together(world, i, _J), _J) < seats
        rather = sp.And(self.together(world, i, _J) > 0, self.liking(i, k) > self.liking(i, _J))
        return sp.And(self.liking(i, k) > 0, sp.Or(free, Exists(rather, _J)))

    def unwelcome(self, world: str) -> Any:
        """Whether somebody has a partner that it would rather not be with."""
        return Exists(
            Exists(sp.And(self.together(world, _J, _L) > 0, self.liking(_J, _L) < 0), _L), _J
        )

    def dominated(self, world: str) -> Any:
        """Whether another matching is better for somebody and worse for nobody."""
        return at(world, sp.Or(*(Observed(p, "dominated") for p in self.rule.procedures)), {})
