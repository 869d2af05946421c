"""What is to be known of a target before it is audited: its form, and what it does on the edge of its domain."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from mechanism.targets.answer import Answer, differ
from mechanism.targets.constants import imports_random
from mechanism.targets.edges import cases, told
from mechanism.targets.probes import Reports, probes, spans
from mechanism.targets.session import Session
from mechanism.targets.target import Target

SEEDS = 8  # among which one shows a lottery between two
AGAIN = 3  # calls with one seed, that tell a clock from a lottery
USUAL = 4  # numbers of agents that an audit looks at
LOSSES = 2  # hangs and deaths after which edges are left alone


def recognised(target: Target, until: float = float("inf")) -> Target:
    """The target with its reading, found by calling the code in a worker.

    Parameters
    ----------
    target : Target
    until : float
        When `time.monotonic` is there, it has to be known.

    Raises
    ------
    InputError
        When the code is not there, or its form is not known, or not in time.
    """
    asked = Session(target)
    asked.hurries, asked.until = False, until  # what it says is told as it is
    try:
        reading, fixed = asked.recognised()
        asked.target = target = replace(target, reading=reading)
        fewest = fixed or target.kind.agents or _fewest(asked)
        asked.target = target = replace(target, min_agents=fewest)
        if target.kind.id == "matching":
            return target
        edges = tuple(_edges(asked, fixed or target.kind.agents))
        randomised, varies = _chance(asked, fixed)
        return replace(
            target, randomised=randomised, varies=varies, draws=imports_random(target), edges=edges
        )
    finally:
        asked.close()


def _ask(session: Session, reports: tuple, seed: int = -1) -> Answer:
    session.in_time()
    (answer,) = session.fresh([reports], seed)
    return answer


def _fewest(session: Session) -> int:
    """How many agents the code needs, if it refuses or fails on fewer."""
    for n in range(1, USUAL + 1):
        if _answered(session, n) is not None:
            return n
    return 1


def _answered(session: Session, agents: int | None) -> Reports | None:
    """Reports that have an outcome, of any size; None where all are refused."""
    rows = probes(session.target.kind, agents)[:1]
    tried = (rows[0], *(other[0] for other in spans(session.target, rows)))
    return next((r for r in tried if _ask(session, r).outcome is not None), None)


def _chance(session: Session, fixed: int | None) -> tuple[bool, bool]:
    """Whether another seed gives another outcome, on different reports or on equal ones; or the same seed does."""
    reports = _answered(session, fixed)
    if reports is None:
        return False, False
    for case in (reports, (reports[0],) * len(reports)):
        once = _ask(session, case)
        if once.outcome is not None and any(
            differ(once, _ask(session, case, seed)) for seed in range(1, SEEDS)
        ):
            varies = any(differ(once, _ask(session, case)) for _ in range(AGAIN))
            return not varies, varies
    return False, False


def _edges(session: Session, fixed: int | None) -> Iterator[str]:
    for name, reports in cases(session.target, fixed):
        if session.losses > LOSSES or time.monotonic() >= session.until:
            yield f"{name}: not tried any more"
        else:
            yield f"{name}: {told(_ask(session, reports))}"
    if fixed is None and session.losses <= LOSSES:
        for n in range(session.target.min_agents + 1, USUAL + 1):
            if _answered(session, n) is None:
                yield f"{n} bidders: {told(_ask(session, probes(session.target.kind, n)[0]))}"
