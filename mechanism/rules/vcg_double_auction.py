"""VCG double auction."""

from mechanism.language import Cases, Max, Min
from mechanism.rule import Rule
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
    references=("Krishna, Auction Theory, 2nd ed., 2009, Sec. 5.3",),
)
