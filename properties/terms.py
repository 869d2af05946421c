"""The vocabulary of properties: utilities, payments, welfare, read in a world.

`Terms` writes them out for one rule; `Opaque` leaves them as names, for formulas in print. A property
is defined once, over either.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import sympy as sp

from mechanism.definedness import well_defined
from mechanism.language import (
    Computed,
    Count,
    Exists,
    Family,
    ForAll,
    Highest,
    Index,
    Rounds,
    Sum,
    agents,
    at,
    goods,
    is_index,
)
from mechanism.language.family import SameFunction
from mechanism.language.procedure import ROUNDS
from mechanism.rule import Rule
from mechanism.setting import EXTRA, HOLDER, OWNER, gets
from mechanism.ties import untied

_ANY, _ALSO = agents("a a'")
_G = goods("g")


class Opaque:
    """The same vocabulary as names: ``u_i(lie)``, ``p_i(truth)``, for formulas in print."""

    carried: tuple[Family, ...] = ()
    bundled = False
    NUMBERS: ClassVar[dict[str, str]] = {
        "payment": "p", "worth": "w", "said_worth": "w'", "utility": "u", "union": "w", "cap": "c", "gets": "x",
        "revenue": "R", "welfare": "W", "optimum": "W*", "rise": "Delta", "lie_offer": "b'",
        "rounds": "r", "most_rounds": "r*", "left_over": "z", "left_over_worth": "w0",
    }  # fmt: skip

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self.NUMBERS:
            make = sp.Function(self.NUMBERS[name], real=True)
        else:
            make = _Condition(name)
        return lambda *args: make(*(_as_symbol(a) for a in args))


class _Condition:
    """A named condition over symbols, printed as ``name(args)``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *args: Any) -> Any:
        return sp.Symbol(f"{self.name}({', '.join(str(a) for a in args)})")


def _as_symbol(argument: Any) -> Any:
    return sp.Symbol(argument) if isinstance(argument, str) else argument


class Terms:
    """The terms of one rule.

    A vocabulary has a kind, which is the rules' that it fits, a name for those it speaks of, and a twin
    for print.
    """

    kind: ClassVar[str] = "auction"
    called: ClassVar[str] = "agent"
    opaque: ClassVar[type[Opaque]] = Opaque

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    @classmethod
    def misfit(cls, rule: Rule) -> str:
        """Why these are not terms of a rule, or an empty string."""
        if rule.setting.kind == cls.kind:
            return ""
        return f"this is about {cls.kind}s, not about {rule.setting.kind}s"

    # --- per agent -----------------------------------------------------------------------------

    def payment(self, world: str, i: Any) -> Any:
        """What agent i pays."""
        return at(world, self.rule.payment, {self.rule.agent: i})

    def worth(self, world: str, i: Any, holder: Any) -> Any:
        """The value to agent i, by its true type, of what `holder` gets."""
        return at(world, self.rule.setting.worth, {OWNER: i, HOLDER: holder})

    def said_worth(self, world: str, i: Any) -> Any:
        """The value of what agent i gets, were its misreport its type."""
        swap = {b.truth: b.lie for b in self.rule.reports}
        worth = self.rule.setting.worth.xreplace(swap)
        return at(world, worth, {OWNER: i, HOLDER: i})

    def utility(self, world: str, i: Any) -> Any:
        """Quasi-linear utility by the true type: value minus payment."""
        return self.worth(world, i, i) - self.payment(world, i)

    def union(self, world: str, i: Any, extra: Any) -> Any:
        """The value to agent i of what it and its second identity get together."""
        return at(world, self.rule.setting.union, {OWNER: i, EXTRA: extra})

    def deliverable(self, world: str, i: Any, extra: Any) -> Any:
        return at(world, self.rule.setting.deliverable, {OWNER: i, EXTRA: extra})

    def cap(self, world: str, i: Any) -> Any:
        """The most agent i offered for what it gets."""
        return at(world, self.rule.setting.cap, {OWNER: i})

    def gets(self, world: str, i: Any) -> Any:
        """The quantity agent i gets (one number reported)."""
        return at(world, self.rule.allocation, {self.rule.agent: i})

    def got_something(self, world: str, i: Any) -> Any:
        rule = self.rule
        if rule.good is not None:
            some = Exists(at("", rule.allocation, {rule.agent: i, rule.good: _G}) > 0, _G)
            return at(world, some, {})
        return self.gets(world, i) > 0

    def same_holding(self, world: str, i: Any, there: str, j: Any) -> Any:
        """Whether i gets in `world` what j gets `there`."""
        rule = self.rule
        if is_index(rule.allocation):
            return sp.Eq(at(world, rule.allocation, {}), at(there, rule.allocation, {}))
        if rule.good is None:
            return sp.Eq(self.gets(world, i), self.gets(there, j))
        one = at(world, rule.allocation, {rule.agent: i, rule.good: _G})
        other = at(there, rule.allocation, {rule.agent: j, rule.good: _G})
        return ForAll(sp.Eq(one, other), _G)

    def stronger(self, i: Any) -> Any:
        """Whether agent i's misreport is a stronger bid than its type: no component weaker, one more.

        A seller is stronger who asks less, a single-minded bidder who wants fewer goods.
        """
        weakly, strictly = [], []
        for family in self.rule.reports:
            rest = tuple(Index(f"{sort[0]}{n}", sort) for n, sort in enumerate(family.over[1:]))
            lie, truth = family.lie[(i, *rest)], family.truth[(i, *rest)]
            if family.domain.boolean:
                weak, strict = sp.Implies(lie, truth), sp.And(truth, sp.Not(lie))
            else:
                gain = at("", self.rule.setting.direction, {OWNER: i}) * (lie - truth)
                weak, strict = gain >= 0, gain > 0
            for index in rest:
                weak, strict = ForAll(weak, index), Exists(strict, index)
            weakly.append(weak)
            strictly.append(strict)
        return sp.And(*weakly, sp.Or(*strictly))

    def scaled(self, i: Any) -> Any:
        """Whether agent i's misreport is its type, times one factor (what is nothing stays nothing)."""
        (b, *_), other = self.rule.reports, Index("h", "good")
        alike = sp.Eq(b.lie[i, _G] * b.truth[i, other], b.lie[i, other] * b.truth[i, _G])
        nothing = sp.Or(sp.Ne(b.truth[i, _G], 0), sp.Eq(b.lie[i, _G], 0))
        return sp.And(ForAll(ForAll(alike, other), _G), ForAll(nothing, _G))

    def withheld(self, i: Any) -> Any:
        """Whether agent i's misreport is its type, with nothing for some goods."""
        (b, *_) = self.rule.reports
        same = sp.Eq(b.lie[i, _G], b.truth[i, _G])
        return ForAll(sp.Or(same, sp.Eq(b.lie[i, _G], 0)), _G)

    def rise(self, i: Any) -> Any:
        """By how much agent i's misreport is higher than its type."""
        (b, *_) = self.rule.reports
        return b.lie[i] - b.truth[i]

    def lie_offer(self, i: Any) -> Any:
        """What agent i's misreport offers to pay for a unit; negative for a seller's ask."""
        (b, *_) = self.rule.reports
        return at("", self.rule.setting.direction, {OWNER: i}) * b.lie[i]

    def same_demand(self, i: Any) -> Any:
        """Whether agent i's misreport asks for the same goods as its type does."""
        same = []
        for family in self.rule.reports:
            if family.domain.boolean:
                said, true = family.lie[i, _G], family.truth[i, _G]
                same.append(ForAll(sp.Equivalent(said, true), _G))
        return sp.And(*same)

    @property
    def bundled(self) -> bool:
        """Whether what an agent gets is told by goods."""
        return self.rule.good is not None

    def within_unit(self) -> Any:
        """Whether all types and misreports lie in [0, 1]."""
        inside = []
        for family in self.rule.reports:
            rest = tuple(Index(f"{sort[0]}{n}", sort) for n, sort in enumerate(family.over[1:]))
            for kind in (family.truth, family.lie):
                entry = kind[(_ANY, *rest)]
                bounded = sp.And(entry >= 0, entry <= 1)
                for index in (*rest, _ANY):
                    bounded = ForAll(bounded, index)
                inside.append(bounded)
        return sp.And(*inside)

    # --- over the rounds -----------------------------------------------------------------------

    def rounds(self, world: str) -> Any:
        """How many rounds there are."""
        return at(world, Computed(self._procedure, ROUNDS), {})

    def most_rounds(self, world: str) -> Any:
        """How many rounds there are at most, as declared."""
        return at(world, self._procedure.limit, {})

    @property
    def _procedure(self) -> Rounds:
        assert self.rule.rounds is not None, "the property applies to auctions of several rounds"
        return self.rule.rounds

    def left_over(self, world: str) -> Any:
        """How many goods nobody gets."""
        return at(world, Count(sp.Not(self._given), _G), {})

    def left_over_worth(self, world: str, i: Any) -> Any:
        """The most that a good which nobody gets is worth to agent i."""
        (b,) = self.rule.reports
        return at(world, Highest(b.truth[i, _G], _G, sp.Not(self._given)), {})

    @property
    def _given(self) -> Any:
        """Whether somebody gets a good."""
        return Exists(gets(self.rule, _ANY, _G) > 0, _ANY)

    # --- in total ------------------------------------------------------------------------------

    def revenue(self, world: str) -> Any:
        """The sum of all payments."""
        rule = self.rule
        return at(world, Sum(at("", rule.payment, {rule.agent: _ANY}), _ANY), {})

    def welfare(self, world: str) -> Any:
        """The total value of the allocation, by true types."""
        worth = at("", self.rule.setting.worth, {OWNER: _ANY, HOLDER: _ANY})
        return at(world, Sum(worth, _ANY), {})

    def optimum(self, world: str) -> Any:
        """The highest total value of a feasible allocation, by true types."""
        return at(world, self.rule.setting.optimum, {})

    def infeasible(self, world: str) -> Any:
        return at(world, self.rule.setting.infeasible, {})

    def untied(self, world: str) -> Any:
        """Whether the rule breaks no tie."""
        return at(world, untied(self.rule), {})

    def alike(self, i: Any, k: Any, families: tuple[Family, ...] | None = None) -> Any:
        """Whether two agents have the same parameters (all, or those of the given families)."""
        chosen = self.rule.parameters if families is None else families
        same = []
        for family in chosen:
            if family.over[:1] != ("agent",):
                continue
            if family.kind == "function":
                same.append(SameFunction(family, i, k))
                continue
            rest = tuple(Index(f"{sort[0]}{n}", sort) for n, sort in enumerate(family.over[1:]))
            one, other = family[(i, *rest)], family[(k, *rest)]
            equal = sp.Equivalent(one, other) if family.domain.boolean else sp.Eq(one, other)
            for index in rest:
                equal = ForAll(equal, index)
            same.append(equal)
        return sp.And(*same)

    @cached_property
    def carried(self) -> tuple[Family, ...]:
        return self.rule.carried

    def defined(self, world: str) -> Any:
        """Whether every part of the rule has a value, for every agent."""
        rule = self.rule
        return at(world, well_defined(rule.allocation, rule.payment, rule.agent, rule.good), {})
