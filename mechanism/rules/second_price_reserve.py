"""The second-price auction with a reserve price."""

from sympy import Eq, Ne

from mechanism.language import ArgMax, Cases, Highest, Max, agents, parameter, report
from mechanism.rule import Rule

i, j = agents("i j")
b = report("b")
reserve = parameter("reserve", at_least=0)
winner = ArgMax(b[j], j, where=b[j] >= reserve)
rival = Highest(b[j], j, where=Ne(j, i))

SECOND_PRICE_RESERVE = Rule(
    id="second-price-reserve",
    title="Second-price auction with a reserve",
    summary="The highest bidder that meets the reserve wins and pays the higher of the reserve and the highest other bid.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((Max(reserve, rival), Eq(i, winner)), (0, True)),
    references=("Krishna, Auction Theory, 2nd ed., 2009, Sec. 2.5",),
)
