"""VCG for bundles of goods with XOR bids."""

from typing import Any

from sympy import Implies, Ne

from mechanism.bibliography import works
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
from mechanism.rule import Rule, fails, holds
from mechanism.setting_goods import combinatorial

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
    claims=(
        holds("feasibility", "Caminati et al. 2015"),
        holds("totality", "Caminati et al. 2015"),
        holds("dsic", "Ausubel, Milgrom 2006, Theorem 1"),
        holds("ex-post-ir", "Ausubel, Milgrom 2006"),
        holds("no-deficit", "Ausubel, Milgrom 2006"),
        fails("strong-budget-balance", "Green, Laffont 1979b"),
        holds("no-positive-transfers", "Ausubel, Milgrom 2006"),
        holds("losers-pay-nothing", "Ausubel, Milgrom 2006"),
        holds("pay-at-most-bid", "Ausubel, Milgrom 2006"),
        holds("efficiency", "Ausubel, Milgrom 2006, Theorem 1"),
        holds("anonymity", "Ausubel, Milgrom 2006"),
        fails("non-bossiness", "the definition in Ausubel, Milgrom 2006"),
        fails("envy-freeness", "Papai 2003"),
        fails(
            "revenue-monotonicity", "Ausubel, Milgrom 2006; Rastegari, Condon, Leyton-Brown 2011"
        ),
        fails("bid-revenue-monotonicity", "Beck, Ott 2013"),
        fails(
            "weak-group-strategyproofness", "Ausubel, Milgrom 2006: losers win by joint deviation"
        ),
        fails("strong-group-strategyproofness", "Ausubel, Milgrom 2006"),
        fails("collusion-proofness", "Ausubel, Milgrom 2006"),
        fails("false-name-proofness", "Yokoo, Sakurai, Matsubara 2004"),
    ),
    references=works(
        "Ausubel, Milgrom 2006",
        "Caminati et al. 2015",
        "Green, Laffont 1979b",
        "Papai 2003",
        "Rastegari, Condon, Leyton-Brown 2011",
        "Beck, Ott 2013",
        "Yokoo, Sakurai, Matsubara 2004",
    ),
)
