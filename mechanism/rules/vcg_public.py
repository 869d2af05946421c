"""VCG over an arbitrary finite set of outcomes."""

from sympy import Ne

from mechanism.bibliography import works
from mechanism.language import ArgMax, Highest, Sum, agents, outcomes, report
from mechanism.rule import Rule, fails, holds
from mechanism.setting_goods import public

i, j = agents("i j")
o = outcomes("o")
b = report("b", over=("agent", "outcome"))
chosen = ArgMax(Sum(b[j, o], j), o)
without = Highest(Sum(b[j, o], j, where=Ne(j, i)), o)
others = Sum(b[j, chosen], j, where=Ne(j, i))

VCG_PUBLIC = Rule(
    id="vcg-public",
    title="VCG for a public decision",
    summary="The outcome with the highest total bid is chosen; each pays what its report costs the others (Clarke pivot).",
    agent=i,
    reports=b,
    setting_of=lambda rule: public(rule, o),
    allocation=chosen,
    payment=without - others,
    sizes={"outcome": (2, 3)},
    claims=(
        holds("feasibility", "Clarke 1971"),
        holds("totality", "Clarke 1971"),
        holds("dsic", "Clarke 1971; Groves 1973"),
        holds("ex-post-ir", "Nisan et al. 2007, Lemma 9.20"),
        holds("no-deficit", "Clarke 1971"),
        fails("strong-budget-balance", "Green, Laffont 1979b"),
        holds("no-positive-transfers", "Nisan et al. 2007, Lemma 9.20"),
        holds("pay-at-most-bid", "Nisan et al. 2007, Lemma 9.20"),
        holds("efficiency", "Clarke 1971"),
        holds("anonymity", "Clarke 1971"),
        fails("non-bossiness", "the definition in Clarke 1971"),
        fails("envy-freeness", "the definition in Clarke 1971"),
        fails("revenue-monotonicity", "the definition in Clarke 1971"),
        fails("bid-revenue-monotonicity", "the definition in Clarke 1971"),
        fails("weak-group-strategyproofness", "Green, Laffont 1979a"),
        fails("strong-group-strategyproofness", "Green, Laffont 1979a"),
        fails("collusion-proofness", "Green, Laffont 1979a"),
        fails("false-name-proofness", "the definition in Clarke 1971"),
    ),
    references=works(
        "Clarke 1971",
        "Groves 1973",
        "Nisan et al. 2007",
        "Green, Laffont 1979b",
        "Green, Laffont 1979a",
    ),
)
