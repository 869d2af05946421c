"""VCG double auction."""

from mechanism.bibliography import works
from mechanism.language import Cases, Max, Min
from mechanism.rule import Rule, fails, holds
from mechanism.rules.two_sided import K, b, buyer, high, i, low, payments, sellers, trades
from mechanism.setting import double

bid = Max(low(K), high(K + 1))
ask = Cases((Min(high(K), low(K + 1)), K < sellers), (high(K), True))

VCG_DOUBLE_AUCTION = Rule(
    id="vcg-double-auction",
    title="VCG double auction",
    summary="The efficient trades; each side pays or receives its critical value.",
    agent=i,
    reports=b,
    setting_of=lambda rule: double(rule, buyer),
    allocation=trades(K),
    payment=payments(K, bid, ask),
    min_agents=2,
    carried=(buyer,),
    claims=(
        holds("feasibility", "Krishna 2009, Sec. 5.3"),
        holds("totality", "Krishna 2009, Sec. 5.3"),
        holds("dsic", "Vickrey 1961; Krishna 2009, Sec. 5.3"),
        holds("ex-post-ir", "Krishna 2009, Sec. 5.3"),
        fails("no-deficit", "Vickrey 1961; Myerson, Satterthwaite 1983"),
        fails("strong-budget-balance", "Myerson, Satterthwaite 1983"),
        holds("losers-pay-nothing", "Krishna 2009, Sec. 5.3"),
        holds("pay-at-most-bid", "Krishna 2009, Sec. 5.3"),
        holds("efficiency", "Krishna 2009, Sec. 5.3"),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        holds("anonymity", "Krishna 2009, Sec. 5.3"),
        fails("non-bossiness", "the definition in Krishna 2009, Sec. 5.3"),
        holds("envy-freeness", "the definition in Krishna 2009, Sec. 5.3"),
        fails("revenue-monotonicity", "the definition in Krishna 2009, Sec. 5.3"),
        fails("bid-revenue-monotonicity", "the definition in Krishna 2009, Sec. 5.3"),
        fails("weak-group-strategyproofness", "the definition in Krishna 2009, Sec. 5.3"),
        fails("strong-group-strategyproofness", "the definition in Krishna 2009, Sec. 5.3"),
        fails("collusion-proofness", "the definition in Krishna 2009, Sec. 5.3"),
        holds("false-name-proofness", "the definition in Krishna 2009, Sec. 5.3"),
    ),
    references=works("Krishna 2009", "Vickrey 1961", "Myerson, Satterthwaite 1983", "Myerson 1981"),
)
