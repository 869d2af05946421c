"""A posted price with unlimited supply."""

from sympy import Eq

from mechanism.bibliography import works
from mechanism.language import Cases, agents, parameter, report
from mechanism.rule import Rule, fails, holds
from mechanism.setting import unlimited

i = agents("i")
b = report("b")
price = parameter("price", at_least=0)

POSTED_PRICE_UNLIMITED = Rule(
    id="posted-price-unlimited",
    title="Posted price, unlimited supply",
    summary="Every bidder that accepts the price gets a unit at that price.",
    agent=i,
    reports=b,
    setting_of=unlimited,
    allocation=Cases((1, b[i] >= price), (0, True)),
    payment=Cases((price, b[i] >= price), (0, True)),
    claims=(
        holds("feasibility", "Goldberg, Hartline 2005"),
        holds("totality", "Goldberg, Hartline 2005"),
        holds("dsic", "Hagerty, Rogerson 1987"),
        holds("ex-post-ir", "the definition in Goldberg, Hartline 2005"),
        holds("no-deficit", "Goldberg, Hartline 2005"),
        fails("strong-budget-balance", "the definition in Goldberg, Hartline 2005"),
        holds("no-positive-transfers", "Goldberg, Hartline 2005"),
        holds("losers-pay-nothing", "Goldberg, Hartline 2005"),
        holds("pay-at-most-bid", "the definition in Goldberg, Hartline 2005"),
        holds("efficiency", "the definition in Goldberg, Hartline 2005", only_when=Eq(price, 0)),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        holds("anonymity", "the definition in Goldberg, Hartline 2005"),
        holds("non-bossiness", "the definition in Goldberg, Hartline 2005"),
        holds("envy-freeness", "the definition in Goldberg, Hartline 2005"),
        holds("revenue-monotonicity", "the definition in Goldberg, Hartline 2005"),
        holds("bid-revenue-monotonicity", "the definition in Goldberg, Hartline 2005"),
        holds("weak-group-strategyproofness", "Goldberg, Hartline 2005"),
        holds("strong-group-strategyproofness", "Goldberg, Hartline 2005"),
        holds("collusion-proofness", "Goldberg, Hartline 2005"),
        holds("false-name-proofness", "the definition in Goldberg, Hartline 2005"),
    ),
    references=works("Goldberg, Hartline 2005", "Hagerty, Rogerson 1987", "Myerson 1981"),
)
