"""One finding about code that makes matchings: preferences are finitely many, so that all can be tried."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from mechanism.targets.foreign import foreign_of
from mechanism.targets.kinds import Kind
from mechanism.targets.session import GaveUp
from proofs.engines.matched import FINDERS, exhaust, sample
from proofs.engines.preferences import MOST, computed, count, telling
from proofs.minimise import Smallest
from proofs.question import Question, answer, scope_of
from proofs.refute import TELLING, refutation
from proofs.verdict import Finding, Proof, Search, Verdict
from properties.check import check

LARGEST = 3  # agents on each side, where nothing else is given
ALL = 60.0  # seconds for every profile
SOME = 6.0  # seconds for some of too many


def _sides(question: Question, kind: Kind) -> list[tuple[int, int]]:
    """How many agents are looked at on each side."""
    low, high = question.agents or (2, 2 * LARGEST)
    sides = [kind.sides] if kind.agents else [(m, m) for m in range(1, LARGEST + 1)]
    return [s for s in sides if low <= sum(s) <= (high or sum(s))]


def exhausted(question: Question) -> Finding:
    """Preferences are finitely many: every profile, of as many agents as were asked for."""
    code = foreign_of(question.obligation.rule)
    assert code is not None
    kind = code.target.kind
    sizes = _sides(question, kind)
    if not sizes:
        which = f"there are {kind.sides[0]} and {kind.sides[1]}"
        why = f"both sides are as large, and finite checks go to {LARGEST} on each"
        return answer(question, Verdict.NOT_APPLICABLE, reason=which if kind.agents else why)
    domain = f"grid: strict preferences over {'some' if kind.incomplete else 'the whole'} of the other side"
    scope = replace(scope_of(question), agents=(sum(sizes[0]), sum(sizes[-1])), domain=domain)
    until = min(question.deadline, time.monotonic() + ALL)
    if (profiles := count(sizes[-1], kind)) > MOST:
        until = min(until, time.monotonic() + SOME)
        seed, most = question.budget.seed, question.budget.profiles
        tried, silent, done = sample(question.obligation, sizes[-1], kind, seed, until, most), 0, 0
        why = f"of {profiles:,} profiles of preferences some were tried"
    else:
        tried, silent = exhaust(question.obligation, code, sizes, question.budget.seed, until)
        done = len(tried.whole)
        why = f"on {silent} profiles there is no outcome"
    if tried.instance is None and profiles <= MOST and done < len(sizes):
        n, m = sizes[done]
        evidence = Search(tried.profiles, "; ".join(tried.whole))
        return answer(
            question,
            Verdict.UNDECIDED,
            evidence,
            reason=f"there was no time for every profile of {n} and {m}",
        )
    if tried.instance is None and (silent or profiles > MOST):
        return answer(question, Verdict.UNREFUTED, Search(tried.profiles), scope, reason=why)
    if tried.instance is None:
        proof = Proof(
            "grid", f"every profile of preferences, {tried.profiles:,} of them", steps=tried.whole
        )
        return answer(question, Verdict.PROVED, proof, scope)
    fewest = "none with fewer agents" if profiles <= MOST else "found by search"
    found = refutation(question, Smallest(tried.instance, False, (fewest,)))
    if found.verdict is not Verdict.REFUTED:
        return found
    return replace(found, scope=replace(found.scope, domain=domain))


def prepare(questions: Sequence[Question], told: Callable[[int, int], None]) -> None:
    """Call the code on every profile once, before processes for each question share what it answers."""
    several = [q for q in questions if q.obligation.property.id in FINDERS]
    if len(several) < 2:
        return
    question = several[0]
    code = foreign_of(question.obligation.rule)
    assert code is not None
    until = min(question.deadline, time.monotonic() + ALL)
    with suppress(GaveUp):  # which each question tells
        for sides in _sides(question, code.target.kind):
            if count(sides, code.target.kind) <= MOST:
                computed(code, sides, question.obligation.rule.given, until, told)
    code.session.close()


def looked(question: Question) -> Finding:
    """What a single call shows, on a few profiles of preferences."""
    tried, rule = 0, question.obligation.rule
    code = foreign_of(rule)
    assert code is not None
    kind = code.target.kind
    rng = np.random.default_rng(question.budget.seed)
    for instance in telling(_sides(question, kind), kind, rule.given, rng):
        found = check(question.obligation, instance)
        tried += found.admitted
        if found.violated:
            return refutation(question, Smallest(instance, False, (TELLING,)))
    return answer(question, Verdict.UNREFUTED, Search(tried))
