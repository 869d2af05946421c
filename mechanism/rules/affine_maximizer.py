"""The affine maximizer: weighted VCG with a bonus for each outcome."""

from sympy import Ne

from mechanism.bibliography import works
from mechanism.language import ArgMax, Highest, Sum, agents, outcomes, parameter, report
from mechanism.rule import Rule, fails, holds
from mechanism.setting_goods import public

i, j = agents("i j")
o = outcomes("o")
b = report("b", over=("agent", "outcome"))
weight = parameter("weight", over="agent", above=0)
bonus = parameter("bonus", over="outcome")
chosen = ArgMax(Sum(weight[j] * b[j, o], j) + bonus[o], o)
without = Highest(Sum(weight[j] * b[j, o], j, where=Ne(j, i)) + bonus[o], o)
others = Sum(weight[j] * b[j, chosen], j, where=Ne(j, i)) + bonus[chosen]

AFFINE_MAXIMIZER = Rule(
    id="affine-maximizer",
    title="Affine maximizer",
    summary="The outcome with the highest weighted total bid plus bonus is chosen; payments are weighted pivots.",
    agent=i,
    reports=b,
    setting_of=lambda rule: public(rule, o),
    allocation=chosen,
    payment=(without - others) / weight[i],
    sizes={"outcome": (2, 3)},
    claims=(
        holds("feasibility", "Roberts 1979"),
        holds("totality", "Roberts 1979"),
        holds("dsic", "Roberts 1979; Nisan et al. 2007, Prop. 9.31"),
        holds("ex-post-ir", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("no-deficit", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("strong-budget-balance", "Green, Laffont 1979b"),
        holds("no-positive-transfers", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("pay-at-most-bid", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("efficiency", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("anonymity", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("non-bossiness", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("envy-freeness", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("revenue-monotonicity", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("bid-revenue-monotonicity", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("weak-group-strategyproofness", "Green, Laffont 1979a, for equal weights"),
        fails("strong-group-strategyproofness", "Green, Laffont 1979a, for equal weights"),
        fails("collusion-proofness", "Green, Laffont 1979a, for equal weights"),
        fails("false-name-proofness", "the definition in Nisan et al. 2007, Def. 9.30"),
    ),
    references=works(
        "Roberts 1979", "Nisan et al. 2007", "Green, Laffont 1979b", "Green, Laffont 1979a"
    ),
)
