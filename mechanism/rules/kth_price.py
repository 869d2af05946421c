"""The auction at the k-th highest bid: first price, second price, third price and so on."""

from sympy import Eq

from mechanism.bibliography import works
from mechanism.language import ArgMax, Cases, Count, KthHighest, agents, parameter, report
from mechanism.rule import Rule, fails, holds

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
    claims=(
        holds("feasibility", "Monderer, Tennenholtz 2000"),
        holds("totality", "Monderer, Tennenholtz 2000"),
        holds("dsic", "Vickrey 1961; Monderer, Tennenholtz 2000", only_when=Eq(k, 2)),
        holds("ex-post-ir", "the definition in Kagel, Levin 1993"),
        holds("no-deficit", "Monderer, Tennenholtz 2000"),
        fails("strong-budget-balance", "the definition in Kagel, Levin 1993"),
        holds("no-positive-transfers", "Monderer, Tennenholtz 2000"),
        holds("losers-pay-nothing", "Monderer, Tennenholtz 2000"),
        holds("pay-at-most-bid", "the definition in Kagel, Levin 1993"),
        holds("efficiency", "the definition in Kagel, Levin 1993"),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981", only_when=Eq(k, 2)),
        holds("anonymity", "Monderer, Tennenholtz 2000"),
        holds("non-bossiness", "the definition in Kagel, Levin 1993", only_when=Eq(k, 1)),
        holds("envy-freeness", "the definition in Kagel, Levin 1993", only_when=k <= 2),
        holds("revenue-monotonicity", "the definition in Kagel, Levin 1993"),
        holds("bid-revenue-monotonicity", "the definition in Kagel, Levin 1993"),
        holds(
            "weak-group-strategyproofness", "Demange, Gale 1985, for one good", only_when=Eq(k, 2)
        ),
        fails("strong-group-strategyproofness", "Graham, Marshall 1987"),
        fails("collusion-proofness", "Graham, Marshall 1987"),
        holds("false-name-proofness", "Yokoo, Sakurai, Matsubara 2004", only_when=Eq(k, 2)),
    ),
    references=works(
        "Kagel, Levin 1993",
        "Monderer, Tennenholtz 2000",
        "Vickrey 1961",
        "Myerson 1981",
        "Demange, Gale 1985",
        "Graham, Marshall 1987",
        "Yokoo, Sakurai, Matsubara 2004",
    ),
)
