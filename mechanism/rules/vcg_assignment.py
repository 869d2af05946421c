"""VCG for different goods and bidders who want at most one."""

from typing import Any

from sympy import Ne

from mechanism.language import ArgMax, Awards, Cases, Highest, Sum, agents, goods, matchings, report
from mechanism.rule import Rule
from mechanism.setting import assignment

i, j = agents("i j")
g = goods("g")
mu = matchings("mu")
b = report("b", over=("agent", "good"))


def bid(agent: Any, matching: Any) -> Any:
    """What an agent bids for the good that a matching gives it."""
    return Sum(b[agent, g] * Cases((1, Awards(matching, agent, g)), (0, True)), g)


chosen = ArgMax(Sum(bid(j, mu), j), mu)
without = Highest(Sum(bid(j, mu), j, where=Ne(j, i)), mu)
others = Sum(bid(j, chosen), j, where=Ne(j, i))

VCG_ASSIGNMENT = Rule(
    id="vcg-assignment",
    title="VCG for the assignment of goods (unit demand)",
    summary="Goods are assigned to the highest total bid; each pays what its presence costs the others.",
    agent=i,
    good=g,
    reports=b,
    setting_of=assignment,
    allocation=Cases((1, Awards(chosen, i, g)), (0, True)),
    payment=without - others,
    sizes={"good": (1, 3)},
    solver="mechanism.evaluate.tied_matchings:run",
    references=(
        "Leonard, Elicitation of Honest Preferences for the Assignment of Individuals to Positions, JPE 91, 1983",
        "Demange, Gale, Sotomayor, Multi-Item Auctions, JPE 94, 1986",
    ),
)
