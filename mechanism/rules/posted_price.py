"""One good at a posted price, offered along a fixed queue."""

from sympy import Eq

from mechanism.bibliography import works
from mechanism.language import Cases, First, agents, parameter, report
from mechanism.rule import Rule, fails, holds

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
    claims=(
        holds("feasibility", "Chawla et al. 2010"),
        holds("totality", "Chawla et al. 2010"),
        holds("dsic", "Hagerty, Rogerson 1987"),
        holds("ex-post-ir", "the definition in Chawla et al. 2010"),
        holds("no-deficit", "Chawla et al. 2010"),
        fails("strong-budget-balance", "the definition in Chawla et al. 2010"),
        holds("no-positive-transfers", "Chawla et al. 2010"),
        holds("losers-pay-nothing", "Chawla et al. 2010"),
        holds("pay-at-most-bid", "the definition in Chawla et al. 2010"),
        fails("efficiency", "Chawla et al. 2010: an approximation"),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        fails("anonymity", "the definition in Chawla et al. 2010"),
        holds("non-bossiness", "the definition in Chawla et al. 2010"),
        fails("envy-freeness", "the definition in Chawla et al. 2010"),
        holds("revenue-monotonicity", "the definition in Chawla et al. 2010"),
        holds("bid-revenue-monotonicity", "the definition in Chawla et al. 2010"),
        holds("weak-group-strategyproofness", "the definition in Chawla et al. 2010"),
        fails("strong-group-strategyproofness", "the definition in Chawla et al. 2010"),
        fails("collusion-proofness", "the definition in Chawla et al. 2010"),
        fails("false-name-proofness", "the definition in Chawla et al. 2010"),
    ),
    references=works("Chawla et al. 2010", "Hagerty, Rogerson 1987", "Myerson 1981"),
)
