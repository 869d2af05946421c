"""Code that cuts bids to whole numbers: proved or refuted, in agreement with every profile of a grid."""

import math
from fractions import Fraction

import pytest
from paths_rules import explored, refuted_on_grid, rule_of, verdict, winner_pays

GRID = [Fraction(n, 4) for n in (0, 2, 3, 4, 6, 9)]


def by_whole_bids(bids):
    order = sorted(range(len(bids)), key=lambda i: -int(bids[i]))
    return order[0], bids[order[1]]


def whole_bids(bids):
    cut = [int(b) for b in bids]
    w = max(range(len(cut)), key=lambda i: cut[i])
    return w, max(c for j, c in enumerate(cut) if j != w)


def by_rounded_bids(bids):
    w = max(range(len(bids)), key=lambda i: round(bids[i]))
    return w, max(b for j, b in enumerate(bids) if j != w)


def price_below(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], math.floor(bids[order[1]])


def price_above(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], math.ceil(bids[order[1]])


def first_from_two_up(bids):
    for i, b in enumerate(bids):
        if int(b) >= 2:
            return i, 2
    return None, 0


def own_whole_bid(bids):
    w = max(range(len(bids)), key=lambda i: bids[i])
    return w, int(bids[w])


def bottom_of_the_bucket(bids):
    """Right: the winner pays where the bucket begins in which it still wins."""
    k = [b // 2 for b in bids]
    w = max(range(len(k)), key=lambda i: k[i])
    return w, max(2 * (k[j] + (j < w)) for j in range(len(k)) if j != w)


# Whether dsic, ex-post-ir and monotone-allocation hold.
CODE = {
    by_whole_bids: (False, False, True),
    whole_bids: (False, True, True),
    by_rounded_bids: (False, False, True),
    price_below: (False, True, True),
    price_above: (False, False, True),
    first_from_two_up: (True, True, True),
    own_whole_bid: (False, True, True),
    bottom_of_the_bucket: (True, True, True),
}


@pytest.mark.parametrize("code", CODE, ids=lambda code: code.__name__)
def test_what_is_cut_to_whole_numbers_is_decided(code):
    rule = rule_of(winner_pays(code), [__file__])
    for wanted, holds in zip(("dsic", "ex-post-ir", "monotone-allocation"), CODE[code]):
        assert verdict(rule, wanted, 2)[0] == ("proved" if holds else "refuted"), wanted
        assert refuted_on_grid(rule, wanted, 2, GRID) is not holds, wanted
    assert verdict(rule, "feasibility", 3)[0] == "proved"


def test_two_bids_never_share_a_whole_part():
    """The winner pays the difference of two floors: 0 if all bids had one floor, which nobody can gain by."""

    def code(bids):
        w = max(range(len(bids)), key=lambda i: bids[i])
        return w, bids[1 - w] - int(bids[1 - w]) + int(bids[w])

    rule = rule_of(winner_pays(code), [__file__])
    assert verdict(rule, "dsic", 2)[0] == "refuted"
    assert refuted_on_grid(rule, "dsic", 2, GRID)


def test_a_half_is_rounded_to_the_even_number():
    def code(bids):
        return 0, round(bids[0]) + round(bids[1], -1)

    told = explored(code, 2)
    assert told.complete
    assert not told.soft
    assert told.checks["interior"] == len(told.leaves) == 4  # each of the two is a tie, or is not
