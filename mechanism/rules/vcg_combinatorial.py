"""VCG for bundles of goods with XOR bids."""

from typing import Any

from sympy import Implies, Ne

from mechanism.language import (
    ArgMax,
    Awards,
    Cases,
    Contains,
    ForAll,
    Highest,
    Sum,
    agents,
    bundles,
    goods,
    partitions,
    report,
)
from mechanism.rule import Rule
from mechanism.setting import combinatorial

i, j = agents("i j")
g = goods("g")
T = bundles("T")
a = partitions("a")
b = report("b", over=("agent", "bundle"))


def bid(agent: Any, partition: Any) -> Any:
    """An agent's highest bid on a bundle inside what a partition gives it."""
    inside = ForAll(Implies(Contains(T, g), Awards(partition, agent, g)), g)
    return Highest(b[agent, T], T, where=inside)


chosen = ArgMax(Sum(bid(j, a), j), a)
without = Highest(Sum(bid(j, a), j, where=Ne(j, i)), a)
others = Sum(bid(j, chosen), j, where=Ne(j, i))

VCG_COMBINATORIAL = Rule(
    id="vcg-combinatorial",
    title="VCG for bundles (XOR bids)",
    summary="Goods go to the partition with the highest total bid; each pays what its presence costs the others.",
    agent=i,
    good=g,
    reports=b,
    setting_of=combinatorial,
    allocation=Cases((1, Awards(chosen, i, g)), (0, True)),
    payment=without - others,
    sizes={"good": (1, 2)},
    references=("Ausubel, Milgrom, The Lovely but Lonely Vickrey Auction, in Combinatorial Auctions, 2006",),
)
