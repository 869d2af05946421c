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
        holds("no-deficit", "the price is not negative"),
        fails("strong-budget-balance", "the seller is paid"),
        holds("no-positive-transfers", "the price is not negative"),
        holds("losers-pay-nothing", "Che 1993"),
        holds("pay-at-most-bid", "Myerson 1981"),
        holds("efficiency", "the score of a bid is not its value", only_when=Eq(w2, 0)),
        holds("monotone-allocation", "Myerson 1981"),
        holds("critical-payment", "Myerson 1981"),
        fails("anonymity", "scores belong to the bidders"),
        fails("non-bossiness", "a loser sets the winner's price"),
        fails("envy-freeness", "a loser with a low score may value the good above its price"),
        fails("revenue-monotonicity", "a newcomer with a high score may win cheaply"),
        fails("bid-revenue-monotonicity", "a bidder with a high score may win cheaply"),
        holds("weak-group-strategyproofness", "two members cannot both win"),
        fails("strong-group-strategyproofness", "Graham, Marshall 1987"),
        fails("collusion-proofness", "Graham, Marshall 1987"),
        holds("false-name-proofness", "a second name with the same score can only raise the price"),
    ),
    references=works("Che 1993", "Myerson 1981", "Graham, Marshall 1987"),
)
