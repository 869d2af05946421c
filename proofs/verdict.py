"""Findings: what was decided about one property of one mechanism, for what scope, and on what evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from mechanism.rule import Rule
from mechanism.targets.foreign import foreign_of
from proofs.counterexample import Counterexample

OWN_TIES = "its own"  # how ties fall in code


class Verdict(StrEnum):
    """What can be said. `UNREFUTED` is a search that found nothing, and never a proof."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNREFUTED = "unrefuted"
    UNDECIDED = "undecided"
    VACUOUS = "vacuous"
    NOT_APPLICABLE = "not-applicable"
    ERROR = "error"


@dataclass(frozen=True)
class Scope:
    """What a verdict is about.

    Parameters
    ----------
    agents : tuple of (int, int or None)
        The smallest and the largest number of agents; None for any number.
    sizes : mapping of str to (int, int or None)
        The same for goods, slots and outcomes.
    domain : str
        Where types and reports come from, in words.
    ties : str
        The tie policy; a proof that covers more says ``any``.
    condition : str
        On the parameters; empty for all admissible ones.
    arithmetic : str
    called : str
        What an agent is called; the agents of a menu are types.
    """

    agents: tuple[int, int | None]
    sizes: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    domain: str = "reals >= 0"
    ties: str = "lowest-index"
    condition: str = ""
    arithmetic: str = "exact"
    called: str = "agent"

    def __str__(self) -> str:
        parts = [_range(self.agents, self.called)]
        parts += [_range(size, sort) for sort, size in self.sizes.items()]
        return ", ".join(parts) + (f", {self.condition}" if self.condition else "")


def counted(number: int, noun: str) -> str:
    """A number of things.

    Examples
    --------
    >>> counted(1, "agent"), counted(2, "agent")
    ('1 agent', '2 agents')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _range(size: tuple[int, int | None], noun: str) -> str:
    low, high = size
    if high is None:
        return f"any number of {noun}s" if low <= 1 else f"any number of {noun}s from {low}"
    if low == high:
        return counted(low, noun)
    return f"{low} to {high} {noun}s"


@dataclass(frozen=True)
class Proof:
    """Why a property holds.

    Parameters
    ----------
    argument : str
        The id of the argument, for example ``"instances"`` or ``"induction"``.
    reason : str
        The argument in words, from which premises.
    cutoff : int or None
        Where the argument is a complete decision procedure: the number of agents beyond which no new
        violation can appear.
    steps : tuple of str
        What was shown unsatisfiable, one line for each obligation.
    smt2 : tuple of (str, str)
        Name and SMT-LIB text of each obligation.
    """

    argument: str
    reason: str
    cutoff: int | None = None
    steps: tuple[str, ...] = ()
    smt2: tuple[tuple[str, str], ...] = ()
    kind: str = "proof"


@dataclass(frozen=True)
class Search:
    """What was tried without finding anything."""

    profiles: int
    detail: str = ""
    kind: str = "search"


@dataclass(frozen=True)
class Number:
    """The exact supremum of a margin, for each number of agents.

    Parameters
    ----------
    values : tuple of (int, Fraction or None, bool)
        The number of agents, the supremum, and whether it is attained; None where the margin is unbounded.
    witness : Counterexample or None
        A profile that attains it or comes close.
    twice : Counterexample or None
        Where it is unbounded, the witness with twice the parameter that the margin grows with.
    """

    values: tuple[tuple[int, Fraction | None, bool], ...]
    witness: Counterexample | None = None
    reason: str = ""
    twice: Counterexample | None = None
    kind: str = "number"


@dataclass(frozen=True)
class Finding:
    """One row of an audit.

    Parameters
    ----------
    claim : str
        ``"holds"``, ``"fails"`` or empty, what the literature or the author says.
    asked : bool
        The property was asked for by name.
    reason : str
        In a few words: why proved, why undecided, why not applicable.
    budget : mapping
        What was spent: solver resource units, profiles tried, limits.
    """

    mechanism: str
    property: str
    verdict: Verdict
    scope: Scope
    evidence: Proof | Search | Number | Counterexample | None = None
    claim: str = ""
    claim_reference: str = ""
    condition: str = ""
    asked: bool = False
    reason: str = ""
    seconds: float = 0.0
    budget: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0

    @cached_property
    def against_claim(self) -> bool:
        """What was claimed, or asked for, does not hold."""
        if self.verdict is Verdict.REFUTED:
            # Where a claim tells two sides of a condition apart, it is the claim that decides.
            told_apart = self.claim == "fails" and bool(self.condition)
            return self.claim == "holds" or (self.asked and not told_apart)
        return self.verdict is Verdict.PROVED and self.claim == "fails"

    @cached_property
    def decided(self) -> bool:
        return self.verdict in (Verdict.PROVED, Verdict.REFUTED)


@dataclass(frozen=True)
class Audit:
    """Every finding about one mechanism.

    Parameters
    ----------
    notes : tuple of str
        Of foreign code: what it does on the edge of its domain.
    ties : str
        The policy of the mechanism; a finding that covers more says so in its scope.
    """

    mechanism: str
    parameters: Mapping[str, Any]
    findings: tuple[Finding, ...]
    title: str = ""
    notes: tuple[str, ...] = ()
    ties: str = "lowest-index"


def grouped(rules: Sequence[Rule], findings: Sequence[Finding]) -> list[Audit]:
    """The findings about each rule together; of code, with what it does on the edge of its domain."""
    return [
        Audit(
            rule.id,
            dict(rule.given),
            tuple(f for f in findings if f.mechanism == rule.id),
            rule.title,
            notes=(rule.summary,) if foreign_of(rule) and rule.summary else (),
            ties=OWN_TIES if foreign_of(rule) else rule.ties,
        )
        for rule in rules
    ]
