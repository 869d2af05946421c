"""The optimal auction of Myerson, for strictly increasing virtual values."""

from sympy import And, Eq, Ne

from mechanism.bibliography import works
from mechanism.language import ArgMax, Cases, Highest, Max, agents, increasing_function, report
from mechanism.rule import Rule, fails, holds

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
    claims=(
        holds("feasibility", "Myerson 1981"),
        holds("totality", "Myerson 1981"),
        holds("dsic", "Myerson 1981"),
        holds("ex-post-ir", "Myerson 1981"),
        holds("no-deficit", "Myerson 1981"),
        fails("strong-budget-balance", "the definition in Myerson 1981"),
        holds("no-positive-transfers", "Myerson 1981"),
        holds("losers-pay-nothing", "Myerson 1981"),
        holds("pay-at-most-bid", "Myerson 1981"),
        fails("efficiency", "Myerson 1981, Sec. 5"),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        fails("anonymity", "Myerson 1981: bidders with other priors are treated otherwise"),
        fails("non-bossiness", "the definition in Myerson 1981"),
        fails("envy-freeness", "the definition in Myerson 1981"),
        fails("revenue-monotonicity", "the definition in Myerson 1981"),
        fails("bid-revenue-monotonicity", "the definition in Myerson 1981"),
        holds("weak-group-strategyproofness", "the definition in Myerson 1981"),
        fails("strong-group-strategyproofness", "Graham, Marshall 1987"),
        fails("collusion-proofness", "Graham, Marshall 1987"),
        holds("false-name-proofness", "the definition in Myerson 1981"),
    ),
    references=works("Myerson 1981", "Graham, Marshall 1987"),
)
