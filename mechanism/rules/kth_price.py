"""The auction at the k-th highest bid: first price, second price, third price and so on."""

from sympy import Eq

from mechanism.language import ArgMax, Cases, Count, KthHighest, agents, parameter, report
from mechanism.rule import Rule

i, j = agents("i j")
b = report("b")
k = parameter("k", integer=True, at_least=1)
winner = ArgMax(b[j], j)

KTH_PRICE = Rule(
    id="kth-price",
    title="k-th price auction",
    summary="The highest bidder wins and pays the k-th highest bid.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((KthHighest(k, b[j], j), Eq(i, winner)), (0, True)),
    min_agents=2,
    assumptions=(Count(True, j) >= k,),
    references=("Kagel, Levin, Independent Private Value Auctions: Bidder Behaviour in First-, Second- and Third-Price Auctions, Economic J. 103, 1993",),
)
