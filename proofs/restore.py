"""The question that a counterexample answers: its rule and its property, put together again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from mechanism.errors import InputError
from mechanism.rule import Rule
from proofs import targets
from proofs.counterexample import Counterexample
from proofs.report.plain import plain
from properties.property import Obligation, Property, told
from properties.registry import property_of


def obligation_of(found: Counterexample, rule: Rule | None = None) -> Obligation:
    """The question that a counterexample answers."""
    rule = _rule(found) if rule is None else _fixed(rule, found.parameters)
    if rule.ties != found.ties:
        rule = rule.with_ties(found.ties)
    return _property(found).on(rule, _condition(rule, found))


def _property(found: Counterexample) -> Property:
    if found.foreign is not None and "reference" in found.foreign:
        from proofs.reference import compared

        return compared(found.property, found.foreign["reference"])
    return property_in(found.property, found.coalition)


def property_in(name: str, coalition: int = 2) -> Property:
    """The property with this id, for coalitions of up to the given size where it speaks of them."""
    from properties.incentives.collusion import collusion_proofness
    from properties.incentives.strong_group import strong_group_strategyproofness
    from properties.incentives.weak_group import weak_group_strategyproofness

    sized = {
        "collusion-proofness": collusion_proofness,
        "strong-group-strategyproofness": strong_group_strategyproofness,
        "weak-group-strategyproofness": weak_group_strategyproofness,
    }
    found = property_of(name)
    return sized[found.id](coalition) if coalition != 2 and found.id in sized else found


def _rule(found: Counterexample) -> Rule:
    if found.foreign is not None:
        from mechanism.targets.rules import rule_of
        from mechanism.targets.target import target_from

        return _fixed(rule_of(target_from(found.target, found.foreign)), found.parameters)
    return _fixed(only(targets.load(found.target), found.target), found.parameters)


def only(rules: list[Rule], target: str) -> Rule:
    """The rule of a target that stands for just one."""
    if len(rules) > 1:
        names = ", ".join(r.id for r in rules)
        raise InputError(f"the target {target} stands for several mechanisms: {names}")
    return rules[0]


def _fixed(rule: Rule, parameters: Mapping[str, Any]) -> Rule:
    """With the parameters that it does not have fixed already."""
    return rule.with_parameters(**{n: v for n, v in parameters.items() if rule.given.get(n) != v})


def _condition(rule: Rule, found: Counterexample) -> Any:
    if not found.condition:
        return sp.true
    for claim in rule.claims:
        for condition in (claim.condition, sp.Not(claim.condition)):
            # What was printed without special signs can be pasted back, too.
            alike = plain(told(condition)) == plain(found.condition)
            if claim.property == found.property and alike:
                return condition
    raise InputError(
        f"the condition '{found.condition}' is in none of the claims that {rule.id} makes about "
        f"{found.property}"
    )
