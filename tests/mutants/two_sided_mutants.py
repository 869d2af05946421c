"""Mistakes in the double auctions."""

from mutant import Mutant, when
from sympy import And

from mechanism.language import Cases, Count, Max, Min
from mechanism.rules import mcafee, vcg_double_auction
from mechanism.rules.two_sided import (
    K,
    buyer,
    buyers,
    high,
    low,
    payments,
    place,
    q,
    sellers,
    trades,
)

clears, price = mcafee.clears, mcafee.price
middle = (high(K) + low(K)) / 2
reversed_test = And(K < buyers, K < sellers, price > high(K), price < low(K))
in_one_pair = Count(And(q <= buyers, q <= sellers, high(q) > low(q) + 1), q)


def mcafee_with(test, bid=high(K), ask=low(K), at=price):
    number = Cases((K, test), (K - 1, True))
    return {
        "allocation": trades(number),
        "payment": payments(number, when(test, at, bid), when(test, at, ask)),
    }


MUTANTS = (
    Mutant("mcafee", "test-reversed", "dsic", mcafee_with(~clears)),
    Mutant("mcafee", "never-reduces", "dsic",
           {"allocation": trades(K), "payment": payments(K, price, price)}),
    Mutant("mcafee", "test-of-buyers-alone", "ex-post-ir",
           mcafee_with(And(K < buyers, K < sellers, price <= high(K)))),
    Mutant("mcafee", "missing-next-pair-not-seen", "dsic", mcafee_with(And(price <= high(K), price >= low(K)))),
    Mutant("mcafee", "middle-of-the-last-pair", "dsic", mcafee_with(clears, at=middle)),
    Mutant("mcafee", "sides-swapped", "no-deficit", mcafee_with(clears, bid=low(K), ask=high(K))),
    Mutant("trade-reduction", "no-reduction", "dsic",
           {"allocation": trades(K), "payment": payments(K, high(K), low(K))}),
    Mutant("trade-reduction", "price-of-the-last-trade", "dsic",
           {"payment": payments(K - 1, high(K - 1), low(K - 1))}),
    Mutant("trade-reduction", "sides-swapped", "no-deficit", {"payment": payments(K - 1, low(K), high(K))}),
    Mutant("trade-reduction", "sellers-reduced-twice", "feasibility",
           {"allocation": when(place <= when(buyer[mcafee.i], K - 1, K - 2), 1)}),
    Mutant("average-price-double-auction", "next-pair", "ex-post-ir",
           {"payment": payments(K, price, price)}),
    Mutant("average-price-double-auction", "two-prices", "strong-budget-balance",
           {"payment": payments(K, high(K), middle)}),
    Mutant("average-price-double-auction", "trades-only-at-a-gain", "efficiency",
           {"allocation": trades(in_one_pair)}),
    Mutant("vcg-double-auction", "missing-seller-is-free", "ex-post-ir",
           {"payment": payments(K, vcg_double_auction.bid, Min(high(K), low(K + 1)))}),
    Mutant("vcg-double-auction", "max-for-min", "dsic",
           {"payment": payments(K, vcg_double_auction.bid,
                                when(K < sellers, Max(high(K), low(K + 1)), high(K)))}),
    Mutant("vcg-double-auction", "next-bid-forgotten", "dsic",
           {"payment": payments(K, low(K), vcg_double_auction.ask)}),
    Mutant("vcg-double-auction", "no-price-at-the-last-bid", "dsic",
           {"payment": payments(K, vcg_double_auction.bid, high(K))}),
)  # fmt: skip
