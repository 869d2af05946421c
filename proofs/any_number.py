"""A proof for any number of agents: the engines in turn, and an attack on what they say."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module

from proofs.engines.engine import Engine, Result
from proofs.engines.search import search
from proofs.question import EngineError, Question, answer, scope_of
from proofs.verdict import Finding, Proof, Verdict

# Arguments for any number of agents, tried in this order; those that need no solver before all else.
AT_SIGHT = ("equivariance",)
ENGINES: dict[str, str] = {
    "equivariance": "proofs.engines.equivariance",
    "rounds": "proofs.engines.rounds",
    "instances": "proofs.engines.instances",
    "neighbours": "proofs.engines.neighbours",
    "ranks": "proofs.engines.ranked",
    "telescope": "proofs.engines.telescope",
    "greedy": "proofs.engines.greedy",
}


def any_number(question: Question, engines: Iterable[str] = ENGINES) -> Finding | None:
    """A proof for any number of agents, attacked before it is believed."""
    obligation, budget = question.obligation, question.budget
    for name in engines:
        if time.monotonic() > question.deadline:
            return None
        result = engine(name)(obligation, budget)
        if result.status == "proved":
            return _attacked(question, _proof(question, name, result))
    return None


def engine(name: str) -> Engine:
    """An engine of the registry, imported when first asked for."""
    return import_module(ENGINES[name]).prove


def _proof(question: Question, name: str, result: Result) -> Finding:
    obligation = question.obligation
    proof = Proof(name, result.reason, result.cutoff, result.steps, result.smt2)
    low, high = obligation.min_agents, None
    reason = ""
    if (
        question.agents and question.agents[1] is not None
    ) or obligation.rule.fixed_size is not None:
        low, high = question.sizes.start, question.sizes.stop - 1
        reason = f"follows from an argument for any number of {obligation.rule.called}s"
    scope = replace(
        scope_of(question),
        agents=(low, high),
        sizes={
            sort: (1, None) if a != b else (a, b) for sort, (a, b) in obligation.rule.sizes.items()
        },
        ties=result.ties or obligation.rule.ties,
    )
    return answer(question, Verdict.PROVED, proof, scope, reason=reason, rlimit=result.rlimit)


def _attacked(question: Question, finding: Finding) -> Finding:
    """The proof, after a search has failed to contradict it."""
    top = question.sizes.stop
    numbers = range(question.sizes.start, min(top, question.sizes.start + 4))
    tried = search(
        question.obligation, numbers, question.budget.profiles // 4, question.budget.seed + 1
    )  # other profiles than were tried before the proof
    if tried.instance is not None:
        raise EngineError(f"a proof is contradicted by {tried.instance!r}")
    return replace(finding, budget={**finding.budget, "attacks": tried.profiles})
