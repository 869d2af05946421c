"""Conformance: the same winners and the same payments as a reference, where that breaks no tie; ties apart."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.errors import InputError
from mechanism.language import Exists, Index, at, is_index
from mechanism.rule import Rule
from mechanism.ties import untied
from properties.conduct.terms import CodeTerms
from properties.property import Check, Property
from properties.roles import I

CONFORMANCE, AT_TIES = "conformance", "conformance-at-ties"


def conformance(reference: Rule, *, ties: bool = False) -> Property:
    """The property of doing what a reference does.

    Parameters
    ----------
    reference : Rule
    ties : bool
        Asked only where the reference breaks a tie, instead of only where it does not.
    """

    def define(t: Any, i: Index) -> Check:
        there = fitted(reference, t.rule)
        clear = at("truth", untied(there), {})
        pays = sp.Ne(t.payment("truth", i), at("truth", there.payment, {there.agent: i}))
        return Check(
            sp.Integer(1),
            premises=(sp.Not(clear) if ties else clear,),
            violation=sp.Or(_holding(t, there, i), pays),
        )

    where = "where a tie is broken" if ties else "wherever no tie is broken"
    return Property(
        id=AT_TIES if ties else CONFORMANCE,
        title=f"does what {reference.id} does, {where}",
        statement=f"Everybody gets and pays what {reference.id} says, {where}.",
        define=define,
        roles=(I,),
        vocabulary=CodeTerms,
        reference=reference,
        story=f"agent {{i}} gets or pays something else than under {reference.id}",
    )


def _holding(t: Any, there: Rule, i: Index) -> Any:
    """Whether agent i gets something else than under the reference."""
    rule = t.rule
    if is_index(rule.allocation):
        return sp.Ne(at("truth", rule.allocation, {}), at("truth", there.allocation, {}))
    if rule.good is None:
        return sp.Ne(t.gets("truth", i), at("truth", there.allocation, {there.agent: i}))
    own = at("truth", rule.allocation, {rule.agent: i})
    assert there.good is not None
    other = at("truth", there.allocation, {there.agent: i, there.good: rule.good})
    return at("truth", Exists(sp.Ne(own, other), rule.good), {})


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
