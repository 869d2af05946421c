"""Code beside the reference that it is compared with, on the same true reports."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.errors import InputError
from mechanism.language import Count, Exists, ForAll, Index, Sum, agents, at, is_index
from mechanism.rule import Rule
from mechanism.ties import untied
from properties.terms import Terms

J, K = agents("j k")
# Equal goods for agents of one side: however ties fall, as many are sold.
ONE_KIND = ("single-item", "units", "unlimited", "procurement")


class Comparison:
    """What the two say of an agent.

    Parameters
    ----------
    rule : Rule
        That of the code.
    reference : Rule
    """

    def __init__(self, rule: Rule, reference: Rule) -> None:
        self.rule, self.reference = rule, fitted(reference, rule)

    def tied(self) -> Any:
        """Whether the reference breaks a tie, or a buyer and a seller say the same: to trade or not is the same then."""
        broken = sp.Not(at("truth", untied(self.reference), {}))
        if not self.rule.setting.two_sided:
            return broken
        (b,) = self.rule.reports
        same = Exists(Exists(at("truth", sp.Eq(b[J], b[K]), {}), K, sp.Ne(J, K)), J)
        return sp.Or(broken, same)

    def differs(self, i: Any) -> Any:
        """Whether agent i gets or pays something else than under the reference."""
        pays = sp.Ne(self._pays(self.rule, i), self._pays(self.reference, i))
        return sp.Or(sp.Not(self._alike_held(i, self.reference, i)), pays)

    def differs_beyond_names(self, i: Any) -> Any:
        """Whether the two differ in more than in who of those with equal reports is served.

        Either as much is sold to equals, and agent i, with what it gets, pays something else; or, of goods of one
        kind, another number is sold in all.
        """
        served = ForAll(sp.Eq(self._number(J), self._number(J, self.reference)), J)
        paid = sp.Eq(self._number(i, paid=True), self._number(i, self.reference, paid=True))
        beyond = sp.And(served, sp.Not(paid))
        if self.rule.setting.id not in ONE_KIND:
            return beyond
        sold, due = (
            at("truth", Sum(at("", r.allocation, {r.agent: J}), J), {})
            for r in (self.rule, self.reference)
        )
        return sp.Or(beyond, sp.Ne(sold, due))

    def _number(self, i: Any, there: Rule | None = None, paid: bool = False) -> Any:
        """How many of those who are like agent i get what the code gives it (and pay what it pays)."""
        there = there or self.rule
        like = [self._like(i, K), self._alike_held(i, there, K)]
        if paid:
            like.append(sp.Eq(self._pays(self.rule, i), self._pays(there, K)))
        return Count(sp.And(*like), K)

    def _like(self, i: Any, k: Any) -> Any:
        """Whether two agents have the same parameters and say the same."""
        same = [Terms(r).alike(i, k) for r in (self.rule, self.reference)]
        for b in self.rule.reports:
            rest = tuple(Index(f"{sort[0]}{n}", sort) for n, sort in enumerate(b.over[1:]))
            equal = sp.Eq(b[(i, *rest)], b[(k, *rest)])
            for index in rest:
                equal = ForAll(equal, index)
            same.append(at("truth", equal, {}))
        return sp.And(*same)

    def _alike_held(self, i: Any, there: Rule, k: Any) -> Any:
        """Whether agent k gets under a rule what agent i gets under the code."""
        rule = self.rule
        if is_index(rule.allocation):
            return sp.Eq(at("truth", rule.allocation, {}), at("truth", there.allocation, {}))
        if rule.good is None:
            own = at("truth", rule.allocation, {rule.agent: i})
            return sp.Eq(own, at("truth", there.allocation, {there.agent: k}))
        assert there.good is not None
        own = at("truth", rule.allocation, {rule.agent: i})
        other = at("truth", there.allocation, {there.agent: k, there.good: rule.good})
        return sp.Not(at("truth", Exists(sp.Ne(own, other), rule.good), {}))

    def _pays(self, rule: Rule, i: Any) -> Any:
        return at("truth", rule.payment, {rule.agent: i})


def fitted(reference: Rule, rule: Rule) -> Rule:
    """The reference over the reports and parameters of a rule.

    Raises
    ------
    InputError
        When it is about something else.
    """
    if reference.setting.id != rule.setting.id and not _unlimited(reference, rule):
        raise InputError(
            f"{reference.id} is about {reference.setting.title}, and this is about {rule.setting.title}: "
            "the two cannot be compared"
        )
    if [f.over for f in reference.reports] != [f.over for f in rule.reports]:
        raise InputError(f"{reference.id} takes other reports than {rule.id}")
    return reference


def _unlimited(reference: Rule, rule: Rule) -> bool:
    return {reference.setting.id, rule.setting.id} <= {"single-item", "units", "unlimited"}
