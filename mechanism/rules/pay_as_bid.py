"""Pay-as-bid auction for k equal units with unit demand."""

from mechanism.language import Cases, Rank, agents, parameter, report
from mechanism.rule import Rule
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
    references=("Krishna, Auction Theory, 2nd ed., 2009, Ch. 12",),
)
