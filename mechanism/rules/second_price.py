"""The second-price auction of Vickrey."""

from sympy import Eq, Ne

from mechanism.language import ArgMax, Cases, Highest, agents, report
from mechanism.rule import Rule

i, j = agents("i j")
b = report("b")
winner = ArgMax(b[j], j)
price = Highest(b[j], j, where=Ne(j, winner))

SECOND_PRICE = Rule(
    id="second-price",
    title="Second-price (Vickrey) auction",
    summary="The highest bidder wins and pays the highest other bid.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((price, Eq(i, winner)), (0, True)),
    references=("Vickrey, Counterspeculation, Auctions, and Competitive Sealed Tenders, J. Finance 16, 1961",),
)
