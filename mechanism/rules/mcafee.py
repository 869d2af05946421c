"""McAfee's double auction."""

from sympy import And

from mechanism.bibliography import works
from mechanism.language import Cases
from mechanism.rule import Rule, fails, holds
from mechanism.rules.two_sided import K, b, buyer, buyers, high, i, low, payments, sellers, trades
from mechanism.setting import double

price = (high(K + 1) + low(K + 1)) / 2
clears = And(K < buyers, K < sellers, price <= high(K), price >= low(K))
number = Cases((K, clears), (K - 1, True))
bid = Cases((price, clears), (high(K), True))
ask = Cases((price, clears), (low(K), True))

MCAFEE = Rule(
    id="mcafee",
    title="McAfee's double auction",
    summary="The efficient trades at the middle of the next bid and ask if that suits the last pair; else one trade less, at the last bid and ask.",
    agent=i,
    reports=b,
    setting_of=lambda rule: double(rule, buyer),
    allocation=trades(number),
    payment=payments(number, bid, ask),
    min_agents=2,
    carried=(buyer,),
    claims=(
        holds("feasibility", "McAfee 1992"),
        holds("totality", "McAfee 1992"),
        holds("dsic", "McAfee 1992"),
        holds("ex-post-ir", "McAfee 1992"),
        holds("no-deficit", "McAfee 1992"),
        fails("strong-budget-balance", "McAfee 1992"),
        holds("losers-pay-nothing", "McAfee 1992"),
        holds("pay-at-most-bid", "McAfee 1992"),
        fails("efficiency", "McAfee 1992: the least valuable trade may be lost"),
        holds("monotone-allocation", "McAfee 1992"),
        holds("critical-payment", "McAfee 1992"),
        holds("anonymity", "McAfee 1992"),
        fails("non-bossiness", "the definition in McAfee 1992"),
        holds("envy-freeness", "the definition in McAfee 1992"),
        holds("weak-group-strategyproofness", "the definition in McAfee 1992"),
        fails("strong-group-strategyproofness", "the definition in McAfee 1992"),
        fails("collusion-proofness", "the definition in McAfee 1992"),
        fails("false-name-proofness", "Yokoo, Sakurai, Matsubara 2001"),
    ),
    references=works("McAfee 1992", "Yokoo, Sakurai, Matsubara 2001"),
)
