"""The price rule of FMMRA for one task: chosen by cost-effectiveness, charged by the list of bids.

The published formulas are not at hand; this is the reading of the prose ("the bid which is second only to
the winning bid"), with the weights as positive parameters. Agents bid their whole expected profit here.
"""

from sympy import And, Eq, Ne

from mechanism.language import ArgMax, Cases, Highest, agents, parameter, report
from mechanism.rule import Rule

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
    references=("Zhou, Lan, Yang, Wang, Li, Li, Lyu, Frontiers in Physics 13:1617607, 2026, doi:10.3389/fphy.2025.1617607",),
)
