"""From a violation to a refutation: replayed exactly, made small, and given a robust twin."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from mechanism.instance import Instance
from mechanism.language import Observed
from mechanism.targets.answer import Answer
from mechanism.targets.conduct import ACROSS
from mechanism.targets.foreign import foreign_of
from mechanism.ties import untied
from proofs.counterexample import Counterexample
from proofs.minimise import Smallest, smallest
from proofs.question import EngineError, Question, answer, scope_of, soon
from proofs.reference import written
from proofs.robust import robust
from proofs.source import source_of
from proofs.verdict import Finding, Verdict
from properties.check import check, referee
from properties.property import Obligation

ROBUST = 200_000  # solver resources for each step towards a robust violation

TELLING = "found among a few telling profiles"
AFRESH = "a violation was seen, but a fresh process gives another answer: see repeatability and no-hidden-state"


def refutation(question: Question, found: Smallest) -> Finding:
    """The finding for a violation, after the referee has confirmed it."""
    obligation, instance = question.obligation, found.instance
    answers = replayed(obligation, instance)
    checked = check(obligation, instance)
    if answers is None or (answers and not checked.violated):
        return answer(question, Verdict.UNDECIDED, reason=AFRESH)
    if not checked.violated:
        raise EngineError(
            f"a violation does not replay: {checked.why or 'the property holds'}; {instance!r}"
        )
    counterexample = replace(
        counterexample_of(question, instance, found.minimal),
        source=source_of(question.target),
        answers=answers,
    )
    if foreign_of(obligation.rule) is None and _tied(obligation, instance):
        clear = robust(
            obligation,
            replace(question.budget, rlimit=ROBUST),
            instance,
            soon(question, 3),
        )
        if clear is not None and check(obligation, clear).violated:
            counterexample = replace(
                counterexample, robust=counterexample_of(question, clear, False)
            )
    n = instance.sizes["agent"]
    scope = replace(
        scope_of(question),
        agents=(n, n),
        sizes={s: (k, k) for s, k in instance.sizes.items() if s != "agent"},
    )
    return answer(question, Verdict.REFUTED, counterexample, scope, reason="; ".join(found.below))


def replayed(obligation: Obligation, instance: Instance) -> dict[tuple, Answer] | None:
    """What foreign code answers in fresh processes, from now on, too; None where it answers in several ways."""
    code = foreign_of(obligation.rule)
    if code is None or any(n.what in ACROSS for n in obligation.violation.atoms(Observed)):
        return {}
    read = referee(obligation, instance)
    return code.session.replayed([code.request(read, w) for w in obligation.worlds.values()])


def refutation_by(question: Question, instance: Instance) -> Finding:
    """A violation that a search found: the solver makes it small, or it stays as it is."""
    obligation = question.obligation
    sizes = dict(instance.sizes)
    numbers = range(question.sizes.start, sizes["agent"] + 1)
    deadline = min(question.deadline, time.monotonic() + 20)
    found = smallest(obligation, question.budget, numbers, deadline, known=sizes)
    if found is None or not check(obligation, found.instance).violated:
        found = Smallest(instance, False, ("found by search, not made smaller",))
    return refutation(question, found)


def counterexample_of(question: Question, instance: Instance, minimal: bool) -> Counterexample:
    """An instance with everything that replays it."""
    obligation = question.obligation
    return Counterexample(
        target=question.target or obligation.rule.id,
        property=obligation.property.id,
        instance=instance,
        margin=check(obligation, instance).margin,
        parameters=dict(question.parameters),
        ties=obligation.rule.ties,
        coalition=question.coalition,
        condition=obligation.told,
        minimal=minimal,
        foreign=_reading(question),
    )


def _reading(question: Question) -> dict[str, Any] | None:
    """How code is read, and what it is compared with."""
    obligation = question.obligation
    if (code := foreign_of(obligation.rule)) is None:
        return None
    read = code.target.to_json()
    if (reference := obligation.property.reference) is not None:
        read["reference"] = written(reference)
    return read


def _tied(obligation: Obligation, instance: Instance) -> bool:
    """Whether the rule breaks a tie in some world of the violation."""
    read, clear = referee(obligation, instance), untied(obligation.rule)
    return not all(read(clear, world=world) for world in obligation.worlds.values())
