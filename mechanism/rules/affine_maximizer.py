"""The affine maximizer: weighted VCG with a bonus for each outcome."""

from sympy import Ne

from mechanism.language import ArgMax, Highest, Sum, agents, outcomes, parameter, report
from mechanism.rule import Rule
from mechanism.setting import public

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
    references=("Roberts, The Characterization of Implementable Choice Rules, 1979",),
)
