"""How questions are answered: out of the cache or in worker processes, and handed out in their order."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import sympy as sp

from mechanism.definedness import defined
from mechanism.errors import NoValue, RuleError
from mechanism.targets.conduct import REMEMBERS, suspects
from mechanism.targets.foreign import foreign_of
from mechanism.targets.probes import probes
from proofs import cache as proof_cache
from proofs import matchings, workers
from proofs.asking import Asked
from proofs.counterexample import Counterexample
from proofs.decide import decide
from proofs.question import EngineError, Question, answer
from proofs.report.json import finding_from, finding_json
from proofs.source import source_of
from proofs.verdict import Finding, Verdict

# A question is killed after so many seconds, whatever the solver does.
HARD_SECONDS = 90.0
PROBES = 4  # profiles on which code may show that it remembers

Progress = Callable[[Finding | None, int, int], None]


def answered(
    asked: list[Asked], jobs: int, cache: bool, progress: Progress | None
) -> Iterator[Finding]:
    """The findings in the order of the questions, whatever finishes first."""
    ready: dict[int, Finding] = {n: a.finding for n, a in enumerate(asked) if a.finding is not None}
    keys: dict[int, str] = {}
    open_places = []
    for n, one in enumerate(asked):
        if one.question is None:
            continue
        if cache and not foreign_of(one.rule):  # the key does not cover somebody else's files
            keys[n] = _key(one.question)
            if (found := proof_cache.load(keys[n])) is not None:
                ready[n] = _restored(one, found)
                continue
        open_places.append(n)
    # A supremum takes longest, and nothing else is left to do beside what is started last.
    open_places.sort(key=lambda n: not asked[n].property.numeric)
    given = 0
    done = len(ready)

    def flush() -> Iterator[Finding]:
        nonlocal given
        while given in ready:
            yield ready[given]
            given += 1

    if progress:
        progress(None, done, len(asked))
    yield from flush()
    open_questions = [q for q in (asked[n].question for n in open_places) if q is not None]
    matchings.prepare(open_questions, lambda *of: progress(None, *of) if progress else None)
    for n, finding in _answers(asked, open_places, jobs):
        ready[n] = finding
        done += 1
        if n in keys and finding.decided and not finding.reason.startswith("time"):
            proof_cache.store(keys[n], finding_json(finding, asked[n].rule))
        if progress:
            progress(finding, done, len(asked))
        yield from flush()


def _key(question: Question) -> str:
    options = (
        question.target, question.agents, question.coalition, question.budget, question.claim, question.asked,
        str(question.obligation.condition), source_of(question.target),
    )  # fmt: skip
    return proof_cache.key(question.obligation, options)


def _restored(one: Asked, found: Any) -> Finding:
    assert one.question is not None
    finding = finding_from(found, one.rule.id, one.question.budget.seed)
    return replace(
        finding, claim_reference=one.question.claim_reference, asked=one.question.asked, seconds=0.0
    )


def _answers(asked: list[Asked], places: list[int], jobs: int) -> Iterator[tuple[int, Finding]]:
    questions = [q for q in (asked[n].question for n in places) if q is not None]
    if not questions:
        return
    apart = _remembering(questions)
    task = _afresh if apart else _caught
    if not workers.available():
        for n, question in zip(places, questions, strict=True):
            yield n, _settled(question, task(question))
        return
    hard = max((q.deadline for q in questions), default=float("inf"))
    tasks = [partial(task, question) for question in questions]
    again: dict[int, Question] = {}
    spent: dict[int, float] = {}
    for place, result in workers.run(tasks, jobs, HARD_SECONDS, hard, apart):
        question = questions[place]
        if isinstance(result, workers.Killed) and time.monotonic() < hard:
            died = isinstance(result, workers.Died)
            if not died or foreign_of(question.obligation.rule):
                again[place], spent[place] = (
                    replace(question, apart=died, late=not died),
                    result.seconds,
                )
                continue
        yield places[place], _settled(question, result)
    tasks = [partial(task, question) for question in again.values()]
    for n, result in workers.run(tasks, jobs, HARD_SECONDS, hard, apart=True):
        place = list(again)[n]
        finding = _settled(again[place], result)
        yield places[place], replace(finding, seconds=finding.seconds + spent[place])


def _remembering(questions: list[Question]) -> bool:
    """Whether code that is asked several questions remembers calls, which would let one decide another."""
    rules = [q.obligation.rule for q in questions]
    codes = {code.target.text(): (code, rule) for rule in rules if (code := foreign_of(rule))}
    if len(rules) == len(codes):
        return False
    for code, rule in codes.values():
        requests = probes(code.target.kind, rule.fixed_size)[:PROBES]
        with suppress(RuleError):  # which each question meets, and tells
            if suspects(code.session, REMEMBERS, requests):
                return True
    return False


def _afresh(question: Question) -> Finding | tuple[str, str]:
    """The same finding whatever was asked before."""
    if code := foreign_of(question.obligation.rule):
        code.session.forget()
    return _caught(question)


def _caught(question: Question) -> Finding | tuple[str, str]:
    """The finding, or what went wrong and where: an engine's error is reported, never hidden."""
    try:
        return _decided(question)
    except EngineError as error:
        return "the engines disagree", str(error)
    except Exception as error:  # noqa: BLE001  (reported as a finding of its own kind, with its trace)
        return f"internal error: {type(error).__name__}: {error}", traceback.format_exc()


def _decided(question: Question) -> Finding:
    """The finding; where the rule turns out not to be total, of the profiles on which it has a value."""
    try:
        return decide(question)
    except NoValue:
        asked = question.obligation
    premise = sp.And(*(defined(part) for part in (*asked.premises, asked.violation, asked.margin)))
    narrowed = replace(asked, premises=(premise, *asked.premises))
    try:
        found = decide(replace(question, obligation=narrowed))
    except NoValue as error:
        return answer(question, Verdict.UNDECIDED, reason=f"there is no value: {error}")
    told = "; ".join(part for part in ("where the rule has a value", found.scope.condition) if part)
    return replace(found, scope=replace(found.scope, condition=told))


def _remember(question: Question, finding: Finding) -> None:
    """Let reports show the calls that the finding was made from."""
    code, found = foreign_of(question.obligation.rule), finding.evidence
    if code is not None and isinstance(found, Counterexample):
        code.session.remember(found.answers)


def _settled(question: Question, result: Any) -> Finding:
    if isinstance(result, Finding):
        _remember(question, result)
        return result
    finding = replace(
        answer(question, Verdict.UNDECIDED),
        claim=question.claim,
        claim_reference=question.claim_reference,
        asked=question.asked,
        seed=question.budget.seed,
        condition=question.obligation.told,
    )
    if isinstance(result, workers.Killed):
        why = "" if isinstance(result, workers.Died) else "time ran out: "
        return replace(finding, reason=f"{why}{result}", seconds=result.seconds)
    reason, detail = result if isinstance(result, tuple) else (repr(result), "")
    return replace(finding, verdict=Verdict.ERROR, reason=reason, budget={"detail": detail})
