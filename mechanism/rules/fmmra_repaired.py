"""FMMRA for many tasks, repaired: weighted VCG over the assignments of one agent to a task at most.

Its total cost-effectiveness ``sum(w1 * bid + w2 * fitness)`` is maximised, as in the paper; that is an affine
maximizer, so Clarke's pivot makes it truthful. In units of money a point of fitness is worth ``w2 / w1``.
Without "at most one agent to a task", every agent would get its favourite task and be paid a subsidy.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import And, Ne

from mechanism.bibliography import works
from mechanism.language import (
    ArgMax,
    Awards,
    Cases,
    Highest,
    Sum,
    agents,
    goods,
    matchings,
    parameter,
    report,
)
from mechanism.rule import Rule, fails, holds
from mechanism.setting_goods import assignment

i, j = agents("i j")
t = goods("t")
mu = matchings("mu")
b = report("b", over=("agent", "good"), at_least=None)  # an expected profit may be negative
fitness = parameter("fitness", over=("agent", "good"), at_least=0)
can = parameter("can", over=("agent", "good"), boolean=True)
w1, w2 = parameter("w1", above=0), parameter("w2", at_least=0)


def done(agent: Any, matching: Any, amount: Any) -> Any:
    """The amount for the task that a matching gives the agent, if the agent can do it."""
    return Sum(amount * Cases((1, And(Awards(matching, agent, t), can[agent, t])), (0, True)), t)


def merit(agent: Any, matching: Any) -> Any:
    """What the fitness of an agent for its task is worth in money."""
    return done(agent, matching, w2 * fitness[agent, t] / w1)


@dataclass(frozen=True)
class WeightedVcg:
    """Weighted VCG over the assignments.

    Parameters
    ----------
    merit : callable
        What counts for an agent in a matching besides its bid, in money.
    """

    merit: Callable[[Any, Any], Any]

    def score(self, agent: Any, matching: Any) -> Any:
        """The cost-effectiveness of an agent for its task, in money."""
        return done(agent, matching, b[agent, t]) + self.merit(agent, matching)

    @property
    def chosen(self) -> Any:
        """The best matching."""
        return ArgMax(Sum(self.score(j, mu), j), mu)

    @property
    def without(self) -> Any:
        """The best that the others can have without agent i."""
        return Highest(Sum(self.score(j, mu), j, where=Ne(j, i)), mu)

    @property
    def others(self) -> Any:
        """What they have."""
        return Sum(self.score(j, self.chosen), j, where=Ne(j, i))

    @property
    def allocation(self) -> Any:
        """Whether agent i is given the task t, and can do it."""
        return Cases((1, And(Awards(self.chosen, i, t), can[i, t])), (0, True))

    @property
    def payment(self) -> Any:
        """What agent i costs the others, less what counts for it besides its bid."""
        return self.without - self.others - self.merit(i, self.chosen)


BY_FITNESS = WeightedVcg(merit)

FMMRA_REPAIRED = Rule(
    id="fmmra-repaired",
    title="FMMRA for many tasks, repaired (weighted VCG)",
    summary="The assignment with the highest total w1*bid + w2*fitness; each agent pays what its presence costs "
    "the others, less the worth of its fitness.",
    agent=i,
    good=t,
    reports=b,
    setting_of=assignment,
    allocation=BY_FITNESS.allocation,
    payment=BY_FITNESS.payment,
    sizes={"good": (1, 2)},
    solver="mechanism.fmmra.repaired:run",
    claims=(
        holds("feasibility", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("totality", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("dsic", "Roberts 1979; Nisan et al. 2007, Prop. 9.31"),
        holds("ex-post-ir", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("no-deficit", "the definition in Zhou et al. 2026: fitness is paid for"),
        fails("strong-budget-balance", "Green, Laffont 1979b"),
        fails("no-positive-transfers", "the definition in Zhou et al. 2026: fitness is paid for"),
        holds("losers-pay-nothing", "Leonard 1983"),
        holds("pay-at-most-bid", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("efficiency", "the definition in Zhou et al. 2026: fitness counts"),
        fails("anonymity", "the definition in Zhou et al. 2026: fitness counts"),
        fails("non-bossiness", "the definition in Leonard 1983"),
        fails("envy-freeness", "the definition in Zhou et al. 2026: fitness counts"),
        fails("revenue-monotonicity", "the definition in Zhou et al. 2026: fitness is paid for"),
        fails("bid-revenue-monotonicity", "Beck, Ott 2013"),
        holds(
            "weak-group-strategyproofness", "Demange, Gale 1985: at the lowest competitive prices"
        ),
        fails("strong-group-strategyproofness", "the definition in Leonard 1983"),
        fails("collusion-proofness", "the definition in Leonard 1983"),
        fails("false-name-proofness", "the definition in Zhou et al. 2026: fitness is paid for"),
    ),
    references=works(
        "Zhou et al. 2026",
        "Nisan et al. 2007",
        "Roberts 1979",
        "Leonard 1983",
        "Green, Laffont 1979b",
        "Beck, Ott 2013",
        "Demange, Gale 1985",
    ),
)
