"""One finding about foreign code: a quick search, symbolic execution, then everything a search can do.

What is refuted is replayed in the code itself; what is found is made small by looking at small profiles first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from mechanism.instance import Instance
from mechanism.targets.session import GaveUp
from proofs.engines import random_tests
from proofs.engines.search import Tried, search
from proofs.enumerate import smallest_on_grid
from proofs.lowering.obligation import size_choices
from proofs.minimise import Smallest
from proofs.question import Question, answer
from proofs.refute import refutation
from proofs.verdict import Finding, Search, Verdict

# Engines that prove something of code, tried in this order: a question in; out a finding, or why there is
# none.
ENGINES: dict[str, str] = {"paths": "proofs.engines.paths.engine"}
EXAMPLES = 150


def decide_foreign(question: Question) -> Finding:
    """Decide one obligation about foreign code."""
    try:
        return _decide(question)
    except GaveUp as error:
        return answer(question, Verdict.UNDECIDED, reason=str(error))


def _decide(question: Question) -> Finding:
    sizes = question.sizes
    quick = search(question.obligation, sizes, question.budget.profiles // 8, question.budget.seed)
    if quick.instance is not None:
        return _refuted(question, quick.instance)
    why: list[str] = []
    for name in ENGINES:
        if time.monotonic() < question.deadline:
            found = engine(name)(question)
            if isinstance(found, Finding):
                return found
            why.append(found)
    return _searched(question, quick, "; ".join(filter(None, why)))


def engine(name: str) -> Callable[[Question], Finding | str]:
    """An engine of the registry, imported when first asked for."""
    return import_module(ENGINES[name]).decide


def _searched(question: Question, quick: Tried, why: str = "") -> Finding:
    obligation, budget, sizes = question.obligation, question.budget, question.sizes
    tried = search(obligation, sizes, budget.profiles, budget.seed)
    profiles, instance = quick.profiles + tried.profiles, tried.instance
    if instance is None and time.monotonic() < question.deadline:
        more = random_tests.search(obligation, (sizes.start, sizes.stop - 1), EXAMPLES, budget.seed)
        profiles, instance = profiles + more.profiles, more.instance
    if instance is not None:
        return _refuted(question, instance)
    evidence = Search(profiles, "; ".join((f"up to {sizes.stop - 1} agents", *tried.whole)))
    if not profiles:
        return answer(question, Verdict.UNDECIDED, evidence, reason="no profile meets the premises")
    return answer(question, Verdict.UNREFUTED, evidence, reason=why)


def _refuted(question: Question, instance: Instance) -> Finding:
    """The finding for a violation, the smallest on a grid where there is one."""
    obligation = question.obligation
    for n in range(question.sizes.start, instance.sizes["agent"] + 1):
        for sizes in size_choices(obligation, n):
            if (small := smallest_on_grid(obligation, sizes)) is not None:
                found = refutation(question, Smallest(small, False))
                return replace(found, reason="no smaller one in small whole numbers")
    return refutation(question, Smallest(instance, False, ("found by search, not made smaller",)))
