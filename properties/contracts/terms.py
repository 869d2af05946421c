"""The vocabulary of menus: what a type gets from what is meant for another, in each period and in total."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from mechanism.contracts.payoff import THETA, Q, R
from mechanism.contracts.setting import MenuSetting
from mechanism.language import Highest, Sum, agents, at
from mechanism.rule import Rule
from mechanism.setting import EXTRA, HOLDER, OWNER
from properties.property import Check
from properties.terms import Opaque, Terms

A, B, C = agents("i j h")
# Bound in what follows, so no property may use them.
NEXT, SAID = agents("next said")
BEFORE = agents("before")


class OpaqueMenu(Opaque):
    """The same vocabulary as names, for print."""

    NUMBERS: ClassVar[dict[str, str]] = {
        "first": "g", "second": "h", "best": "G", "truthful": "H", "quality": "q", "reward": "r",
        "theta": "theta", "limit": "B", "spending": "E", "payoff": "g",
        "quality2": "q", "reward2": "r",
    }  # fmt: skip


class MenuTerms(Terms):
    """The terms of one menu."""

    kind: ClassVar[str] = "menu"
    called: ClassVar[str] = "type"
    opaque: ClassVar[type[Opaque]] = OpaqueMenu

    @property
    def setting(self) -> MenuSetting:
        setting = self.rule.setting
        assert isinstance(setting, MenuSetting)
        return setting

    def theta(self, i: Any) -> Any:
        """The number of a type; a higher one is more willing."""
        return at("truth", self.setting.theta, {OWNER: i})

    def quality(self, i: Any) -> Any:
        return at("truth", self.setting.quality, {HOLDER: i})

    def reward(self, i: Any) -> Any:
        return at("truth", self.setting.reward, {HOLDER: i})

    def quality2(self, h: Any, i: Any) -> Any:
        """What is meant for type i in the second period, after the first report h."""
        return at("truth", self.setting.quality2, {EXTRA: h, HOLDER: i})

    def reward2(self, h: Any, i: Any) -> Any:
        return at("truth", self.setting.reward2, {EXTRA: h, HOLDER: i})

    def payoff(self, i: Any, q: Any, r: Any) -> Any:
        """The payoff of type i from any quality and reward."""
        return self.setting.payoff.xreplace({THETA: self.theta(i), Q: q, R: r})

    def first(self, i: Any, j: Any) -> Any:
        """The payoff of type i from the (first-period) item of type j."""
        return at("truth", self.setting.first, {OWNER: i, HOLDER: j})

    def second(self, h: Any, i: Any, j: Any) -> Any:
        """The payoff of the second-period type i from the item of j, after the first report h."""
        return at("truth", self.setting.second, {EXTRA: h, OWNER: i, HOLDER: j})

    def best(self, i: Any, j: Any) -> Any:
        """The payoff in total of a type i that reports j, and then whatever is best for it."""
        return self._total(i, j, Highest(self.second(j, NEXT, SAID), SAID))

    def truthful(self, i: Any, j: Any) -> Any:
        """The payoff in total of a type i that reports j, and the truth in the second period."""
        return self._total(i, j, self.second(j, NEXT, NEXT))

    def _total(self, i: Any, j: Any, then: Any) -> Any:
        if not self.setting.two_periods:
            return self.first(i, j)
        chance = at("truth", self.setting.chance, {OWNER: i, HOLDER: NEXT})
        return self.first(i, j) + self.setting.discount * Sum(chance * then, NEXT)

    def spending(self) -> Any:
        """The expected rewards, those of the second period discounted."""
        s, k = self.setting, BEFORE
        paid = self.reward(k)
        if s.two_periods:
            chance = at("truth", s.chance, {OWNER: k, HOLDER: NEXT})
            paid += s.discount * Sum(chance * self.reward2(k, NEXT), NEXT)
        return Sum(at("truth", s.prior, {OWNER: k}) * paid, k)

    def limit(self) -> Any:
        """The budget."""
        return self.setting.limit


class After:
    """The menu after a first report, in the words of a menu for one period."""

    def __init__(self, t: Any, h: Any) -> None:
        self._t, self._h = t, h

    def theta(self, i: Any) -> Any:
        return self._t.theta(i)

    def quality(self, i: Any) -> Any:
        return self._t.quality2(self._h, i)

    def reward(self, i: Any) -> Any:
        return self._t.reward2(self._h, i)

    def first(self, i: Any, j: Any) -> Any:
        return self._t.second(self._h, i, j)


def after(define: Callable[..., Check]) -> Callable[..., Check]:
    """What a definition says of the second period, after the first report that is its first role."""
    return partial(_after, define)


def _after(define: Callable[..., Check], t: Any, h: Any, *roles: Any) -> Check:
    return define(After(t, h), *roles)


class OnePeriod(MenuTerms):
    """The terms of a menu for one period."""

    @classmethod
    def misfit(cls, rule: Rule) -> str:
        told = super().misfit(rule)
        return told or ("this menu has two periods" if cls(rule).setting.two_periods else "")


class TwoPeriods(MenuTerms):
    """The terms of a menu for two periods."""

    @classmethod
    def misfit(cls, rule: Rule) -> str:
        told = super().misfit(rule)
        return told or ("" if cls(rule).setting.two_periods else "this menu has one period")
