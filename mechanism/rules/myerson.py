"""The optimal auction of Myerson, for strictly increasing virtual values."""

from sympy import And, Eq, Ne

from mechanism.language import ArgMax, Cases, Highest, Max, agents, increasing_function, report
from mechanism.rule import Rule

i, j = agents("i j")
b = report("b")
phi = increasing_function("phi")
winner = ArgMax(phi(j, b[j]), j, where=phi(j, b[j]) >= 0)
rival = Highest(phi(j, b[j]), j, where=And(Ne(j, i), phi(j, b[j]) >= 0))

MYERSON = Rule(
    id="myerson",
    title="Myerson's optimal auction",
    summary="The highest virtual value that is not negative wins; it pays the infimum of the bids with which it would still win.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((Max(0, phi.inverse(i, rival)), Eq(i, winner)), (0, True)),
    references=("Myerson, Optimal Auction Design, MOR 6, 1981",),
)
