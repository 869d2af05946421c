"""VCG over an arbitrary finite set of outcomes."""

from sympy import Ne

from mechanism.language import ArgMax, Highest, Sum, agents, outcomes, report
from mechanism.rule import Rule
from mechanism.setting import public

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
    references=(
        "Clarke, Multipart Pricing of Public Goods, Public Choice 11, 1971",
        "Groves, Incentives in Teams, Econometrica 41, 1973",
    ),
)
