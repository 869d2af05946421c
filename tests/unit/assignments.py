"""Matrices to assign goods by, and what every assignment is held against."""

from fractions import Fraction
from itertools import permutations

from hypothesis import strategies as st

from mechanism.assignment import Assignment


def best(values):
    """The referee: the highest welfare, over every way of giving each agent a good or nothing."""
    if not values:
        return Fraction(0)
    choices = [*range(len(values[0])), *[None] * len(values)]
    return max(
        sum((Fraction(row[g]) for row, g in zip(values, picks) if g is not None), Fraction(0))
        for picks in permutations(choices, len(values))
    )


def agrees_with_the_definition(values, found):
    found.certify(values)
    assert found.welfare == best(values)
    received = [0 if g is None else Fraction(values[i][g]) for i, g in enumerate(found.goods)]
    assert sum(received) == found.welfare
    for i in range(len(values)):
        others = best(values[:i] + values[i + 1 :])
        assert found.payments[i] == others - (found.welfare - received[i])
        assert found.utilities[i] == found.welfare - others
    for g, price in enumerate(found.prices):  # a good is worth its price to whoever would join
        if g not in found.goods:
            assert price == 0


def matrices(entries, largest=4):
    sizes = st.integers(1, largest)
    return st.tuples(sizes, sizes).flatmap(
        lambda shape: st.lists(
            st.lists(entries, min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    )


TIES = st.integers(-2, 4)


VALUES = [[9, 4, 0], [8, 5, 0], [1, 1, 0], [2, 1, 1]]


FOUND = {"goods": (0, 1, None, 2), "welfare": 15, "payments": (4, 1, 0, 0), "prices": (4, 1, 0), "utilities": (5, 4, 0, 1)}  # fmt: skip


def claim(**changes):
    wanted = FOUND | changes
    fractions = {k: tuple(map(Fraction, wanted[k])) for k in ("payments", "prices", "utilities")}
    return Assignment(goods=wanted["goods"], welfare=Fraction(wanted["welfare"]), **fractions)
