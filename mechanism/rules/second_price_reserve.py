"""The second-price auction with a reserve price."""

from sympy import Eq, Ne

from mechanism.bibliography import works
from mechanism.language import ArgMax, Cases, Highest, Max, agents, parameter, report
from mechanism.rule import Rule, fails, holds

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
    claims=(
        holds("feasibility", "Krishna 2009, Sec. 2.5"),
        holds("totality", "Krishna 2009, Sec. 2.5"),
        holds("dsic", "Krishna 2009, Sec. 2.5"),
        holds("ex-post-ir", "Krishna 2009, Sec. 2.5"),
        holds("no-deficit", "Krishna 2009, Sec. 2.5"),
        fails("strong-budget-balance", "the definition in Krishna 2009, Sec. 2.5"),
        holds("no-positive-transfers", "Krishna 2009, Sec. 2.5"),
        holds("losers-pay-nothing", "Krishna 2009, Sec. 2.5"),
        holds("pay-at-most-bid", "Krishna 2009, Sec. 2.5"),
        holds(
            "efficiency",
            "Riley, Samuelson 1981: a reserve excludes low values",
            only_when=Eq(reserve, 0),
        ),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        holds("anonymity", "Krishna 2009, Sec. 2.5"),
        fails("non-bossiness", "the definition in Krishna 2009, Sec. 2.5"),
        holds("envy-freeness", "the definition in Krishna 2009, Sec. 2.5"),
        holds("revenue-monotonicity", "the definition in Krishna 2009, Sec. 2.5"),
        holds("bid-revenue-monotonicity", "the definition in Krishna 2009, Sec. 2.5"),
        holds("weak-group-strategyproofness", "the definition in Krishna 2009, Sec. 2.5"),
        fails("strong-group-strategyproofness", "Graham, Marshall 1987"),
        fails("collusion-proofness", "Graham, Marshall 1987"),
        holds("false-name-proofness", "the definition in Krishna 2009, Sec. 2.5"),
    ),
    references=works(
        "Krishna 2009", "Riley, Samuelson 1981", "Myerson 1981", "Graham, Marshall 1987"
    ),
)
