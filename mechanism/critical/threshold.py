"""Winning conditions, solved for the lowest report that meets them.

A condition that does not turn false as the report rises is met from some report on. That threshold is found from
the way the condition is written; where it has several ways to be met, each is an alternative with a premise that
does not depend on the report.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import sympy as sp

from mechanism.critical.inverse import inverse
from mechanism.critical.report import NotDerived, Report
from mechanism.critical.signs import not_negative
from mechanism.language import ArgMax, First, Greedy, Highest, KthHighest, Max, Rank
from mechanism.writing.words import words

# Where the premise holds, the condition is met by any report above the threshold.
Alternative = tuple[Any, Any]


class Thresholds:
    """Solves conditions for one agent's report.

    Attributes
    ----------
    as_winner : dict
        For a threshold among the others, the same in terms of everybody, where the agent wins.
    """

    def __init__(self, report: Report) -> None:
        self.report = report
        self.as_winner: dict[Any, Any] = {}

    def of(self, condition: Any) -> list[Alternative]:
        """The alternatives of a condition.

        Raises
        ------
        NotDerived
            Naming the part that is not understood, or that turns false as the report rises.
        """
        if condition == sp.false:
            return []
        if not self.report.read_in(condition):
            return [(condition, self.report.lowest)]
        for kind, handler in HANDLERS.items():
            if isinstance(condition, kind):
                return handler(self, condition)
        raise NotDerived(
            f"no formula is known for the {words(self.report.own)} from which on {words(condition)}"
        )

    def all_of(self, condition: sp.And) -> list[Alternative]:
        ways = product(*(self.of(part) for part in condition.args))
        return [(sp.And(*(p for p, _ in way)), self.highest(*(t for _, t in way))) for way in ways]

    def any_of(self, condition: sp.Or) -> list[Alternative]:
        return [way for part in condition.args for way in self.of(part)]

    def implied(self, condition: sp.Implies) -> list[Alternative]:
        premise, consequence = condition.args
        return self.any_of(sp.Or(sp.Not(premise), consequence, evaluate=False))

    def either(self, condition: sp.ITE) -> list[Alternative]:
        test, one, other = condition.args
        cases = sp.Or(sp.And(test, one), sp.And(sp.Not(test), other), evaluate=False)
        return self.any_of(cases)

    def highest(self, *thresholds: Any) -> Any:
        """The larger threshold; a report is at least `lowest` anyway."""
        kept = [t for t in dict.fromkeys(thresholds) if t != self.report.lowest]
        if not kept:
            return self.report.lowest
        parts = [p for t in kept for p in (t.args if type(t) is Max else (t,))]
        if self.report.lowest == 0 and any(not_negative(p) for p in parts):
            parts = [p for p in parts if p != 0]
        elif self.report.lowest not in parts:
            parts.insert(0, self.report.lowest)
        parts = list(dict.fromkeys(parts))
        return parts[0] if len(parts) == 1 else Max(*parts)

    # --- comparisons ---------------------------------------------------------------------------

    def at_least(self, high: Any, low: Any, strict: bool = False) -> list[Alternative]:
        """``high >= low``."""
        for side in (low, high):
            if isinstance(side, Rank) and side.at == self.report.agent:
                return self.ranked(low, high, strict)
        if not self.report.read_in(low):
            found = inverse(high, low, self.report)
        elif not self.report.read_in(high):
            found = inverse(-low, -high, self.report)
        else:
            found = inverse(high - low, sp.S.Zero, self.report)
        return [(sp.true, self.highest(found))]

    def ranked(self, rank: Any, last: Any, strict: bool) -> list[Alternative]:
        """``rank <= last``: fewer than `last` others are better."""
        if not isinstance(rank, Rank) or self.report.read_in(last):
            raise NotDerived(
                f"a place that is compared with {words(last if isinstance(rank, Rank) else rank)}"
            )
        if rank.where != sp.true:
            raise NotDerived(f"places among the agents with {words(rank.where)}")
        last = last - 1 if strict else last
        bar, winner = self.among_others(rank, last)
        self.as_winner[bar] = winner
        return [(sp.true, bar)]

    def among_others(self, rank: Rank, last: Any) -> tuple[Any, Any]:
        """What the `last` best of the others ask for, and what the one after `last` of all asks for."""
        others = KthHighest(last, rank.body, rank.var, sp.Ne(rank.var, self.report.agent))
        return self.passing(rank, others), self.passing(
            rank, KthHighest(last + 1, rank.body, rank.var)
        )

    def passing(self, ranking: Any, bar: Any) -> Any:
        """The report with which the agent reaches a bar that rivals set in a ranking."""
        own = ranking.body.xreplace({ranking.var: self.report.agent})
        if not not_negative(own.xreplace({self.report.own: self.report.lowest})):
            raise NotDerived(f"{words(own)} may be negative, where no rival counts as 0")
        return self.highest(inverse(own, bar, self.report))

    # --- choices -------------------------------------------------------------------------------

    def equal(self, condition: sp.Eq) -> list[Alternative]:
        for chosen, agent in (condition.args, condition.args[::-1]):
            if agent == self.report.agent and isinstance(chosen, ArgMax):
                return self.chosen(chosen)
            if agent == self.report.agent and isinstance(chosen, First):
                return self.first(chosen)
            if isinstance(chosen, Rank) and chosen.at == self.report.agent and agent == 1:
                return self.ranked(chosen, sp.S.One, False)
        raise NotDerived(f"{words(condition)} may turn false as {words(self.report.own)} rises")

    def chosen(self, choice: ArgMax) -> list[Alternative]:
        """The agent has the highest `body` among those in the range."""
        report, var = self.report, choice.var
        others = frozenset({var})
        if report.read_in(choice.body, others) or report.read_in(choice.where, others):
            raise NotDerived(f"who else is in {words(choice)} depends on {words(report.own)}")
        own = choice.body.xreplace({var: report.agent})
        entry = choice.where.xreplace({var: report.agent})
        rivals = sp.And(sp.Ne(var, report.agent), choice.where)
        floor = own.xreplace({report.own: report.lowest})
        if isinstance(entry, (sp.Ge, sp.Gt)) and entry.lhs == own and not report.read_in(entry.rhs):
            floor, ways = entry.rhs, [(sp.true, report.lowest)]  # rivals are not below it either
        else:
            floor, ways = sp.S.Zero if not_negative(floor) else floor, self.of(entry)
        bar = inverse(own, Highest(choice.body, var, rivals, floor), report)
        return [(premise, self.highest(bar, start)) for premise, start in ways]

    def first(self, choice: First) -> list[Alternative]:
        """The agent is the first in the queue that is in the range."""
        report, var = self.report, choice.var
        if report.read_in(choice.where, frozenset({var})):
            raise NotDerived(f"who else is in {words(choice)} depends on {words(report.own)}")
        ahead = First(sp.Or(sp.Eq(var, report.agent), choice.where), var)
        ways = self.of(choice.where.xreplace({var: report.agent}))
        return [(sp.And(sp.Eq(report.agent, ahead), premise), start) for premise, start in ways]

    def accepted(self, choice: Greedy) -> list[Alternative]:
        """The agent is better than all in conflict with it that are accepted without it."""
        report, var = self.report, choice.var
        others = frozenset({var, choice.other})
        parts = (choice.body, choice.conflict, choice.where)
        if choice.at != report.agent or any(report.read_in(p, others) for p in parts):
            raise NotDerived(f"who else is in {words(choice)} depends on {words(report.own)}")
        apart = sp.Ne(var, report.agent)
        without = Greedy(
            choice.body, var, var, choice.conflict, choice.other, sp.And(choice.where, apart)
        )
        blocking = choice.conflict.xreplace({var: report.agent, choice.other: var})
        bar = Highest(choice.body, var, sp.And(apart, blocking, without))
        return [(choice.where.xreplace({var: report.agent}), self.passing(choice, bar))]


HANDLERS: dict[type, Callable[[Thresholds, Any], list[Alternative]]] = {
    sp.And: Thresholds.all_of,
    sp.Or: Thresholds.any_of,
    sp.Implies: Thresholds.implied,
    sp.ITE: Thresholds.either,
    sp.Ge: lambda self, c: self.at_least(c.lhs, c.rhs),
    sp.Gt: lambda self, c: self.at_least(c.lhs, c.rhs, strict=True),
    sp.Le: lambda self, c: self.at_least(c.rhs, c.lhs),
    sp.Lt: lambda self, c: self.at_least(c.rhs, c.lhs, strict=True),
    sp.Eq: Thresholds.equal,
    Greedy: Thresholds.accepted,
}
