"""Trade reduction."""

from mechanism.bibliography import works
from mechanism.rule import Rule, fails, holds
from mechanism.rules.two_sided import K, b, buyer, high, i, low, payments, trades
from mechanism.setting import double

TRADE_REDUCTION = Rule(
    id="trade-reduction",
    title="Trade reduction",
    summary="One trade less than is efficient; buyers pay the last efficient bid, sellers receive the last efficient ask.",
    agent=i,
    reports=b,
    setting_of=lambda rule: double(rule, buyer),
    allocation=trades(K - 1),
    payment=payments(K - 1, high(K), low(K)),
    min_agents=2,
    carried=(buyer,),
    claims=(
        holds("feasibility", "McAfee 1992"),
        holds("totality", "McAfee 1992"),
        holds("dsic", "McAfee 1992"),
        holds("ex-post-ir", "McAfee 1992"),
        holds("no-deficit", "Babaioff, Nisan 2004"),
        fails("strong-budget-balance", "Babaioff, Nisan 2004"),
        holds("losers-pay-nothing", "McAfee 1992"),
        holds("pay-at-most-bid", "McAfee 1992"),
        fails("efficiency", "Babaioff, Nisan 2004: the least valuable trade is lost"),
        holds("monotone-allocation", "Babaioff, Nisan 2004"),
        holds("critical-payment", "Babaioff, Nisan 2004"),
        holds("anonymity", "McAfee 1992"),
        fails("non-bossiness", "the definition in McAfee 1992"),
        holds("envy-freeness", "the definition in McAfee 1992"),
        holds("weak-group-strategyproofness", "the definition in McAfee 1992"),
        fails("strong-group-strategyproofness", "the definition in McAfee 1992"),
        fails("collusion-proofness", "the definition in McAfee 1992"),
        fails("false-name-proofness", "Yokoo, Sakurai, Matsubara 2001, for McAfee's"),
    ),
    references=works("McAfee 1992", "Babaioff, Nisan 2004", "Yokoo, Sakurai, Matsubara 2001"),
)
