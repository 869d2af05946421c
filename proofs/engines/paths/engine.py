"""Symbolic execution as an engine for foreign code: explore, decide each number of agents, attack.

What is proved is proved of that code, for those numbers of agents, in exact arithmetic, where the code
returns. A violation is a model of a leaf, and counts only when the code itself shows it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import z3

from mechanism.errors import RuleError
from mechanism.instance import Instance
from mechanism.targets.constants import FRACTIONS, boundaries
from mechanism.targets.foreign import foreign_of
from proofs.engines import fixed
from proofs.engines.engine import NotAccepted
from proofs.engines.paths.leaves import SCOPED, SOFT, Exploration
from proofs.engines.search import search
from proofs.foreign import lattice
from proofs.lowering.leaves import summaries
from proofs.lowering.obligation import Lowered, instance_of
from proofs.lowering.terms import compare, condition
from proofs.minimise import Smallest, smallest
from proofs.question import EngineError, Question, answer, scope_of
from proofs.refute import AFRESH, refutation, replayed
from proofs.solver import solve
from proofs.verdict import Finding, Number, Proof, Search, Verdict, counted
from properties.check import check

ID = "paths"
SMALLER = 1.0  # seconds for making a violation smaller
TOLERATED = Fraction(1, 10**6)  # a gain that accuses nobody
ATTACKS = 400  # profiles of each kind that a proof has to stand


@dataclass
class Progress:
    """What is known so far, one number of agents after the other."""

    proved: list[int] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    soft: dict[str, None] = field(default_factory=dict)
    crashes: dict[str, None] = field(default_factory=dict)
    tolerated: bool = False
    nowhere: str = ""
    spent: int = 0
    trouble: str = ""


def decide(question: Question) -> Finding | str:
    """The finding, or why symbolic execution has none."""
    obligation = question.obligation
    code = foreign_of(obligation.rule)
    if code is None:
        return ""
    progress = Progress()
    for n in question.sizes:
        if time.monotonic() > question.deadline:
            progress.trouble = f"{counted(n, 'agent')}: time ran out"
            break
        try:
            found = _decide_size(question, n, progress)
        except NotAccepted as error:
            progress.trouble = f"{counted(n, 'agent')}: {error}"
            break
        if found is not None:
            return found
        if progress.trouble:
            break
    progress.trouble = progress.trouble or ("" if progress.proved else progress.nowhere)
    alone = question.sizes.stop > 2 and progress.proved[-1:] == [1]
    if not progress.proved or alone:  # what holds of a lone bidder says little
        return progress.trouble
    return _proved(question, progress)


def _decide_size(question: Question, n: int, progress: Progress) -> Finding | None:
    """A refutation; else the progress says whether this number of agents is proved, or has nothing to prove."""
    obligation, budget = question.obligation, question.budget
    told: dict[int, Exploration] = {}
    vacuous, steps = True, []
    for lowered in fixed.lowerings(obligation, n, obligation.rule.ties, canonical=False):
        if time.monotonic() > question.deadline:
            raise NotAccepted("time ran out")
        told |= {one.agents: one for one in summaries(lowered.fixed)}
        if vacuous:
            vacuous = solve(lowered.premises, rlimit=budget.rlimit).status != "sat"
        found = solve(lowered.assertions, rlimit=budget.rlimit, seed=budget.seed)
        progress.spent += found.rlimit
        if found.status == "sat" and obligation.property.numeric:
            raise NotAccepted("something is gained, and how much at most is not known")
        if found.status == "sat":
            clear = solve((*lowered.assertions, *_clearly(question, lowered)), rlimit=budget.rlimit)
            if clear.status != "unsat":
                model = (clear if clear.status == "sat" else found).values
                return _refuted(question, lowered, instance_of(lowered, model), n)
            progress.tolerated, found = True, clear
        if found.status != "unsat":
            raise NotAccepted(found.reason)
        name = fixed.name_of(lowered)
        progress.texts.append((name, found.text))
        steps.append(f"{name}: unsatisfiable")
    if vacuous:
        why = _nowhere(list(told.values()))
        if progress.proved:  # a scope has no gaps
            raise NotAccepted(why)
        progress.nowhere = progress.nowhere or f"{counted(n, 'agent')}: {why}"
        return None
    progress.proved.append(n)
    for one in told.values():
        progress.steps.append(_told(one))
        progress.soft |= dict.fromkeys(one.soft)
        progress.crashes |= {str(leaf.crash): None for leaf in one.crashes}
    progress.steps += steps
    return None


def _nowhere(told: list[Exploration]) -> str:
    crash = next((leaf.crash for one in told for leaf in one.crashes), None)
    raising = f"; it raises {crash}" if crash else ""
    return f"no reports meet the premises where the code returns{raising}"


def _told(one: Exploration) -> str:
    checks = ", ".join(f"{v} {k}" for k, v in one.checks.items() if v)
    agents = f"{one.agents} agent{'s' if one.agents != 1 else ''}"
    return f"{agents}: {len(one.leaves)} paths; validated: {checks}"


def _clearly(question: Question, lowered: Lowered) -> list[Any]:
    """That the violation is more than what doubles and tolerances on ties leave open."""
    obligation = question.obligation
    if obligation.violation != (obligation.margin > 0):
        return []
    return [condition(compare(lowered.fixed.read(obligation.margin), ">", TOLERATED))]


# --- violations ------------------------------------------------------------------------------------


def _refuted(question: Question, lowered: Lowered, instance: Instance, n: int) -> Finding | None:
    """The finding for a violation that the code itself shows; NotAccepted where it shows none."""
    obligation = question.obligation
    deadline = min(question.deadline, time.monotonic() + SMALLER)
    try:
        small = smallest(obligation, question.budget, range(question.sizes.start, n + 1), deadline)
    except (NotAccepted, z3.Z3Exception):
        small = None
    if small is not None and _shown(question, small.instance):
        return refutation(question, small)
    for candidate in (instance, *_rounder(question, lowered)):
        if _shown(question, candidate):
            why = ("found on a path of the code, not made smaller",)
            return refutation(question, Smallest(candidate, False, why))
    raise NotAccepted("a violation on symbols does not show in the code itself")


def _shown(question: Question, instance: Instance) -> bool:
    try:
        return check(question.obligation, instance).violated
    except RuleError:  # there is no outcome on it
        return False


def _rounder(question: Question, lowered: Lowered) -> Iterator[Instance]:
    """More models of the same violation: well inside of it, and in whole numbers."""
    constants = [c for c in lowered.entries.values() if z3.is_real(c)]
    whole = [z3.IsInt(c) for c in constants]
    for extra in ([lowered.fixed.read(question.obligation.margin) >= 1], whole):
        found = solve((*lowered.assertions, *extra), rlimit=question.budget.rlimit)
        if found.status == "sat":
            yield instance_of(lowered, found.values)


# --- proofs ----------------------------------------------------------------------------------------


def _proved(question: Question, progress: Progress) -> Finding | str:
    low, high = progress.proved[0], progress.proved[-1]
    where = ""
    if progress.crashes:
        first, *more = progress.crashes
        where = f"where the code returns; it raises {first}" + (
            f" and {len(more)} more" if more else ""
        )
    reason = "; ".join(filter(None, (where, progress.trouble)))
    scope = replace(scope_of(question), agents=(low, high), arithmetic="exact")
    scoped = [s for s in progress.soft if s.startswith(tuple(SOFT[kind] for kind in SCOPED))]
    others = [s for s in progress.soft if s not in scoped]
    limits = [*scoped, *(["gains of more than 1e-6"] if progress.tolerated else [])]
    if limits:
        scope = replace(scope, condition=" and ".join(filter(None, (scope.condition, *limits))))
    if others:
        leans = f"no path of the code violates it, if {'; '.join(others)}"
        detail = f"{low} to {high} agents, every path of the code"
        reason = "; ".join(filter(None, (leans, reason)))
        tried = search(question.obligation, range(low, high + 1), ATTACKS, question.budget.seed + 1)
        if tried.instance is not None:  # for the search to tell
            return reason
        return answer(question, Verdict.UNREFUTED, Search(tried.profiles, detail), scope, reason)
    profiles = _attack(question, range(low, high + 1), progress.tolerated)
    if profiles is None:
        return answer(question, Verdict.UNDECIDED, reason=AFRESH)
    how = "every path of the code, run on symbols over exact reals, and decided without quantifiers"
    evidence: Proof | Number = Proof(
        ID, how, steps=tuple(progress.steps), smt2=tuple(progress.texts)
    )
    if question.obligation.property.numeric:  # nothing is gained, and truth attains that
        evidence = Number(tuple((n, Fraction(0), True) for n in progress.proved), reason=how)
    finding = answer(question, Verdict.PROVED, evidence, scope, reason, progress.spent)
    return replace(finding, budget={**finding.budget, "attacks": profiles})


def _attack(question: Question, numbers: range, tolerated: bool) -> int | None:
    """How many profiles the proof has stood; None where a hit came of the calls before it.

    A hit that a fresh process confirms is an engine's error, never a verdict.
    """
    obligation, seed = question.obligation, question.budget.seed + 1
    code = foreign_of(obligation.rule)
    assert code is not None
    profiles = 0
    for step in (
        lambda: search(obligation, numbers, ATTACKS, seed),
        lambda: lattice(obligation, numbers, ATTACKS, boundaries(code.target), seed),
        lambda: lattice(obligation, numbers, ATTACKS, FRACTIONS, seed),
    ):
        tried = step()
        profiles += tried.profiles
        if tried.instance is None:
            continue
        margin = check(obligation, tried.instance).margin
        if not (tolerated and margin is not None and margin <= TOLERATED):
            answers = replayed(obligation, tried.instance)
            if answers is None or (answers and not check(obligation, tried.instance).violated):
                return None
            raise EngineError(f"a proof by paths is contradicted by {tried.instance!r}")
    return profiles
