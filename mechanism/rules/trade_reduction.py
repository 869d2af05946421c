"""Trade reduction."""

from mechanism.rule import Rule
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
    references=("McAfee, A Dominant Strategy Double Auction, JET 56, 1992", "Babaioff, Nisan, Concurrent Auctions Across the Supply Chain, JAIR 21, 2004",),
)
