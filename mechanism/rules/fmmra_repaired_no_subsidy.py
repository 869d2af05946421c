"""FMMRA for many tasks, repaired, with a dummy bidder for each task, so that no agent is paid.

The dummy of a task bids 0 and has the fitness of the fittest agent, or more (a higher fitness than the
dummy's counts as the dummy's). Against it, an agent's shortfall in fitness is a handicap. A task that no
bid lifts over its dummy stays undone.
"""

from dataclasses import replace
from typing import Any

from mechanism.bibliography import works
from mechanism.claim import fails, holds, revised
from mechanism.language import Max, parameter
from mechanism.rules.fmmra_repaired import FMMRA_REPAIRED, WeightedVcg, done, fitness, t, w1, w2

dummy = parameter("dummy", over="good", at_least=0)


def handicap(agent: Any, matching: Any) -> Any:
    """What the shortfall of an agent's fitness for its task, against the dummy's, costs in money."""
    return done(agent, matching, w2 * Max(0, dummy[t] - fitness[agent, t]) / w1)


AGAINST_DUMMIES = WeightedVcg(lambda agent, matching: -handicap(agent, matching))

FMMRA_REPAIRED_NO_SUBSIDY = replace(
    FMMRA_REPAIRED,
    id="fmmra-repaired-no-subsidy",
    title="FMMRA for many tasks, repaired, without subsidies",
    summary="As fmmra-repaired, with a dummy for each task that bids 0; each agent pays what its presence costs "
    "the others, plus its handicap.",
    allocation=AGAINST_DUMMIES.allocation,
    payment=AGAINST_DUMMIES.payment,
    claims=revised(
        FMMRA_REPAIRED.claims,
        holds("no-deficit", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("no-positive-transfers", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("revenue-monotonicity", "the definition in Zhou et al. 2026: fitness counts"),
        holds("false-name-proofness", "Yokoo, Sakurai, Matsubara 2004: substitutes"),
    ),
    references=works(
        "Zhou et al. 2026",
        "Nisan et al. 2007",
        "Roberts 1979",
        "Leonard 1983",
        "Green, Laffont 1979b",
        "Beck, Ott 2013",
        "Demange, Gale 1985",
        "Yokoo, Sakurai, Matsubara 2004",
    ),
)
