"""The first-price auction with a reserve price."""

from sympy import Eq

from mechanism.language import ArgMax, Cases, agents, parameter, report
from mechanism.rule import Rule

i, j = agents("i j")
b = report("b")
reserve = parameter("reserve", at_least=0)
winner = ArgMax(b[j], j, where=b[j] >= reserve)

FIRST_PRICE_RESERVE = Rule(
    id="first-price-reserve",
    title="First-price auction with a reserve",
    summary="The highest bidder that meets the reserve wins and pays its bid.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((b[i], Eq(i, winner)), (0, True)),
    min_agents=2,
    references=("Krishna, Auction Theory, 2nd ed., 2009, Sec. 2.5",),
)
