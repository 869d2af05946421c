"""A posted price with unlimited supply."""

from mechanism.language import Cases, agents, parameter, report
from mechanism.rule import Rule
from mechanism.setting import unlimited

i = agents("i")
b = report("b")
price = parameter("price", at_least=0)

POSTED_PRICE_UNLIMITED = Rule(
    id="posted-price-unlimited",
    title="Posted price, unlimited supply",
    summary="Every bidder that accepts the price gets a unit at that price.",
    agent=i,
    reports=b,
    setting_of=unlimited,
    allocation=Cases((1, b[i] >= price), (0, True)),
    payment=Cases((price, b[i] >= price), (0, True)),
    references=("Goldberg, Hartline, Collusion-Resistant Mechanisms for Single-Parameter Agents, SODA 2005",),
)
