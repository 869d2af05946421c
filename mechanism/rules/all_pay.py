"""The all-pay auction."""

from sympy import Eq

from mechanism.language import ArgMax, Cases, agents, report
from mechanism.rule import Rule

i, j = agents("i j")
b = report("b")
winner = ArgMax(b[j], j)

ALL_PAY = Rule(
    id="all-pay",
    title="All-pay auction",
    summary="The highest bidder wins and everybody pays its bid.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=b[i],
    min_agents=2,
    references=("Krishna, Auction Theory, 2nd ed., 2009, Sec. 3.2",),
)
