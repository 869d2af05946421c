"""A scoring auction with scores the seller knows, priced at the critical value."""

from sympy import Eq, Ne

from mechanism.bibliography import works
from mechanism.language import ArgMax, Cases, Highest, Max, agents, parameter, report
from mechanism.rule import Rule, fails, holds

i, j = agents("i j")
b = report("b")
score = parameter("score", over="agent", at_least=0)
w1, w2 = parameter("w1", above=0), parameter("w2", at_least=0)
winner = ArgMax(w1 * b[j] + w2 * score[j], j)
rival = Highest(w1 * b[j] + w2 * score[j], j, where=Ne(j, i))

SCORE_AUCTION = Rule(
    id="score-auction",
    title="Score auction with critical-value price",
    summary="The highest w1*bid + w2*score wins and pays the lowest bid with which it would still win.",
    agent=i,
    reports=b,
    allocation=Cases((1, Eq(i, winner)), (0, True)),
    payment=Cases((Max(0, (rival - w2 * score[i]) / w1), Eq(i, winner)), (0, True)),
    claims=(
        holds("feasibility", "Che 1993"),
        holds("totality", "Che 1993"),
        holds("dsic", "Myerson 1981: monotone, at the critical value"),
        holds("ex-post-ir", "Myerson 1981"),
        holds("no-deficit", "the definition in Che 1993"),
        fails("strong-budget-balance", "the definition in Che 1993"),
        holds("no-positive-transfers", "the definition in Che 1993"),
        holds("losers-pay-nothing", "Che 1993"),
        holds("pay-at-most-bid", "Myerson 1981"),
        holds("efficiency", "the definition in Che 1993", only_when=Eq(w2, 0)),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        fails("anonymity", "the definition in Che 1993"),
        fails("non-bossiness", "the definition in Che 1993"),
        fails("envy-freeness", "the definition in Che 1993"),
        fails("revenue-monotonicity", "the definition in Che 1993"),
        fails("bid-revenue-monotonicity", "the definition in Che 1993"),
        holds("weak-group-strategyproofness", "the definition in Che 1993"),
        fails("strong-group-strategyproofness", "Graham, Marshall 1987"),
        fails("collusion-proofness", "Graham, Marshall 1987"),
        holds("false-name-proofness", "the definition in Che 1993"),
    ),
    references=works("Che 1993", "Myerson 1981", "Graham, Marshall 1987"),
)
