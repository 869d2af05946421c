"""The fixed-size engine: every size in turn, by quantifier-free SMT."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mechanism.instance import Instance
from proofs.engines.engine import Budget
from proofs.engines.rounds import endless
from proofs.lowering.obligation import Lowered, instance_of, lower, role_choices, size_choices
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
    """

    status: str
    reason: str = ""
    ties: str = ""
    rlimit: int = 0
    smt2: tuple[tuple[str, str], ...] = ()
    instance: Instance | None = None  # of the violation, where there is one


def decide(
    obligation: Obligation, agents: int, budget: Budget, deadline: float = float("inf")
) -> Decided:
    """Decide an obligation for one number of agents (and every size of the other sorts).

    With ties left open all agents are alike, so one choice of roles stands for all; only if that gives
    a violation is the rule's own policy taken, place by place.
    """
    if why := endless(obligation, budget):
        return Decided("unknown", why)
    spent, texts = 0, []
    attempts: list[tuple[str, bool]] = [("free", True)] if obligation.rule.exchangeable else []
    if obligation.rule.ties != "any":
        attempts.append((obligation.rule.ties, False))
    verdict = Decided("unknown", "no attempt was made")
    for ties, canonical in attempts:
        verdict = Decided("proved", ties="any" if ties == "free" else ties)
        for lowered in lowerings(obligation, agents, ties, canonical):
            if time.monotonic() > deadline:
                return Decided("unknown", "time ran out", rlimit=spent)
            answer = solve(lowered.assertions, rlimit=budget.rlimit, seed=budget.seed)
            spent += answer.rlimit
            texts.append((name_of(lowered), answer.text))
            if answer.status != "unsat":
                reason = "a violation" if answer.status == "sat" else answer.reason
                found = instance_of(lowered, answer.values) if answer.status == "sat" else None
                verdict = Decided(answer.status, reason, instance=found)
                break
        if verdict.status == "proved":
            break
    return replace(verdict, rlimit=spent, smt2=tuple(texts))


def lowerings(obligation: Obligation, agents: int, ties: str, canonical: bool) -> Iterable[Lowered]:
    """The obligation for every size and choice of roles."""
    for sizes in size_choices(obligation, agents):
        for roles in role_choices(obligation, agents, canonical):
            lowered = lower(obligation, sizes, roles, ties)
            if lowered is not None:
                yield lowered


def name_of(lowered: Lowered) -> str:
    """What a lowering is called in files."""
    sizes = "-".join(f"{n}{sort}s" for sort, n in lowered.sizes.items())
    roles = "".join(str(a) for a in lowered.roles.values())
    return f"{lowered.obligation.rule.id}-{lowered.obligation.property.id}-{sizes}-{roles}"
