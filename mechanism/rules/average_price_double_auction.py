"""Average-price double auction."""

from mechanism.rule import Rule
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
    references=("Chatterjee, Samuelson, Bargaining under Incomplete Information, Operations Research 31, 1983",),
)
