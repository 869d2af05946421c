"""A scoring auction with scores the seller knows, priced at the critical value."""

from sympy import Eq, Ne

from mechanism.language import ArgMax, Cases, Highest, Max, agents, parameter, report
from mechanism.rule import Rule

i, j = agents("i j")
b = report("b")
score = parameter("score", over="agent", at_least=0)
w1, w2 = parameter("w1", above=0), parameter("w2", at_least=0)
winner = ArgMax(w1 * b[j] + w2 * score[j], j)
rival = Highest(w1 * b[j] + w2 * score[j], j, where=Ne(j, i))

SCORE_AUCTION = Rule(
    id="score-auction",
    title="Score auction with critical-value price",
    summary="The highest w1*bid + w2*score wins and pays the lowest bid with which it would still win.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((Max(0, (rival - w2 * score[i]) / w1), Eq(i, winner)), (0, True)),
    references=("Che, Design Competition through Multidimensional Auctions, RAND 24, 1993", "Myerson, Optimal Auction Design, MOR 6, 1981",),
)
