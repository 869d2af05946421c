"""FMMRA for many tasks, repaired, with a dummy bidder for each task, so that no agent is paid.

The dummy of a task bids 0 and has the fitness of the fittest agent, or more (a higher fitness than the
dummy's counts as the dummy's). Against it, an agent's shortfall in fitness is a handicap. A task that no
bid lifts over its dummy stays undone.
"""

from dataclasses import replace
from typing import Any

from sympy import Ne

from mechanism.bibliography import works
from mechanism.language import ArgMax, Highest, Max, Sum, parameter
from mechanism.rule import fails, holds
from mechanism.rules.fmmra_repaired import (
    FMMRA_REPAIRED,
    awarded,
    bid,
    done,
    fitness,
    i,
    j,
    mu,
    t,
    w1,
    w2,
)

dummy = parameter("dummy", over="good", at_least=0)


def handicap(agent: Any, matching: Any) -> Any:
    """What the shortfall of an agent's fitness for its task costs in money."""
    return done(agent, matching, w2 * Max(0, dummy[t] - fitness[agent, t]) / w1)


def score(agent: Any, matching: Any) -> Any:
    """The cost-effectiveness of an agent for its task over that of the dummy, in money."""
    return bid(agent, matching) - handicap(agent, matching)


chosen = ArgMax(Sum(score(j, mu), j), mu)
without = Highest(Sum(score(j, mu), j, where=Ne(j, i)), mu)
others = Sum(score(j, chosen), j, where=Ne(j, i))

FMMRA_REPAIRED_NO_SUBSIDY = replace(
    FMMRA_REPAIRED,
    id="fmmra-repaired-no-subsidy",
    title="FMMRA for many tasks, repaired, without subsidies",
    summary="As fmmra-repaired, with a dummy for each task that bids 0; each agent pays what its presence costs "
    "the others, plus its handicap.",
    allocation=awarded(chosen),
    payment=without - others + handicap(i, chosen),
    claims=(
        holds("feasibility", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("totality", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("dsic", "Roberts 1979; Nisan et al. 2007, Prop. 9.31"),
        holds("ex-post-ir", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("no-deficit", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("strong-budget-balance", "Green, Laffont 1979b"),
        holds("no-positive-transfers", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("losers-pay-nothing", "Leonard 1983"),
        holds("pay-at-most-bid", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("efficiency", "the definition in Zhou et al. 2026: fitness counts"),
        fails("anonymity", "the definition in Zhou et al. 2026: fitness counts"),
        fails("non-bossiness", "the definition in Leonard 1983"),
        fails("envy-freeness", "the definition in Zhou et al. 2026: fitness counts"),
        fails("revenue-monotonicity", "the definition in Zhou et al. 2026: fitness counts"),
        fails("bid-revenue-monotonicity", "Beck, Ott 2013"),
        holds(
            "weak-group-strategyproofness", "Demange, Gale 1985: at the lowest competitive prices"
        ),
        fails("strong-group-strategyproofness", "the definition in Leonard 1983"),
        fails("collusion-proofness", "the definition in Leonard 1983"),
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
