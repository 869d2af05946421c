"""What an engine is: something that looks at an obligation and says what it found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from mechanism.instance import Instance
from properties.property import Obligation


class NotAccepted(Exception):
    """The obligation is outside what an engine can handle; the message names the node."""


@dataclass(frozen=True)
class Budget:
    """What may be spent on one finding.

    Parameters
    ----------
    rlimit : int
        Z3 resource units for each obligation.
    profiles : int
        Profiles a search may try.
    max_agents : int
        The largest number of agents that finite checks go to.
    seed : int
    """

    rlimit: int = 8_000_000
    profiles: int = 20_000
    max_agents: int = 4
    seed: int = 0


@dataclass(frozen=True)
class Result:
    """What an engine found.

    Parameters
    ----------
    status : str
        ``proved``, ``candidate`` (a possible violation, to be replayed), ``unknown``, or
        ``not-accepted``.
    reason : str
        For a proof, the argument in words; otherwise why not.
    instance : Instance or None
        The candidate.
    cutoff : int or None
        See `proofs.verdict.Proof`.
    steps : tuple of str
        One line for each thing that was shown.
    smt2 : tuple of (str, str)
        Name and text of each obligation that was solved.
    ties : str or None
        The tie policy the proof covers, where it is wider than the rule's own.
    """

    status: str
    reason: str = ""
    instance: Instance | None = None
    cutoff: int | None = None
    steps: tuple[str, ...] = ()
    smt2: tuple[tuple[str, str], ...] = ()
    ties: str | None = None
    rlimit: int = 0
    notes: dict[str, Any] = field(default_factory=dict)


class Engine(Protocol):
    """An argument for any number of agents."""

    id: str

    def __call__(self, obligation: Obligation, budget: Budget) -> Result: ...
