"""The greedy auction for single-minded bidders, ranked by value per good, and its pay-as-bid variant.

Ranking by value over the square root of the bundle size has the better worst case, but irrational
critical payments; value per good keeps them rational.
"""

from typing import Any

from sympy import And, Ne

from mechanism.bibliography import works
from mechanism.language import Cases, Count, Exists, Greedy, Highest, agents, goods, report
from mechanism.rule import Rule, fails, holds
from mechanism.setting_goods import single_minded

i, j, m = agents("i j m")
g, h = goods("g h")
b = report("b")
want = report("want", over=("agent", "good"), boolean=True)


def size(agent: Any) -> Any:
    """How many goods the agent asks for."""
    return Count(want[agent, h], h)


def clash(one: Any, other: Any) -> Any:
    """Whether two agents ask for a common good."""
    return Exists(And(want[one, h], want[other, h]), h)


def accepted(agent: Any, where: Any = True) -> Any:
    """Whether the greedy order, over the agents that meet `where`, accepts the agent."""
    return Greedy(b[j] / size(j), j, agent, clash(j, m), m, where)


wins = accepted(i)
blocker = And(Ne(j, i), clash(i, j), accepted(j, Ne(j, i)))
critical = size(i) * Highest(b[j] / size(j), j, where=blocker)

GREEDY_SINGLE_MINDED = Rule(
    id="greedy-single-minded",
    title="Greedy auction for single-minded bidders",
    summary="Bids are taken in the order of value per good; a winner pays the infimum of its winning bids.",
    agent=i,
    good=g,
    reports=(b, want),
    setting_of=single_minded,
    allocation=Cases((1, And(want[i, g], wins)), (0, True)),
    payment=Cases((critical, wins), (0, True)),
    admissible=Exists(want[i, h], h),
    sizes={"good": (1, 2)},
    claims=(
        holds("feasibility", "Lehmann, O'Callaghan, Shoham 2002"),
        holds("totality", "Lehmann, O'Callaghan, Shoham 2002"),
        holds("dsic", "Lehmann, O'Callaghan, Shoham 2002, Sec. 4"),
        holds("ex-post-ir", "Lehmann, O'Callaghan, Shoham 2002, Sec. 4"),
        holds("no-deficit", "Lehmann, O'Callaghan, Shoham 2002"),
        fails("strong-budget-balance", "the definition in Lehmann, O'Callaghan, Shoham 2002"),
        holds("no-positive-transfers", "Lehmann, O'Callaghan, Shoham 2002"),
        holds("losers-pay-nothing", "Lehmann, O'Callaghan, Shoham 2002, Sec. 4"),
        holds("pay-at-most-bid", "Lehmann, O'Callaghan, Shoham 2002"),
        fails("efficiency", "Lehmann, O'Callaghan, Shoham 2002: an approximation"),
        holds("monotone-allocation", "Lehmann, O'Callaghan, Shoham 2002, Sec. 4"),
        holds("critical-payment", "Lehmann, O'Callaghan, Shoham 2002, Sec. 4"),
        holds("anonymity", "Lehmann, O'Callaghan, Shoham 2002"),
        fails("non-bossiness", "the definition in Lehmann, O'Callaghan, Shoham 2002"),
        holds("envy-freeness", "the definition in Lehmann, O'Callaghan, Shoham 2002"),
        fails("revenue-monotonicity", "Rastegari, Condon, Leyton-Brown 2011"),
        fails("bid-revenue-monotonicity", "the definition in Lehmann, O'Callaghan, Shoham 2002"),
        fails(
            "weak-group-strategyproofness", "the definition in Lehmann, O'Callaghan, Shoham 2002"
        ),
        fails(
            "strong-group-strategyproofness", "the definition in Lehmann, O'Callaghan, Shoham 2002"
        ),
        fails("collusion-proofness", "the definition in Lehmann, O'Callaghan, Shoham 2002"),
        fails("false-name-proofness", "the definition in Lehmann, O'Callaghan, Shoham 2002"),
    ),
    references=works("Lehmann, O'Callaghan, Shoham 2002", "Rastegari, Condon, Leyton-Brown 2011"),
)
