"""VCG for different goods and bidders who want at most one."""

from typing import Any

from sympy import Ne

from mechanism.bibliography import works
from mechanism.language import ArgMax, Awards, Cases, Highest, Sum, agents, goods, matchings, report
from mechanism.rule import Rule, fails, holds
from mechanism.setting_goods import assignment

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
    claims=(
        holds("feasibility", "Leonard 1983"),
        holds("totality", "Leonard 1983"),
        holds("dsic", "Leonard 1983"),
        holds("ex-post-ir", "Leonard 1983"),
        holds("no-deficit", "Leonard 1983"),
        fails("strong-budget-balance", "Green, Laffont 1979b"),
        holds("no-positive-transfers", "Leonard 1983"),
        holds("losers-pay-nothing", "Leonard 1983"),
        holds("pay-at-most-bid", "Leonard 1983"),
        holds("efficiency", "Leonard 1983"),
        holds("anonymity", "Leonard 1983"),
        fails("non-bossiness", "the definition in Leonard 1983"),
        holds("envy-freeness", "Leonard 1983; Demange, Gale, Sotomayor 1986"),
        holds("revenue-monotonicity", "Ausubel, Milgrom 2002: substitutes"),
        fails("bid-revenue-monotonicity", "Beck, Ott 2013"),
        holds("weak-group-strategyproofness", "Demange, Gale 1985"),
        fails("strong-group-strategyproofness", "the definition in Leonard 1983"),
        fails("collusion-proofness", "the definition in Leonard 1983"),
        holds("false-name-proofness", "Yokoo, Sakurai, Matsubara 2004: substitutes"),
    ),
    references=works(
        "Leonard 1983",
        "Demange, Gale, Sotomayor 1986",
        "Green, Laffont 1979b",
        "Ausubel, Milgrom 2002",
        "Beck, Ott 2013",
        "Demange, Gale 1985",
        "Yokoo, Sakurai, Matsubara 2004",
    ),
)
