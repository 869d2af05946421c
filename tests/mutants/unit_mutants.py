"""Mistakes in the rules that sell equal units, or slots."""

from mutant import Mutant, b, i, j, when
from sympy import Ne

from mechanism.language import Highest, KthHighest, Rank, Sum
from mechanism.rules import uniform_price, vcg_slots

k, wins = uniform_price.k, uniform_price.wins
rate, place, q = vcg_slots.rate, vcg_slots.place, vcg_slots.q
from_below = Rank(-b[j], j, at=i)

MUTANTS = (
    Mutant("uniform-price", "lowest-winning-bid", "dsic", {"payment": when(wins, KthHighest(k, b[j], j))}),
    Mutant("uniform-price", "second-price", "dsic",
           {"payment": when(wins, Highest(b[j], j, where=Ne(j, i)))}),
    Mutant("uniform-price", "one-unit-too-many", "feasibility", {"allocation": when(place <= k + 1, 1)}),
    Mutant("uniform-price", "one-unit-kept", "efficiency", {"allocation": when(place < k, 1)}),
    Mutant("pay-as-bid", "highest-bid-for-all", "ex-post-ir", {"payment": when(wins, Highest(b[j], j))}),
    Mutant("pay-as-bid", "lowest-win", "monotone-allocation", {"allocation": when(from_below <= k, 1)}),
    Mutant("gsp", "price-of-the-bid-above", "ex-post-ir",
           {"payment": rate[place] * KthHighest(place - 1, b[j], j)}),
    Mutant("gsp", "clicks-not-counted", "ex-post-ir", {"payment": KthHighest(place + 1, b[j], j)}),
    Mutant("gsp", "ranked-from-below", "efficiency", {"allocation": rate[from_below]}),
    Mutant("vcg-slots", "generalised-second-price", "dsic",
           {"payment": rate[place] * KthHighest(place + 1, b[j], j)}),
    Mutant("vcg-slots", "own-bid-in-the-harm", "dsic",
           {"payment": Sum((rate[q] - rate[q + 1]) * KthHighest(q, b[j], j), q, where=q >= place)}),
    Mutant("vcg-slots", "first-loss-forgotten", "dsic",
           {"payment": Sum(vcg_slots.harm, q, where=q > place)}),
)  # fmt: skip
