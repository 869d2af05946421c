"""The first-price sealed-bid auction."""

from sympy import Eq

from mechanism.bibliography import works
from mechanism.language import ArgMax, Cases, agents, report
from mechanism.rule import Rule, fails, holds

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
    claims=(
        holds("feasibility", "Krishna 2009, Ch. 2"),
        holds("totality", "Krishna 2009, Ch. 2"),
        fails("dsic", "Vickrey 1961: bids are shaded"),
        holds("ex-post-ir", "the definition in Krishna 2009, Ch. 2"),
        holds("no-deficit", "Krishna 2009, Ch. 2"),
        fails("strong-budget-balance", "the definition in Krishna 2009, Ch. 2"),
        holds("no-positive-transfers", "Krishna 2009, Ch. 2"),
        holds("losers-pay-nothing", "Krishna 2009, Ch. 2"),
        holds("pay-at-most-bid", "Krishna 2009, Ch. 2"),
        holds("efficiency", "the definition in Krishna 2009, Ch. 2"),
        holds("monotone-allocation", "Myerson 1981"),
        fails("critical-payment", "Myerson 1981: with dsic it would be"),
        holds("anonymity", "Krishna 2009, Ch. 2"),
        holds("non-bossiness", "the definition in Krishna 2009, Ch. 2"),
        holds("envy-freeness", "the definition in Krishna 2009, Ch. 2"),
        holds("revenue-monotonicity", "the definition in Krishna 2009, Ch. 2"),
        holds("bid-revenue-monotonicity", "the definition in Krishna 2009, Ch. 2"),
        fails("collusion-proofness", "the definition in Krishna 2009, Ch. 2"),
    ),
    references=works("Krishna 2009", "Vickrey 1961", "Myerson 1981"),
)
