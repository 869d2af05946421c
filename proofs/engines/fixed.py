"""The fixed-size engine: every size in turn, by quantifier-free SMT."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mechanism.instance import Instance
from proofs.engines.engine import Budget
from proofs.engines.round_end import endless
from proofs.lowering.obligation import Lowered, instance_of, lower, role_choices, size_choices
from proofs.lowering.outcomes import outcome_cases
from proofs.lowering.pivots import forms
from proofs.solver import solve
from properties.property import Obligation

ID = "fixed"


@dataclass(frozen=True)
class Decided:
    """What is known of one number of agents.

    Parameters
    ----------
    status : str
        ``proved``, ``sat`` or ``unknown``.
    ties : str
        The tie policy a proof covers.
    instance : Instance or None
        A violation under the rule's own tie policy, as the solver gave it.
    """

    status: str
    reason: str = ""
    ties: str = ""
    rlimit: int = 0
    smt2: tuple[tuple[str, str], ...] = ()
    instance: Instance | None = None


def decide(
    obligation: Obligation, agents: int, budget: Budget, deadline: float = float("inf")
) -> Decided:
    """Decide an obligation for one number of agents (and every size of the other sorts).

    With ties left open all agents are alike, so one choice of roles stands for all; only if that gives
    a violation is the rule's own policy taken, place by place. What a Clarke payment leaves of the
    question is asked first.
    """
    if why := endless(obligation.rule, budget.seed):
        return Decided("unknown", why)
    rule = obligation.rule
    attempts: list[tuple[Obligation, str, bool]] = []
    if rule.exchangeable:
        attempts = [(asked, "free", True) for asked in list(forms(obligation)) or [obligation]]
    attempts.append((obligation, rule.ties, False))
    found = [Decided("unknown", "no attempt was made")]
    for asked, ties, canonical in attempts:
        found.append(_attempt(asked, agents, ties, canonical, budget, deadline))
        if found[-1].status == "proved":
            break
    # A form that is violated says nothing: the question may be a weaker one.
    last = found[-1]
    return replace(last, rlimit=sum(d.rlimit for d in found))


def _attempt(
    obligation: Obligation,
    agents: int,
    ties: str,
    canonical: bool,
    budget: Budget,
    deadline: float,
) -> Decided:
    """Decide with one policy, case by case of what is chosen."""
    spent, texts = 0, []
    for lowered in lowerings(obligation, agents, ties, canonical):
        for n, case in enumerate(outcome_cases(lowered)):
            if time.monotonic() > deadline:
                return Decided("unknown", "time ran out", rlimit=spent)
            answer = solve((*lowered.assertions, *case), rlimit=budget.rlimit, seed=budget.seed)
            spent += answer.rlimit
            texts.append((f"{name_of(lowered)}-{n}" if case else name_of(lowered), answer.text))
            if answer.status != "unsat":
                reason = "a violation" if answer.status == "sat" else answer.reason
                own = answer.status == "sat" and ties == obligation.rule.ties
                found = instance_of(lowered, answer.values) if own else None
                return Decided(answer.status, reason, "", spent, tuple(texts), found)
    return Decided("proved", "", "any" if ties == "free" else ties, spent, tuple(texts))


def lowerings(obligation: Obligation, agents: int, ties: str, canonical: bool) -> Iterable[Lowered]:
    """The obligation for every size and choice of roles."""
    for sizes in size_choices(obligation, agents):
        lowered: Lowered | None = None
        for roles in role_choices(obligation, agents, canonical):
            one = lower(obligation, sizes, roles, ties, beside=lowered)
            if one is not None:
                yield (lowered := one)


def name_of(lowered: Lowered) -> str:
    """What a lowering is called in files."""
    sizes = "-".join(f"{n}{sort}s" for sort, n in lowered.sizes.items())
    roles = "".join(str(a) for a in lowered.roles.values())
    return f"{lowered.obligation.rule.id}-{lowered.obligation.property.id}-{sizes}-{roles}"
