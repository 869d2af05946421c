"""The price rule of FMMRA for one task: chosen by cost-effectiveness, charged by the list of bids.

The published formulas are not at hand; this is the reading of the prose ("the bid which is second only to
the winning bid"), with the weights as positive parameters. Agents bid their whole expected profit here.
"""

from sympy import And, Eq, Ne

from mechanism.bibliography import works
from mechanism.language import ArgMax, Cases, Highest, agents, parameter, report
from mechanism.rule import Rule, fails, holds

i, j = agents("i j")
b = report("b")
fitness = parameter("fitness", over="agent", at_least=0)
w1, w2 = parameter("w1", above=0), parameter("w2", above=0)
winner = ArgMax(w1 * b[j] + w2 * fitness[j], j)
price = Highest(b[j], j, where=And(Ne(j, i), b[j] <= b[i]))

FMMRA_ONE_TASK = Rule(
    id="fmmra-one-task",
    title="FMMRA, one task",
    summary="The agent with the highest w1*bid + w2*fitness wins the task and pays the next lower bid.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((price, Eq(i, winner)), (0, True)),
    min_agents=2,
    claims=(
        holds("feasibility", "Zhou et al. 2026"),
        holds("totality", "Zhou et al. 2026"),
        holds("dsic", "Zhou et al. 2026, who claim incentive compatibility"),
        holds("ex-post-ir", "Zhou et al. 2026"),
        holds("no-deficit", "the definition in Zhou et al. 2026"),
        fails("strong-budget-balance", "the definition in Zhou et al. 2026"),
        holds("no-positive-transfers", "the definition in Zhou et al. 2026"),
        holds("losers-pay-nothing", "Zhou et al. 2026"),
        holds("pay-at-most-bid", "Zhou et al. 2026: the price is below the winning bid"),
        fails("efficiency", "the definition in Zhou et al. 2026"),
        holds("monotone-allocation", "Myerson 1981"),
        fails("critical-payment", "the definition in Zhou et al. 2026"),
        fails("anonymity", "the definition in Zhou et al. 2026"),
        fails("non-bossiness", "the definition in Zhou et al. 2026"),
        fails("envy-freeness", "the definition in Zhou et al. 2026"),
        fails("revenue-monotonicity", "the definition in Zhou et al. 2026"),
        fails("bid-revenue-monotonicity", "the definition in Zhou et al. 2026"),
    ),
    references=works("Zhou et al. 2026", "Myerson 1981"),
)
