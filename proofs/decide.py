"""One finding: which engines look at an obligation, in which order, and what their answers amount to.

First small sizes, for a violation; then the arguments for any number of agents; then every size up to a
limit; last a search. What is refuted is replayed and made small, what is proved is attacked.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

from mechanism.targets.foreign import foreign_of
from proofs.any_number import AT_SIGHT, any_number
from proofs.engines import fixed, long_runs, random_tests
from proofs.engines.search import search
from proofs.evaluated import evaluated
from proofs.foreign import decide_foreign
from proofs.lowering.obligation import instance_of
from proofs.minimise import Smallest, smallest
from proofs.question import LATE, EngineError, Question, answer, closed, furthest, scope_of, soon
from proofs.refute import refutation, refutation_by
from proofs.regret import supremum
from proofs.solver import solve
from proofs.verdict import Finding, Proof, Search, Verdict, counted
from properties.check import check
from properties.property import Obligation

QUICK = 1_000_000  # solver resources for a first look
EARLY = {
    "fails": 3,
    "holds": 1,
}  # numbers of agents that are asked about first, by what is claimed; else 2
LARGEST = 10  # agents; finite checks of more take too long
EXAMPLES = 100  # Hypothesis examples, where all else found nothing


def decide(question: Question) -> Finding:
    """Decide one obligation."""
    start = time.perf_counter()
    finding = _decide(question)
    obligation = question.obligation
    return replace(
        finding,
        claim=question.claim,
        claim_reference=question.claim_reference,
        condition=obligation.told,
        asked=question.asked,
        reason=_reason(finding, obligation),
        seconds=time.perf_counter() - start,
        seed=question.budget.seed,
    )


def _reason(finding: Finding, obligation: Obligation) -> str:
    """The finding's own, and what was compared with; a counterexample says that itself."""
    there = obligation.property.reference
    if there is None or finding.verdict is Verdict.REFUTED:
        return finding.reason
    return "; ".join(filter(None, [f"compared with {there.id}", finding.reason]))


def _decide(question: Question) -> Finding:
    obligation = question.obligation
    if why := obligation.property.suits(obligation.rule):
        return answer(question, Verdict.NOT_APPLICABLE, reason=why)
    if not question.sizes:
        given, called = obligation.rule.fixed_size, obligation.rule.called
        why = f"this needs at least {obligation.min_agents} {called}s"
        if given is not None:
            told = f"the parameters are given for {given} {called}s"
            why = told if given >= obligation.min_agents else f"{why}, and {told}"
        return answer(question, Verdict.NOT_APPLICABLE, reason=why)
    if foreign_of(obligation.rule) is not None:
        return decide_foreign(question)
    if question.sizes.start > LARGEST and obligation.rule.fixed_size is None:
        return _without_sizes(question)
    if closed(obligation):
        return evaluated(question)
    if question.late and obligation.property.numeric:
        return answer(question, Verdict.UNDECIDED, reason=LATE)
    if question.late:
        return _searched(question, LATE, thorough=False)
    if (vacuous := _vacuity(question)) is not None:
        return vacuous
    if obligation.property.numeric:
        return _number(question)
    for step in (partial(any_number, engines=AT_SIGHT), _small_violation, any_number):
        if (found := step(question)) is not None:
            return found
    return _ladder(question)


def _without_sizes(question: Question) -> Finding:
    """So many agents that only an argument for any number can help."""
    small = replace(question, agents=None)
    if (vacuous := _vacuity(small)) is not None:
        return vacuous
    if (proved := any_number(small)) is not None:
        asked = question.agents or proved.scope.agents
        return replace(proved, scope=replace(proved.scope, agents=asked))
    why = f"finite checks stop at {LARGEST} agents, and no argument for any number succeeded"
    return answer(question, Verdict.UNDECIDED, reason=why)


# --- premises ----------------------------------------------------------------------------------


def _vacuity(question: Question) -> Finding | None:
    """A finding if no profile meets the premises; otherwise one is shown, exactly, and all goes on."""
    obligation = question.obligation
    unknown = ""
    for n in question.sizes:
        for lowered in fixed.lowerings(obligation, n, obligation.rule.ties, canonical=False):
            told = solve(lowered.premises, rlimit=QUICK, seed=question.budget.seed)
            if told.status == "sat":
                instance = instance_of(lowered, told.values)
                checked = check(obligation, instance)
                if not checked.admitted:
                    raise EngineError(f"a model of the premises is not admitted: {checked.why}")
                return None
            unknown = unknown or told.reason
    if unknown:
        return answer(question, Verdict.UNDECIDED, reason=f"the premises: {unknown}")
    return answer(
        question,
        Verdict.VACUOUS,
        reason=f"no profile of up to {question.sizes.stop - 1} {obligation.rule.called}s meets the premises",
    )


# --- violations --------------------------------------------------------------------------------


def _small_violation(question: Question) -> Finding | None:
    """A violation with few agents, found in a moment or left to the later steps.

    What is claimed decides how far to look, and nothing else.
    """
    sizes, budget = question.sizes, question.budget
    tried = search(
        question.obligation,
        range(sizes.start, furthest(question)),
        budget.profiles // 4,
        budget.seed,
    )
    if tried.instance is not None:
        return refutation_by(question, tried.instance)
    obligation = question.obligation
    if obligation.rule.rounds is not None and question.claim != "fails":
        return None  # many rounds make large formulas; induction comes first
    quick = replace(question.budget, rlimit=QUICK)
    deadline = soon(question, 2)
    for n in list(question.sizes)[: EARLY.get(question.claim, 2)]:
        outcome = fixed.decide(obligation, n, quick, deadline)
        if outcome.status == "sat":  # fewer are ruled out
            found = smallest(obligation, question.budget, [n], soon(question))
            return refutation(question, found) if found else None
        if outcome.status != "proved":
            return None
    return None


def _ladder(question: Question) -> Finding:
    """Every number of agents in turn; then a search."""
    obligation, budget = question.obligation, question.budget
    if question.agents is not None and question.agents[1] is None:
        return _searched(question, "no argument for any number of agents succeeded")
    if (refuted := _long_run(question)) is not None:
        return refuted
    proved: list[int] = []
    texts: list[tuple[str, str]] = []
    spent, trouble, covered = 0, "", set()
    for n in question.sizes:
        outcome = fixed.decide(obligation, n, budget, question.deadline)
        spent += outcome.rlimit
        texts += outcome.smt2
        if outcome.status == "sat":
            found = smallest(obligation, budget, [n], soon(question))  # fewer are ruled out
            if found is None and outcome.instance is not None:
                found = Smallest(outcome.instance, False, ("time ran out",))
            if found is not None:
                return refutation(question, found)
            trouble = f"{counted(n, 'agent')}: time ran out on the way to a violation"
            break
        if outcome.status != "proved":
            trouble = f"{n} {obligation.rule.called}s: {outcome.reason}"
            break
        covered.add(outcome.ties)
        proved.append(n)
    searched = _searched(question, trouble, thorough=bool(trouble) or not proved)
    if searched.verdict is Verdict.REFUTED or not proved or _uniform_priors_only(obligation):
        return searched
    proof = Proof(
        "fixed",
        f"every number of {obligation.rule.called}s from {proved[0]} to {proved[-1]}, each decided without quantifiers",
        steps=tuple(f"{name}: unsatisfiable" for name, _ in texts),
        smt2=tuple(texts),
    )
    scope = replace(
        scope_of(question),
        agents=(proved[0], proved[-1]),
        sizes=dict(obligation.rule.sizes),
        ties=covered.pop() if len(covered) == 1 else obligation.rule.ties,
    )
    return answer(question, Verdict.PROVED, proof, scope, reason=trouble, rlimit=spent)


def _long_run(question: Question) -> Finding | None:
    """A violation that takes many rounds, and so many agents."""
    obligation = question.obligation
    if obligation.rule.rounds is None or (question.agents and question.agents[1] is not None):
        return None
    found = long_runs.search(obligation)
    if found is None:
        return None
    return refutation(
        question, Smallest(found, False, ("found among long runs, not made smaller",))
    )


def _searched(question: Question, trouble: str, thorough: bool = True) -> Finding:
    """A search, further than the solvers went; a hit is made small and replayed."""
    obligation, budget = question.obligation, question.budget
    start = question.sizes.start
    stop = furthest(question)
    # Where the one size there is was proved, this is an attack on the proof and no search beyond it.
    attack = not trouble and obligation.rule.fixed_size is not None
    profiles = budget.profiles // 4 if attack else budget.profiles * (5 if thorough else 1)
    examples = EXAMPLES // 4 if attack else EXAMPLES if thorough else 0
    tried = search(obligation, range(start, max(stop, start + 1)), profiles, budget.seed)
    if examples and tried.instance is None and time.monotonic() < question.deadline:
        # Fractions and odd parameters, where the grid of whole numbers showed nothing.
        more = random_tests.search(obligation, (start, stop - 1), examples, budget.seed)
        tried = replace(tried, profiles=tried.profiles + more.profiles, instance=more.instance)
    if tried.instance is not None:
        return refutation_by(question, tried.instance)
    evidence = Search(
        tried.profiles, "; ".join((f"up to {stop - 1} {obligation.rule.called}s", *tried.whole))
    )
    verdict = Verdict.UNREFUTED if tried.profiles else Verdict.UNDECIDED
    return answer(question, verdict, evidence, reason=trouble)


# --- numbers -----------------------------------------------------------------------------------


def _number(question: Question) -> Finding:
    """The supremum of the margin: 0 for any number where no violation is possible, else size by size."""
    obligation = question.obligation
    # That nothing is gained is mostly as true of values beyond those in question, and simpler.
    everywhere = tuple(p for p in obligation.premises if p == obligation.condition)
    few = range(question.sizes.start, furthest(question))
    tried = search(obligation, few, question.budget.profiles // 4, question.budget.seed)
    for premises in dict.fromkeys((everywhere, obligation.premises)) if not tried.instance else ():
        asked = replace(question, obligation=replace(obligation, premises=premises))
        if (proved := any_number(asked)) is None:
            continue
        return replace(proved, evidence=supremum(question, proved), reason="the supremum is 0")
    evidence = supremum(question, None)
    if not evidence.values:
        return answer(question, Verdict.UNDECIDED, evidence, reason=evidence.reason)
    numbers = [n for n, _, _ in evidence.values]
    scope = replace(scope_of(question), agents=(numbers[0], numbers[-1]), domain="reals in [0, 1]")
    return answer(question, Verdict.PROVED, evidence, scope, reason=evidence.reason)


def _uniform_priors_only(obligation: Obligation) -> bool:
    """Whether finite checks covered only some of the functions the rule admits."""
    rule = obligation.rule
    return any(f.kind == "function" and f.name not in rule.given for f in rule.parameters)
