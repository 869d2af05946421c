"""McAfee's double auction."""

from sympy import And

from mechanism.language import Cases
from mechanism.rule import Rule
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
    references=("McAfee, A Dominant Strategy Double Auction, JET 56, 1992",),
)
