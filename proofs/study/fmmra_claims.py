"""What the paper reports of its figures, checked on a study one by one.

The percentages are missing from the copies at hand; what survives are the orderings, and one number:
FMMRA "improves the overall cost-effectiveness by up to 5.47%", without the rival it is measured against.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from proofs.study.fmmra import FMMRA, Study
from proofs.study.statistics import Estimate, gain

REPORTED_GAIN = 0.0547
FITNESS_ONLY, MSSCA, SECOND, FIRST = "FMMRA by fitness only", "MSSCA", "second-price", "first-price"
RIVALS = (FIRST, SECOND, MSSCA, FITNESS_ONLY)
HOLDS, FAILS, OPEN = "holds", "does not hold", "undecided"


class Ordering(NamedTuple):
    """That one mechanism is above another in a measure, or that they coincide."""

    figure: str
    measure: str
    higher: str
    lower: str
    equal: bool = False

    def __str__(self) -> str:
        return f"{self.higher} {'=' if self.equal else '>'} {self.lower}"


class Checked(NamedTuple):
    """What became of an ordering.

    Parameters
    ----------
    verdict : str
        ``holds`` where the confidence interval of the margin is above 0 for every number of agents;
        ``does not hold`` where it is nowhere above 0 for some; ``undecided`` otherwise.
    margin : Estimate
        The smallest, as a share of the lower one; for coinciding ones the largest difference.
    agents : int
        The number of agents it is found at.
    """

    ordering: Ordering
    verdict: str
    margin: Estimate
    agents: int


ORDERINGS: tuple[Ordering, ...] = (
    Ordering("2", "average-profit", SECOND, FIRST),
    *(Ordering("2", "average-profit", FIRST, rival) for rival in (MSSCA, FITNESS_ONLY, FMMRA)),
    *(Ordering("3", "cost-effectiveness", FMMRA, rival) for rival in RIVALS),
    Ordering("4", "fitness", FITNESS_ONLY, FMMRA),
    *(Ordering("4", "fitness", FMMRA, rival) for rival in (MSSCA, SECOND, FIRST)),
    Ordering("4", "fitness", FIRST, SECOND, equal=True),
)


def check(study: Study, ordering: Ordering) -> Checked:
    """Check one reported ordering for every number of agents."""
    margins = []
    for agents in study.settings.agents:
        one, other = (
            study.sample(name, agents, ordering.measure)
            for name in (ordering.higher, ordering.lower)
        )
        margins.append((gain(one, other), agents, bool(np.array_equal(one, other, equal_nan=True))))
    if ordering.equal:
        margin, agents, _ = max(margins, key=lambda m: abs(m[0].value))
        return Checked(ordering, HOLDS if all(m[2] for m in margins) else FAILS, margin, agents)
    margin, agents, _ = min(
        margins, key=lambda m: -math.inf if math.isnan(m[0].value) else m[0].value
    )
    if any(m.high <= 0 for m, *_ in margins):
        verdict = FAILS
    else:
        verdict = HOLDS if all(m.low > 0 for m, *_ in margins) else OPEN
    return Checked(ordering, verdict, margin, agents)


def check_all(study: Study) -> list[Checked]:
    """Check all reported orderings."""
    return [check(study, ordering) for ordering in ORDERINGS]


def gains(study: Study, rival: str) -> tuple[tuple[Estimate, int], tuple[Estimate, int]]:
    """The smallest and the largest gain of FMMRA over a rival in total cost-effectiveness.

    Each with the number of agents it is found at.
    """
    found = [
        (
            gain(
                study.sample(FMMRA, agents, "cost-effectiveness"),
                study.sample(rival, agents, "cost-effectiveness"),
            ),
            agents,
        )
        for agents in study.settings.agents
    ]
    return min(found, key=lambda g: g[0].value), max(found, key=lambda g: g[0].value)
