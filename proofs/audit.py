"""Audits: every claim about a mechanism, and every property that applies, put to the engines."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import sympy as sp

from mechanism.errors import InputError
from mechanism.rule import Claim, Rule
from mechanism.targets.foreign import foreign_of
from proofs import cache as proof_cache
from proofs import matchings, targets, workers
from proofs.decide import decide
from proofs.engines.engine import Budget
from proofs.question import EngineError, Question
from proofs.reference import comparisons
from proofs.replay import property_in
from proofs.report.json import finding_from, finding_json
from proofs.source import source_of
from proofs.verdict import Audit, Finding, Scope, Verdict
from properties.property import Property
from properties.registry import (
    DEFAULT,
    DEFAULT_OF_MATCHINGS,
    DEFAULT_OF_MENUS,
    OF_MATCHINGS_CALLED,
    property_ids,
    property_of,
)

# A question is killed after so many seconds, whatever the solver does.
HARD_SECONDS = 90.0

Progress = Callable[[Finding | None, int, int], None]


def audit(target: str | Rule | Callable[..., Any], **options: Any) -> list[Audit]:
    """Audit a mechanism; see `audit_iter` for the options.

    Returns
    -------
    list of Audit
        One for each mechanism the target stands for.

    Examples
    --------
    >>> from proofs import audit
    >>> (found,) = audit("second-price", properties=["dsic"])
    >>> print(found.findings[0].verdict, "for", found.findings[0].scope)
    proved for any number of agents
    """
    rules = targets.prepared(target, options)
    findings = list(audit_iter(rules[0] if foreign_of(rules[0]) else target, **options))
    return [targets.audit_of(r, [f for f in findings if f.mechanism == r.id]) for r in rules]


def audit_iter(
    target: str | Rule | Callable[..., Any],
    *,
    properties: Sequence[str] | None = None,
    agents: tuple[int, int | None] | str | int | None = None,
    max_agents: int = 4,
    budget_seconds: float | None = None,
    jobs: int = 1,
    seed: int = 0,
    parameters: Mapping[str, Any] | None = None,
    ties: str | None = None,
    coalition: int = 2,
    cache: bool = True,
    progress: Progress | None = None,
    as_: str | None = None,
    claims: Mapping[str, str] | None = None,
    reference: str | None = None,
    against: str | None = None,
    side: str = "",
    numbers: str = "json",
    timeout: float | None = None,
    memory: int | None = None,
) -> Iterator[Finding]:
    """Audit a mechanism, finding by finding.

    Parameters
    ----------
    target : str, Rule or callable
        A catalogue id, ``path/file.py:NAME``, ``package.module:NAME``, or a rule; with `as_`, somebody else's
        code: a function, the same forms of text, or ``exec:COMMAND``.
    properties : sequence of str, optional
        Asked for by name; by default every property in the catalogue.
    agents : int, (int, int), str or None
        Exactly so many, a range, ``"2..4"`` or ``"any"``; None lets the ladder decide.
    max_agents : int
        How far finite checks go.
    budget_seconds : float, optional
        For the whole audit; what is not finished then is undecided.
    jobs : int
        Processes at a time.
    parameters : mapping, optional
        Parameters to fix.
    ties : str, optional
        Another tie policy than the rule's own.
    coalition : int
        The largest coalition.
    cache : bool
        Use the proof cache.
    progress : callable, optional
        Called with (finding, done, total).
    as_ : str, optional
        What foreign code is taken for: ``single-item``, ``units:K``, ... (`mechanism.targets.kinds`).
    claims : mapping of str to str, optional
        Of foreign code: for a property, ``holds`` or ``fails``.
    reference : str, optional
        An id of the catalogue that foreign code is compared with.
    against : str, optional
        A second implementation that it is compared with.
    side : str
        Of a matching: the side whose strategyproofness is asked about.
    numbers : str
        Of programs: ``json`` or ``rational``.
    timeout : float, optional
        Seconds for one call of foreign code.
    memory : int, optional
        Megabytes for a process that runs it.

    Yields
    ------
    Finding
        In the order of the catalogue.

    Raises
    ------
    InputError
        For anything the user gave that does not fit.
    """
    if budget_seconds is not None and budget_seconds <= 0:
        raise InputError(f"the budget must be positive, not {budget_seconds}")
    deadline = float("inf") if budget_seconds is None else time.monotonic() + budget_seconds
    budget = Budget(max_agents=max_agents, seed=seed)
    named = properties is not None
    questions: list[Asked] = []
    rules = targets.prepared(target, locals())
    for rule in rules:
        ask = partial(
            Question,
            target=targets.replayable(target, rule),
            agents=_numbers(agents),
            coalition=coalition,
            parameters={} if foreign_of(rule) else dict(rule.given),
            budget=budget,
            deadline=deadline,
        )
        for claim in rule.claims:
            property_of(
                claim.property
            )  # a claim about nothing is a mistake, not a claim that stands
        wanted = [_property(name, coalition, rule) for name in properties or property_ids()]
        for one in {p.id: p for p in wanted}.values():
            # Unless it is asked for by name, a property of auctions is not a row about a menu.
            if named or not one.vocabulary.misfit(rule):
                questions += _questions(rule, one, ask, asked=named)
        for compared, decides in comparisons(
            rule, {"parameters": parameters, "reference": reference, "against": against}
        ):
            questions += _questions(rule, compared, ask, asked=decides)
    yield from _in_order(questions, jobs, cache, progress)


# --- questions ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A question, or the finding that needs none."""

    rule: Rule
    property: Property
    question: Question | None
    finding: Finding | None = None


def _property(name: str, coalition: int, rule: Rule) -> Property:
    if rule.setting.kind == "matching":
        name = OF_MATCHINGS_CALLED.get(name, name)
    return property_in(property_of(name).id, coalition)


def _numbers(agents: Any) -> tuple[int, int | None] | None:
    """``3``, ``"2..4"``, ``"any"`` or a pair, as a pair."""
    if agents is None or isinstance(agents, tuple):
        return agents
    if agents == "any":
        return (1, None)
    match = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", str(agents))
    if not match or int(match[1]) < 1 or int(match[2] or match[1]) < int(match[1]):
        raise InputError(f"the number of agents must be N, A..B or any, not {agents!r}")
    return int(match[1]), int(match[2] or match[1])


def _questions(
    rule: Rule, wanted: Property, ask: Callable[..., Question], asked: bool
) -> Iterator[Asked]:
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


# --- running -----------------------------------------------------------------------------------


def _in_order(
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
    if not workers.available():
        for n, question in zip(places, questions, strict=True):
            yield n, _settled(question, _caught(question))
        return
    hard = max((q.deadline for q in questions), default=float("inf"))
    tasks = [partial(_caught, question) for question in questions]
    died = []
    for place, result in workers.run(tasks, jobs, HARD_SECONDS, hard):
        question = questions[place]
        if isinstance(result, workers.Died) and foreign_of(question.obligation.rule):
            died.append(place)
            continue
        yield places[place], _settled(question, result)
    tasks = [partial(_caught, replace(questions[place], apart=True)) for place in died]
    for n, result in workers.run(tasks, jobs, HARD_SECONDS, hard, apart=True):
        yield places[died[n]], _settled(questions[died[n]], result)


def _caught(question: Question) -> Finding | tuple[str, str]:
    """The finding, or what went wrong and where: an engine's error is reported, never hidden."""
    try:
        return decide(question)
    except EngineError as error:
        return "the engines disagree", str(error)
    except Exception as error:  # noqa: BLE001  (reported as a finding of its own kind, with its trace)
        return f"internal error: {type(error).__name__}: {error}", traceback.format_exc()


def _settled(question: Question, result: Any) -> Finding:
    if isinstance(result, Finding):
        return result
    rule, wanted = question.obligation.rule, question.obligation.property
    low = question.obligation.min_agents
    scope = Scope((low, None), dict(rule.sizes), ties=rule.ties, called=rule.called)
    finding = Finding(
        rule.id,
        wanted.id,
        Verdict.UNDECIDED,
        scope,
        claim=question.claim,
        claim_reference=question.claim_reference,
        asked=question.asked,
        seed=question.budget.seed,
        condition=question.obligation.told,
    )
    if isinstance(result, workers.Killed):
        why = "" if isinstance(result, workers.Died) else "time ran out: "
        return replace(finding, reason=f"{why}{result}")
    reason, detail = result if isinstance(result, tuple) else (repr(result), "")
    return replace(finding, verdict=Verdict.ERROR, reason=reason, budget={"detail": detail})
