"""What an audit asks: of each property a question for every claim about it, or one without a claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from mechanism.errors import InputError
from mechanism.rule import Claim, Rule
from proofs.question import Question
from proofs.restore import property_in
from proofs.verdict import Finding, Scope, Verdict
from properties.property import Property
from properties.registry import (
    DEFAULT,
    DEFAULT_OF_MATCHINGS,
    DEFAULT_OF_MENUS,
    id_about,
)


@dataclass(frozen=True)
class Asked:
    """A question, or the finding that needs none."""

    rule: Rule
    property: Property
    question: Question | None
    finding: Finding | None = None


def property_for(name: str, coalition: int, rule: Rule) -> Property:
    """The property of that name, for the kind of rule and coalitions up to a size."""
    return property_in(id_about(name, rule.setting.kind), coalition)


def numbers_of_agents(agents: Any) -> tuple[int, int | None] | None:
    """``3``, ``"2..4"``, ``"any"`` or a pair, as a pair."""
    if agents is None or isinstance(agents, tuple):
        return agents
    if agents == "any":
        return (1, None)
    match = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", str(agents))
    if not match or int(match[1]) < 1 or int(match[2] or match[1]) < int(match[1]):
        raise InputError(f"the number of agents must be N, A..B or any, not {agents!r}")
    return int(match[1]), int(match[2] or match[1])


def about(
    rule: Rule, wanted: Property, ask: Callable[..., Question], asked: bool
) -> Iterator[Asked]:
    """What is asked about one property; `ask` makes a question of an obligation and a claim."""
    if why := wanted.suits(rule):
        scope = Scope((rule.min_agents, None), dict(rule.sizes), "", rule.ties, called=rule.called)
        na = Finding(rule.id, wanted.id, Verdict.NOT_APPLICABLE, scope, reason=why, asked=asked)
        yield Asked(rule, wanted, None, na)
        return
    asked = asked or (
        not rule.claims and wanted.id in (*DEFAULT, *DEFAULT_OF_MENUS, *DEFAULT_OF_MATCHINGS)
    )
    for claim, condition, reference in _claims(rule, wanted.id):
        question = ask(
            wanted.on(rule, condition),
            claim=claim,
            claim_reference=reference,
            asked=asked,
        )
        yield Asked(rule, wanted, question)


def _claims(rule: Rule, name: str) -> Iterator[tuple[str, Any, str]]:
    """(claim, condition, reference) for each thing that is said of a property; one empty if none is."""
    said = False
    for claim in (c for c in rule.claims if c.property == name):
        for word, condition in _sides(claim):
            said = True
            yield word, condition, claim.reference
    if not said:
        yield "", sp.true, ""


def _sides(claim: Claim) -> Iterator[tuple[str, Any]]:
    words = ("holds", "fails") if claim.holds else ("fails", "holds")
    if claim.condition != sp.false:
        yield words[0], claim.condition
    if claim.otherwise and claim.condition != sp.true:
        yield words[1], sp.Not(claim.condition)
