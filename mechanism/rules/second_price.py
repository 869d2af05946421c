"""The second-price auction of Vickrey."""

from sympy import Eq, Ne

from mechanism.bibliography import works
from mechanism.language import ArgMax, Cases, Highest, agents, report
from mechanism.rule import Rule, fails, holds

i, j = agents("i j")
b = report("b")
winner = ArgMax(b[j], j)
price = Highest(b[j], j, where=Ne(j, winner))

SECOND_PRICE = Rule(
    id="second-price",
    title="Second-price (Vickrey) auction",
    summary="The highest bidder wins and pays the highest other bid.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((price, Eq(i, winner)), (0, True)),
    claims=(
        holds("feasibility", "Caminati et al. 2015"),
        holds("totality", "Caminati et al. 2015"),
        holds("dsic", "Vickrey 1961"),
        holds("ex-post-ir", "Vickrey 1961"),
        holds("no-deficit", "Vickrey 1961"),
        fails("strong-budget-balance", "Green, Laffont 1979b"),
        holds("no-positive-transfers", "Vickrey 1961"),
        holds("losers-pay-nothing", "Vickrey 1961"),
        holds("pay-at-most-bid", "Vickrey 1961"),
        holds("efficiency", "Vickrey 1961"),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        holds("anonymity", "Krishna 2009, Ch. 2"),
        fails("non-bossiness", "the definition in Vickrey 1961"),
        holds("envy-freeness", "Leonard 1983, for one good"),
        holds("revenue-monotonicity", "Ausubel, Milgrom 2002"),
        holds("bid-revenue-monotonicity", "Beck, Ott 2013, for one good"),
        holds("weak-group-strategyproofness", "Demange, Gale 1985, for one good"),
        fails("strong-group-strategyproofness", "Graham, Marshall 1987"),
        fails("collusion-proofness", "Graham, Marshall 1987"),
        holds("false-name-proofness", "Yokoo, Sakurai, Matsubara 2004"),
    ),
    references=works(
        "Vickrey 1961",
        "Caminati et al. 2015",
        "Green, Laffont 1979b",
        "Myerson 1981",
        "Krishna 2009",
        "Leonard 1983",
        "Ausubel, Milgrom 2002",
        "Beck, Ott 2013",
        "Demange, Gale 1985",
        "Graham, Marshall 1987",
        "Yokoo, Sakurai, Matsubara 2004",
    ),
)
