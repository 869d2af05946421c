"""A question: an obligation, how far to go, and the form that its answer takes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mechanism.targets.foreign import foreign_of
from proofs.engines.engine import Budget
from proofs.verdict import OWN_TIES, Finding, Scope, Verdict
from properties.check import families
from properties.property import Obligation

LATE = "time ran out on the way to a proof"


class EngineError(Exception):
    """An engine contradicts the referee, or another engine: never a verdict."""


@dataclass(frozen=True)
class Question:
    """What is asked, and how far to go.

    Parameters
    ----------
    agents : tuple of (int, int or None) or None
        The numbers of agents asked about; None lets the ladder decide, (low, None) is every number.
    deadline : float
        On the monotonic clock.
    apart : bool
        Foreign code is not run in this process, since one that did so has died.
    late : bool
        Everything was tried and took too long: only a search is left.
    """

    obligation: Obligation
    target: str = ""
    claim: str = ""
    claim_reference: str = ""
    asked: bool = False
    agents: tuple[int, int | None] | None = None
    coalition: int = 2
    parameters: Mapping[str, Any] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    deadline: float = float("inf")
    apart: bool = False
    late: bool = False

    @property
    def sizes(self) -> range:
        """The numbers of agents that finite checks cover."""
        low, high = self.agents or (1, None)
        top = (
            high
            if high is not None
            else max(self.budget.max_agents, self.obligation.min_agents + 1)
        )
        fixed_number = self.obligation.rule.fixed_size
        if fixed_number is not None:
            least = max(low, self.obligation.min_agents)
            inside = least <= fixed_number and (high is None or fixed_number <= high)
            return range(fixed_number, fixed_number + 1) if inside else range(0)
        most = self.obligation.rule.max_agents
        return range(
            max(low, self.obligation.min_agents), min(top, top if most is None else most) + 1
        )


def answer(
    question: Question,
    verdict: Verdict,
    evidence: Any = None,
    scope: Scope | None = None,
    reason: str = "",
    rlimit: int = 0,
) -> Finding:
    """A finding about the question, without what the clock and the claims add."""
    budget = {
        "rlimit": question.budget.rlimit,
        "spent": rlimit,
        "profiles": question.budget.profiles,
    }
    return Finding(
        mechanism=question.obligation.rule.id,
        property=question.obligation.property.id,
        verdict=verdict,
        scope=scope or scope_of(question),
        evidence=evidence,
        reason=reason,
        budget=budget,
    )


def scope_of(question: Question) -> Scope:
    """What finite checks of the question cover."""
    rule = question.obligation.rule
    low, high = question.sizes.start, question.sizes.stop - 1
    kinds = {str(b.domain) for b in rule.reports}
    code = foreign_of(rule)
    return Scope(
        agents=(low, high),
        sizes=dict(rule.sizes),
        domain=" and ".join(sorted(kinds)),
        ties=rule.ties if code is None else OWN_TIES,
        called=rule.called,
        condition=question.obligation.told,
        arithmetic="exact" if code is None else code.target.arithmetic,
    )


def furthest(question: Question) -> int:
    """Where searches stop: beyond the finite checks, unless the numbers are given."""
    bounded = question.agents is not None and question.agents[1] is not None
    return question.sizes.stop + (
        0 if bounded or question.obligation.rule.fixed_size is not None else 2
    )


def soon(question: Question, seconds: float = 10) -> float:
    """A deadline some seconds from now, or the question's own if that is earlier."""
    return min(question.deadline, time.monotonic() + seconds)


def closed(obligation: Obligation) -> bool:
    """Whether nothing is left to choose but who fills the roles: every number is given."""
    rule = obligation.rule
    given = all(f.name in rule.given for f in families(obligation))
    return not rule.reports and given and rule.fixed_size is not None
