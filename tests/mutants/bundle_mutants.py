"""Mistakes in the rules that choose an outcome for several goods, or for everybody."""

from mutant import Mutant, b, i, j, m, when
from sympy import And, Ne

from mechanism.language import ArgMax, Greedy, Highest, Sum
from mechanism.rules import (
    affine_maximizer,
    fmmra_repaired,
    fmmra_repaired_no_subsidy,
    greedy_single_minded,
    vcg_assignment,
    vcg_combinatorial,
    vcg_public,
)

TWO_GOODS, TWO_OUTCOMES = {"good": 2}, {"outcome": 2}


def assigned(mu, where=True):
    return Sum(vcg_assignment.bid(j, mu), j, where=where)


def parted(a, where=True):
    return Sum(vcg_combinatorial.bid(j, a), j, where=where)


def decided(o, where=True):
    return Sum(vcg_public.b[j, o], j, where=where)


def weighted(o, where=True):
    return Sum(affine_maximizer.weight[j] * affine_maximizer.b[j, o], j, where=where)


mu, a, o, weight, bonus = (
    vcg_assignment.mu,
    vcg_combinatorial.a,
    vcg_public.o,
    affine_maximizer.weight,
    affine_maximizer.bonus,
)
maximal = affine_maximizer.chosen

by_fitness, dummies = fmmra_repaired.BY_FITNESS, fmmra_repaired_no_subsidy.AGAINST_DUMMIES
ONE_TASK, FIXED = {"good": 1}, {"good": 1, "w1": 1, "w2": 1}


def scored(mu, where=True):
    return Sum(by_fitness.score(j, mu), j, where=where)


size, clash, accepted = (
    greedy_single_minded.size,
    greedy_single_minded.clash,
    greedy_single_minded.accepted,
)
wins, blocker, want, g = (
    greedy_single_minded.wins,
    greedy_single_minded.blocker,
    greedy_single_minded.want,
    greedy_single_minded.GREEDY_SINGLE_MINDED.good,
)
in_my_way = And(Ne(j, i), clash(i, j))

MUTANTS = (
    Mutant("vcg-assignment", "bidder-in-its-pivot", "dsic",
           {"payment": Highest(assigned(mu), mu) - vcg_assignment.others}, TWO_GOODS),
    Mutant("vcg-assignment", "own-bid-among-the-others", "dsic",
           {"payment": vcg_assignment.without - assigned(vcg_assignment.chosen)}, TWO_GOODS),
    Mutant("vcg-assignment", "no-pivot", "no-positive-transfers",
           {"payment": -vcg_assignment.others}, TWO_GOODS),
    Mutant("vcg-combinatorial", "bidder-in-its-pivot", "dsic",
           {"payment": Highest(parted(a), a) - vcg_combinatorial.others}, TWO_GOODS),
    Mutant("vcg-combinatorial", "half-the-harm", "dsic",
           {"payment": (vcg_combinatorial.without - vcg_combinatorial.others) / 2}, TWO_GOODS),
    Mutant("vcg-combinatorial", "no-pivot", "no-deficit", {"payment": -vcg_combinatorial.others}, TWO_GOODS),
    Mutant("vcg-public", "bidder-in-its-pivot", "dsic",
           {"payment": Highest(decided(o), o) - vcg_public.others}, TWO_OUTCOMES),
    Mutant("vcg-public", "no-pivot", "no-deficit", {"payment": -vcg_public.others}, TWO_OUTCOMES),
    Mutant("vcg-public", "others-where-they-would-be", "dsic",
           {"payment": vcg_public.without - decided(ArgMax(decided(o, Ne(j, i)), o), Ne(j, i))},
           TWO_OUTCOMES),
    Mutant("affine-maximizer", "not-divided-by-weight", "dsic",
           {"payment": affine_maximizer.without - affine_maximizer.others}, TWO_OUTCOMES),
    Mutant("affine-maximizer", "bonus-forgotten-in-the-pivot", "dsic",
           {"payment": (Highest(weighted(o, Ne(j, i)), o) - weighted(maximal, Ne(j, i))) / weight[i]},
           TWO_OUTCOMES),
    Mutant("affine-maximizer", "bonus-forgotten-in-the-others", "no-positive-transfers",
           {"payment": (affine_maximizer.without - weighted(maximal, Ne(j, i)) - 1) / weight[i]},
           TWO_OUTCOMES),
    Mutant("fmmra-repaired", "fitness-not-credited", "dsic",
           {"payment": by_fitness.without - by_fitness.others}, TWO_GOODS | {"w1": 1, "w2": 1}),
    Mutant("fmmra-repaired", "agent-in-its-pivot", "ex-post-ir",
           {"payment": Highest(scored(fmmra_repaired.mu), fmmra_repaired.mu) - by_fitness.others}, FIXED),
    Mutant("fmmra-repaired-no-subsidy", "handicap-not-charged", "dsic",
           {"payment": dummies.without - dummies.others}, FIXED),
    Mutant("fmmra-repaired-no-subsidy", "dummy-forgotten", "no-positive-transfers",
           {"payment": fmmra_repaired.FMMRA_REPAIRED.payment, "allocation": fmmra_repaired.FMMRA_REPAIRED.allocation},
           {"good": 1, "w1": 1, "w2": 1}),
    Mutant("fmmra-repaired-clipped", "not-clipped", "no-positive-transfers",
           {"payment": fmmra_repaired.FMMRA_REPAIRED.payment, "allocation": fmmra_repaired.FMMRA_REPAIRED.allocation,
            "reports": fmmra_repaired.b}, FIXED),
    Mutant("greedy-single-minded", "price-not-by-size", "dsic",
           {"payment": when(wins, Highest(b[j] / size(j), j, where=blocker))}),
    Mutant("greedy-single-minded", "wrong-norm-in-the-price", "dsic",
           {"payment": when(wins, Highest(b[j], j, where=blocker))}),
    Mutant("greedy-single-minded", "rejected-bids-set-prices", "critical-payment",
           {"payment": when(wins, size(i) * Highest(
               b[j] / size(j), j, where=And(in_my_way, b[j] / size(j) <= b[i] / size(i))))}),
    Mutant("greedy-single-minded", "price-from-the-run-with-the-winner", "dsic",
           {"payment": when(wins, size(i) * Highest(b[j] / size(j), j, where=And(in_my_way, accepted(j))))}),
    Mutant("greedy-single-minded", "any-bundle-of-two-first", "dsic",
           {"allocation": when(And(want[i, g], Greedy(b[j], j, i, clash(j, m), m)), 1)}),
    Mutant("greedy-pay-as-bid", "clashes-not-seen", "feasibility",
           {"allocation": when(want[i, g], 1), "payment": b[i]}),
    Mutant("greedy-pay-as-bid", "pays-for-each-good", "ex-post-ir", {"payment": when(wins, b[i] * size(i))}),
)  # fmt: skip
