"""Pay-as-bid auction for k equal units with unit demand."""

from mechanism.bibliography import works
from mechanism.language import Cases, Rank, agents, parameter, report
from mechanism.rule import Rule, fails, holds
from mechanism.setting import units

i, j = agents("i j")
b = report("b")
k = parameter("k", integer=True, at_least=1)
wins = Rank(b[j], j, at=i) <= k

PAY_AS_BID = Rule(
    id="pay-as-bid",
    title="Pay-as-bid auction (k units, unit demand)",
    summary="The k highest bidders win a unit each and pay their bids.",
    agent=i,
    reports=b,
    setting_of=lambda rule: units(rule, k),
    allocation=Cases((1, wins), (0, True)),
    payment=Cases((b[i], wins), (0, True)),
    claims=(
        holds("feasibility", "Krishna 2009, Ch. 12"),
        holds("totality", "Krishna 2009, Ch. 12"),
        fails("dsic", "Krishna 2009, Ch. 12: bids are shaded"),
        holds("ex-post-ir", "the definition in Krishna 2009, Ch. 12"),
        holds("no-deficit", "Krishna 2009, Ch. 12"),
        fails("strong-budget-balance", "the definition in Krishna 2009, Ch. 12"),
        holds("no-positive-transfers", "Krishna 2009, Ch. 12"),
        holds("losers-pay-nothing", "Krishna 2009, Ch. 12"),
        holds("pay-at-most-bid", "Krishna 2009, Ch. 12"),
        holds("efficiency", "the definition in Krishna 2009, Ch. 12"),
        holds("monotone-allocation", "Myerson 1981"),
        fails("critical-payment", "Myerson 1981: with dsic it would be"),
        holds("anonymity", "Krishna 2009, Ch. 12"),
        holds("non-bossiness", "the definition in Krishna 2009, Ch. 12"),
        fails("envy-freeness", "the definition in Krishna 2009, Ch. 12"),
        holds("revenue-monotonicity", "the definition in Krishna 2009, Ch. 12"),
        holds("bid-revenue-monotonicity", "the definition in Krishna 2009, Ch. 12"),
    ),
    references=works("Krishna 2009", "Myerson 1981"),
)
