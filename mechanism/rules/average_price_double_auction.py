"""Average-price double auction."""

from mechanism.bibliography import works
from mechanism.rule import Rule, fails, holds
from mechanism.rules.two_sided import K, b, buyer, high, i, low, payments, trades
from mechanism.setting import double

price = (high(K) + low(K)) / 2

AVERAGE_PRICE_DOUBLE_AUCTION = Rule(
    id="average-price-double-auction",
    title="Average-price double auction",
    summary="The efficient trades, at the middle of the last efficient bid and ask (the k-double auction for k = 1/2).",
    agent=i,
    reports=b,
    setting_of=lambda rule: double(rule, buyer),
    allocation=trades(K),
    payment=payments(K, price, price),
    min_agents=2,
    carried=(buyer,),
    claims=(
        holds("feasibility", "Chatterjee, Samuelson 1983"),
        holds("totality", "Chatterjee, Samuelson 1983"),
        fails("dsic", "Chatterjee, Samuelson 1983"),
        holds("ex-post-ir", "Chatterjee, Samuelson 1983"),
        holds("no-deficit", "Chatterjee, Samuelson 1983"),
        holds("strong-budget-balance", "Chatterjee, Samuelson 1983"),
        holds("losers-pay-nothing", "Chatterjee, Samuelson 1983"),
        holds("pay-at-most-bid", "Chatterjee, Samuelson 1983"),
        holds("efficiency", "Myerson, Satterthwaite 1983: so it cannot be dsic"),
        holds("monotone-allocation", "Chatterjee, Samuelson 1983"),
        fails("critical-payment", "Myerson 1981: with dsic it would be"),
        holds("anonymity", "Chatterjee, Samuelson 1983"),
        holds("non-bossiness", "the definition in Chatterjee, Samuelson 1983"),
        fails("envy-freeness", "the definition in Chatterjee, Samuelson 1983"),
        holds("revenue-monotonicity", "the definition in Chatterjee, Samuelson 1983"),
        holds("bid-revenue-monotonicity", "the definition in Chatterjee, Samuelson 1983"),
    ),
    references=works("Chatterjee, Samuelson 1983", "Myerson, Satterthwaite 1983", "Myerson 1981"),
)
