"""The first-price sealed-bid auction."""

from sympy import Eq

from mechanism.language import ArgMax, Cases, agents, report
from mechanism.rule import Rule

i, j = agents("i j")
b = report("b")
winner = ArgMax(b[j], j)

FIRST_PRICE = Rule(
    id="first-price",
    title="First-price auction",
    summary="The highest bidder wins and pays its bid.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((b[i], Eq(i, winner)), (0, True)),
    min_agents=2,
    references=("Krishna, Auction Theory, 2nd ed., 2009, Ch. 2",),
)
