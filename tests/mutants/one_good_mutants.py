"""Mistakes in the rules that sell one good, or as many as there are bidders, one to each."""

from mutant import Mutant, b, i, j, when
from sympy import And, Eq, Ne

from mechanism.language import (
    ArgMax,
    ArgMin,
    Count,
    First,
    Highest,
    KthHighest,
    Max,
    Min,
    Sum,
    parameter,
)
from mechanism.rules import fmmra_one_task, kth_price, myerson, score_auction

reserve, posted = parameter("reserve", at_least=0), parameter("price", at_least=0)
highest, lowest = ArgMax(b[j], j), ArgMin(b[j], j)
rival = Highest(b[j], j, where=Ne(j, i))
wins = Eq(i, highest)
bidders = Count(True, j)
# One linear equation between bids, met by next to no profile.
knife_edge = Eq(3 * rival, b[i] + 170001)
meets = ArgMax(b[j], j, where=b[j] >= reserve)

phi = myerson.phi
best, next_best = Eq(i, myerson.winner), myerson.rival

score, w1, w2 = score_auction.score, score_auction.w1, score_auction.w2
top, runner_up = Eq(i, score_auction.winner), score_auction.rival

MUTANTS = (
    Mutant("first-price", "one-too-much", "ex-post-ir", {"payment": when(wins, b[i] + 1)}),
    Mutant("first-price", "lowest-wins", "efficiency",
           {"allocation": when(Eq(i, lowest), 1), "payment": when(Eq(i, lowest), b[i])}),
    Mutant("first-price", "loser-pays", "losers-pay-nothing", {"payment": when(wins, 0, b[i])}),
    Mutant("first-price", "knife-edge", "pay-at-most-bid",
           {"payment": when(And(wins, knife_edge), b[i] + 1, when(wins, b[i]))}),
    Mutant("second-price", "own-bid", "dsic", {"payment": when(wins, b[i])}),
    Mutant("second-price", "own-bid-included", "dsic", {"payment": when(wins, Highest(b[j], j))}),
    Mutant("second-price", "third-price", "dsic", {"payment": when(wins, KthHighest(3, b[j], j))}),
    Mutant("second-price", "skips-equal-bids", "dsic",
           {"payment": when(wins, Highest(b[j], j, where=b[j] < b[i]))}),
    Mutant("second-price", "every-tied-bidder-wins", "feasibility",
           {"allocation": when(b[i] >= rival, 1), "payment": when(b[i] >= rival, rival)}),
    Mutant("second-price", "every-tied-bidder-pays", "ex-post-ir", {"payment": when(b[i] >= rival, rival)}),
    Mutant("second-price", "no-winner-at-a-tie", "efficiency", {"allocation": when(b[i] > rival, 1)}),
    Mutant("second-price", "knife-edge", "dsic",
           {"payment": when(And(wins, knife_edge), rival - 1, when(wins, rival))}),
    Mutant("second-price", "knife-edge-between-others", "revenue-monotonicity",
           {"payment": when(And(wins, Eq(7 * rival, 3 * KthHighest(3, b[j], j) + 170001)), 0,
                            when(wins, rival))}),
    Mutant("second-price", "third-price-from-four-bidders", "dsic",
           {"payment": when(wins, KthHighest(2 + when(bidders >= 4, 1), b[j], j))}),
    Mutant("second-price", "first-agent-favoured", "dsic",
           {"allocation": when(Eq(i, ArgMax(b[j] + when(Eq(j, First(True, j)), 1), j)), 1)}),
    Mutant("kth-price", "counts-from-zero", "dsic",
           {"payment": when(wins, KthHighest(kth_price.k + 1, b[j], j))}, {"k": 2}),
    Mutant("kth-price", "above-all-bids", "ex-post-ir",
           {"payment": when(wins, KthHighest(kth_price.k, b[j], j) + 1)}),
    Mutant("all-pay", "losers-pay-the-difference", "bid-revenue-monotonicity",
           {"payment": when(wins, b[i], Highest(b[j], j) - b[i])}),
    Mutant("all-pay", "pays-twice", "pay-at-most-bid", {"payment": 2 * b[i]}),
    Mutant("second-price-reserve", "reserve-not-in-the-price", "dsic", {"payment": when(Eq(i, meets), rival)}),
    Mutant("second-price-reserve", "reserve-not-in-the-winner", "ex-post-ir",
           {"allocation": when(wins, 1), "payment": when(wins, Max(reserve, rival))}),
    Mutant("second-price-reserve", "reserve-added", "ex-post-ir",
           {"payment": when(Eq(i, meets), reserve + rival)}),
    Mutant("second-price-reserve", "lower-of-the-two", "dsic",
           {"payment": when(Eq(i, meets), Min(reserve, rival))}),
    Mutant("first-price-reserve", "reserve-not-in-the-winner", "ex-post-ir",
           {"allocation": when(wins, 1), "payment": when(wins, Max(reserve, b[i]))}),
    Mutant("first-price-reserve", "above-the-reserve", "monotone-allocation",
           {"allocation": when(Eq(i, ArgMax(b[j], j, where=b[j] <= reserve)), 1), "payment": 0}),
    Mutant("posted-price", "queue-by-bids", "dsic",
           {"allocation": when(Eq(i, ArgMax(b[j], j, where=b[j] >= posted)), 1),
            "payment": when(Eq(i, ArgMax(b[j], j, where=b[j] >= posted)), posted)}),
    Mutant("posted-price", "every-taker-pays", "losers-pay-nothing", {"payment": when(b[i] >= posted, posted)}),
    Mutant("posted-price", "cheaper-to-the-eager", "dsic",
           {"payment": when(Eq(i, First(b[j] >= posted, j)), when(b[i] > 2 * posted, posted / 2, posted))}),
    Mutant("posted-price-unlimited", "charged-more-than-asked", "ex-post-ir",
           {"payment": when(b[i] >= posted, posted + 1)}),
    Mutant("posted-price-unlimited", "cheaper-in-company", "collusion-proofness",
           {"payment": when(b[i] >= posted,
                            when(Sum(1, j, And(Ne(j, i), b[j] >= posted)) >= 1, posted / 2, posted))}),
    Mutant("posted-price-unlimited", "meant-for-one-good", "feasibility",
           {"allocation": when(b[i] >= posted, bidders)}),
    Mutant("myerson", "price-without-inverse", "dsic", {"payment": when(best, Max(0, next_best))}),
    Mutant("myerson", "inverse-of-the-rival", "ex-post-ir",
           {"payment": when(best, Highest(b[j], j, where=Ne(j, i)))}),
    Mutant("myerson", "no-reserve-in-the-price", "dsic",
           {"payment": when(best, when(next_best > 0, Max(0, phi.inverse(i, next_best))))}),
    Mutant("score-auction", "not-divided-by-weight", "dsic",
           {"payment": when(top, Max(0, runner_up - w2 * score[i]))}),
    Mutant("score-auction", "rival-bid-as-price", "ex-post-ir",
           {"payment": when(top, Highest(b[j], j, where=Ne(j, i)))}),
    Mutant("score-auction", "own-score-forgotten", "ex-post-ir", {"payment": when(top, runner_up / w1)}),
    Mutant("score-auction", "price-not-floored", "no-positive-transfers",
           {"payment": when(top, (runner_up - w2 * score[i]) / w1)}),
    Mutant("fmmra-one-task", "highest-other-bid", "ex-post-ir",
           {"payment": when(Eq(i, fmmra_one_task.winner), rival)}),
    Mutant("fmmra-one-task", "fitness-alone", "monotone-allocation",
           {"allocation": when(Eq(i, ArgMax(fmmra_one_task.fitness[j] - b[j], j)), 1)}),
)  # fmt: skip
