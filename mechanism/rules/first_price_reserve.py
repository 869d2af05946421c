"""The first-price auction with a reserve price."""

from sympy import Eq

from mechanism.bibliography import works
from mechanism.language import ArgMax, Cases, agents, parameter, report
from mechanism.rule import Rule, fails, holds

i, j = agents("i j")
b = report("b")
reserve = parameter("reserve", at_least=0)
winner = ArgMax(b[j], j, where=b[j] >= reserve)

FIRST_PRICE_RESERVE = Rule(
    id="first-price-reserve",
    title="First-price auction with a reserve",
    summary="The highest bidder that meets the reserve wins and pays its bid.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((b[i], Eq(i, winner)), (0, True)),
    min_agents=2,
    claims=(
        holds("feasibility", "Krishna 2009, Sec. 2.5"),
        holds("totality", "Krishna 2009, Sec. 2.5"),
        fails("dsic", "Vickrey 1961: bids are shaded"),
        holds("ex-post-ir", "the definition in Krishna 2009, Sec. 2.5"),
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
        fails("critical-payment", "Myerson 1981: with dsic it would be"),
        holds("anonymity", "Krishna 2009, Sec. 2.5"),
        holds("non-bossiness", "the definition in Krishna 2009, Sec. 2.5"),
        holds("envy-freeness", "the definition in Krishna 2009, Sec. 2.5"),
        holds("revenue-monotonicity", "the definition in Krishna 2009, Sec. 2.5"),
        holds("bid-revenue-monotonicity", "the definition in Krishna 2009, Sec. 2.5"),
    ),
    references=works("Krishna 2009", "Vickrey 1961", "Riley, Samuelson 1981", "Myerson 1981"),
)
