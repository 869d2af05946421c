"""Where every number is given, a property is decided by looking: each choice of roles, evaluated exactly.

No solver takes part, so there is nothing to attack: the referee itself decides. The smallest violation
is the first in the order of the roles; its twin is the one with the largest margin.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance
from proofs.counterexample import Counterexample
from proofs.minimise import Smallest
from proofs.question import Question, answer, scope_of
from proofs.refute import counterexample_of, refutation
from proofs.verdict import Finding, Proof, Verdict
from properties.check import families
from properties.property import Obligation

HOW = "every number is given, and each choice of {called}s was evaluated exactly"


def evaluated(question: Question) -> Finding:
    """Decide a closed obligation."""
    obligation, called = question.obligation, question.obligation.rule.called
    tried = margins(obligation)
    if not tried:
        why = f"no choice among {obligation.rule.fixed_size} {called}s meets the premises"
        return answer(question, Verdict.VACUOUS, reason=why)
    violated = [(roles, margin) for roles, margin, bad in tried if bad]
    if not violated:
        proof = Proof("evaluation", HOW.format(called=called), steps=_steps(tried))
        reason = f"{len(tried)} case{'s' if len(tried) > 1 else ''}"
        return answer(question, Verdict.PROVED, proof, scope_of(question), reason=reason)
    first, worst = violated[0], max(violated, key=lambda pair: pair[1])
    finding = refutation(question, Smallest(given_instance(obligation, first[0]), True))
    found = finding.evidence
    assert isinstance(found, Counterexample)
    if worst[1] > first[1]:
        twin = counterexample_of(question, given_instance(obligation, worst[0]), False)
        finding = replace(finding, evidence=replace(found, robust=twin))
    return replace(finding, reason=f"{len(violated)} of {len(tried)} cases violate it")


def margins(obligation: Obligation) -> list[tuple[dict[str, int], Fraction, bool]]:
    """The roles, the margin and whether the property is violated, for each choice that is admitted."""
    rule = obligation.rule
    read = Exact(given_instance(obligation, {}), rule.ties, obligation.worlds)
    domain = read.instance.domain("agent")
    if not all(read(a) for a in rule.assumptions):
        return []
    if not all(read(rule.admissible, {rule.agent: agent}) for agent in domain):
        return []
    found: list[tuple[dict[str, int], Fraction, bool]] = []
    for places in product(domain, repeat=len(obligation.roles)):
        env: dict[Any, int] = dict(zip(obligation.roles, places, strict=True))
        if all(read(premise, env) for premise in obligation.premises):
            names = {role.name: place for role, place in env.items()}
            margin = Fraction(read(obligation.margin, env))
            found.append((names, margin, bool(read(obligation.violation, env))))
    return found


def given_instance(obligation: Obligation, roles: dict[str, int]) -> Instance:
    """The one instance there is, with the given roles."""
    rule = obligation.rule
    sizes = {"agent": rule.fixed_size or 0, **{sort: low for sort, (low, _) in rule.sizes.items()}}
    return Instance(sizes, {f.name: rule.given[f.name] for f in families(obligation)}, roles)


def _steps(tried: list[tuple[dict[str, int], Fraction, bool]]) -> tuple[str, ...]:
    return tuple(
        f"{', '.join(f'{name} = {n}' for name, n in roles.items()) or 'in total'}: margin {margin}"
        for roles, margin, _ in tried
    )
