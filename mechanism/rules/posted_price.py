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
    priority=True,
    claims=(
        holds("feasibility", "Chawla et al. 2010"),
        holds("totality", "Chawla et al. 2010"),
        holds("dsic", "Hagerty, Rogerson 1987"),
        holds("ex-post-ir", "nobody has to accept"),
        holds("no-deficit", "Chawla et al. 2010"),
        fails("strong-budget-balance", "the seller is paid"),
        holds("no-positive-transfers", "Chawla et al. 2010"),
        holds("losers-pay-nothing", "Chawla et al. 2010"),
        holds("pay-at-most-bid", "nobody has to accept"),
        fails("efficiency", "Chawla et al. 2010: an approximation"),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        fails("anonymity", "the queue decides"),
        holds("non-bossiness", "the price is fixed"),
        fails("envy-freeness", "the queue decides"),
        holds("revenue-monotonicity", "the price is fixed"),
        holds("bid-revenue-monotonicity", "the price is fixed"),
        holds("weak-group-strategyproofness", "two members cannot both win"),
        fails(
            "strong-group-strategyproofness", "who is indifferent may leave the good to the next"
        ),
        fails("collusion-proofness", "who values it little may leave the good to the next"),
        fails("false-name-proofness", "the second name may stand earlier in the queue"),
    ),
    references=works("Chawla et al. 2010", "Hagerty, Rogerson 1987", "Myerson 1981"),
)
