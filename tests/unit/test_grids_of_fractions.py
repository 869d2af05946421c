"""Grids of given values keep them as they are."""

from fractions import Fraction

from mechanism.rules.second_price import SECOND_PRICE
from proofs.engines.grids import grid
from properties.registry import property_of


def test_fractions_are_not_cut_to_whole_numbers():
    values = (Fraction(0), Fraction(1, 3), Fraction(3, 2))
    tables, _ = grid(property_of("ex-post-ir").on(SECOND_PRICE), {"agent": 1}, 1, 100, values)
    assert [row[0] for row in tables["v"]] == list(values)
