"""Uniform-price auction for k equal units with unit demand."""

from mechanism.bibliography import works
from mechanism.language import Cases, KthHighest, Rank, agents, parameter, report
from mechanism.rule import Rule, fails, holds
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
    claims=(
        holds("feasibility", "Krishna 2009, Ch. 12"),
        holds("totality", "Krishna 2009, Ch. 12"),
        holds("dsic", "Vickrey 1961: unit demand, highest losing bid"),
        holds("ex-post-ir", "Krishna 2009, Ch. 12"),
        holds("no-deficit", "Krishna 2009, Ch. 12"),
        fails("strong-budget-balance", "the definition in Krishna 2009, Ch. 12"),
        holds("no-positive-transfers", "Krishna 2009, Ch. 12"),
        holds("losers-pay-nothing", "Krishna 2009, Ch. 12"),
        holds("pay-at-most-bid", "Krishna 2009, Ch. 12"),
        holds("efficiency", "Vickrey 1961: unit demand"),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        holds("anonymity", "Krishna 2009, Ch. 12"),
        fails("non-bossiness", "the definition in Krishna 2009, Ch. 12"),
        holds("envy-freeness", "Leonard 1983: a competitive price"),
        holds("revenue-monotonicity", "the definition in Krishna 2009, Ch. 12"),
        holds("bid-revenue-monotonicity", "the definition in Krishna 2009, Ch. 12"),
        holds("weak-group-strategyproofness", "Demange, Gale 1985"),
        fails("strong-group-strategyproofness", "the definition in Krishna 2009, Ch. 12"),
        fails("collusion-proofness", "the definition in Krishna 2009, Ch. 12"),
        holds("false-name-proofness", "Yokoo, Sakurai, Matsubara 2004: unit demand"),
    ),
    references=works(
        "Krishna 2009",
        "Vickrey 1961",
        "Myerson 1981",
        "Leonard 1983",
        "Demange, Gale 1985",
        "Yokoo, Sakurai, Matsubara 2004",
    ),
)
