"""One good at a posted price, offered along a fixed queue."""

from sympy import Eq

from mechanism.language import Cases, First, agents, parameter, report
from mechanism.rule import Rule

i, j = agents("i j")
b = report("b")
price = parameter("price", at_least=0)
winner = First(b[j] >= price, j)

POSTED_PRICE = Rule(
    id="posted-price",
    title="Posted price",
    summary="The first bidder in a fixed queue that accepts the price gets the good at that price.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((price, Eq(i, winner)), (0, True)),
    priority=True,
    references=("Chawla, Hartline, Malec, Sivan, Multi-Parameter Mechanism Design and Sequential Posted Pricing, STOC 2010",),
)
