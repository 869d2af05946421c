"""Uniform-price auction for k equal units with unit demand."""

from mechanism.language import Cases, KthHighest, Rank, agents, parameter, report
from mechanism.rule import Rule
from mechanism.setting import units

i, j = agents("i j")
b = report("b")
k = parameter("k", integer=True, at_least=1)
wins = Rank(b[j], j, at=i) <= k

UNIFORM_PRICE = Rule(
    id="uniform-price",
    title="Uniform-price auction (k units, unit demand)",
    summary="The k highest bidders win a unit each and pay the highest losing bid.",
    agent=i,
    reports=b,
    setting_of=lambda rule: units(rule, k),
    allocation=Cases((1, wins), (0, True)),
    payment=Cases((KthHighest(k + 1, b[j], j), wins), (0, True)),
    references=("Krishna, Auction Theory, 2nd ed., 2009, Ch. 12",),
)
