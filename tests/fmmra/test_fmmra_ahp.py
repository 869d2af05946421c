"""Weights from judgments: Saaty's published examples, what is refused and why, and random matrices."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mechanism.errors import InputError
from mechanism.fmmra.ahp import LIMIT, consistency_ratios, judgment_matrix, principal, priorities
from mechanism.fmmra.judgments import draw_judgments, draw_weights
from properties.strategies.fmmra import judgment_matrices

# T. L. Saaty, "Decision making with the analytic hierarchy process", Int. J. Services Sciences 1 (2008):
# which drink is consumed more, coffee, wine, tea, beer, sodas, milk or water.
DRINKS = """
1    9  5    2    1    1    1/2
1/9  1  1/3  1/9  1/9  1/9  1/9
1/5  3  1    1/3  1/4  1/3  1/9
1/2  9  3    1    1/2  1    1/3
1    9  4    2    1    2    1/2
1    9  3    1    1/2  1    1/3
2    9  9    3    2    3    1
"""
# T. L. Saaty, "How to make a decision", EJOR 48 (1990): what matters when a house is bought.
HOUSE = """
1    5    3    7  6    6    1/3  1/4
1/5  1    1/3  5  3    3    1/5  1/7
1/3  3    1    6  3    4    6    1/5
1/7  1/5  1/6  1  1/3  1/4  1/7  1/8
1/6  1/3  1/3  3  1    1/2  1/5  1/6
1/6  1/3  1/4  4  2    1    1/5  1/6
3    5    1/6  7  5    5    1    1/2
4    7    5    8  6    6    2    1
"""


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.split("\n") if line]


def test_saatys_drinks() -> None:
    found = priorities(rows(DRINKS))
    assert [round(float(w), 3) for w in found.weights] == [
        *(0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327)
    ]
    assert round(float(found.ratio[0]), 3) == round(float(found.ratio[1]), 3) == 0.022


def test_saatys_house_is_not_consistent_enough() -> None:
    found = priorities(rows(HOUSE), limit=None)
    assert [round(float(w), 3) for w in found.weights] == [
        *(0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333)
    ]
    assert round(float(found.eigenvalue[1]), 3) == 9.669
    assert round(float(found.index[1]), 3) == 0.238
    with pytest.raises(InputError, match=r"ratio 0\.169, which is not below 0\.1: h\[3,7\] = 6"):
        priorities(rows(HOUSE))
    assert priorities(rows(HOUSE), limit="0.17").weights == found.weights


def test_weights_are_exact_from_the_rounding_on() -> None:
    found = priorities(rows(DRINKS), digits=3)
    assert sum(found.weights) == 1
    assert all(w.denominator <= 1000 for w in found.weights)
    # The bounds hold all the same: they are those of the rounded vector.
    fine = priorities(rows(DRINKS)).eigenvalue
    assert found.eigenvalue[0] <= fine[0] <= fine[1] <= found.eigenvalue[1]


def test_consistent_judgments_give_their_ratios() -> None:
    found = priorities([[1, 2, 4], ["1/2", 1, 2], ["1/4", "1/2", 1]])
    assert (
        max(map(abs, (float(w) - x for w, x in zip(found.weights, (4 / 7, 2 / 7, 1 / 7))))) < 1e-11
    )
    assert found.ratio[1] < Fraction(1, 10**9)
    assert priorities([[1]]).weights == (1,)
    assert priorities([[1, 9], ["1/9", 1]]).ratio == (0, 0)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (
            [[1, 2], [2, 1]],
            r"not reciprocal: h\[1,2\] = 2 and h\[2,1\] = 2; write 1/2 for the second",
        ),
        (
            [[1, 2, 3], [1, 1]],
            r"square: row 2 has 2 entries and there are|square: row 1 has 3 entries",
        ),
        ([[1, 0], [0, 1]], r"h\[1,2\] = 0 is not positive"),
        ([[1, -2], ["-1/2", 1]], r"h\[1,2\] = -2 is not positive"),
        ([[1, float("nan")], [1, 1]], r"h\[1,2\]: nan is not a finite number"),
        ([[1, float("inf")], [0, 1]], r"h\[1,2\]: inf is not a finite number"),
        ([[1, 11], ["1/11", 1]], r"h\[1,2\] = 11 is not on the scale from 1/9 to 9"),
        ([[2, 2], ["1/2", 1]], r"h\[1,1\] = 2; a criterion is as important as itself"),
        ([[1, "many"], ["1/3", 1]], r"h\[1,2\]: 'many' is not a number"),
        ([], "is not a judgment matrix"),
        (3, "is not a judgment matrix"),
        ("12", "is not a judgment matrix"),
        ([1, 2], "is not a judgment matrix"),
        ([[1] * 11] * 11, "11 criteria: Saaty's random index is known up to 10"),
    ],
)
def test_what_is_no_judgment_matrix(matrix: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        priorities(matrix)


def test_floats_need_be_reciprocal_to_nine_digits_only() -> None:
    assert priorities(np.array([[1, 3], [1 / 3, 1]])).weights == (Fraction(3, 4), Fraction(1, 4))
    with pytest.raises(InputError, match="not reciprocal"):
        priorities([[1, 3], [0.333, 1]])
    with pytest.raises(InputError, match="not reciprocal"):
        judgment_matrix([[1, 3], ["0.3333333333333", 1]])  # as text it is what it says


@given(judgment_matrices())
def test_the_strategy_gives_what_is_accepted(matrix: tuple) -> None:
    found = priorities(matrix)
    assert found.ratio[1] < LIMIT
    assert sum(found.weights) == 1
    assert min(found.weights) > 0
    assert 5 <= found.eigenvalue[1]


@given(st.integers(0, 2**32 - 1), st.integers(1, 10))
@settings(max_examples=25)
def test_the_generator_always_ends_with_consistent_matrices(seed: int, criteria: int) -> None:
    matrices = draw_judgments(np.random.default_rng(seed), (40,), criteria)
    for matrix in matrices[:4]:
        priorities(matrix)
    assert (consistency_ratios(principal(matrices)[1], criteria) < 0.1).all()
    assert np.allclose(matrices * matrices.swapaxes(-1, -2), 1)


def test_even_a_strict_limit_ends() -> None:
    matrices = draw_judgments(np.random.default_rng(0), (200,), 6, limit=1e-6)
    assert (consistency_ratios(principal(matrices)[1], 6) < 1e-6).all()
    with pytest.raises(InputError, match="below 0"):
        draw_judgments(np.random.default_rng(0), (1,), limit=0)


def test_random_judgments_are_varied() -> None:
    rng = np.random.default_rng(1)
    matrices = draw_judgments(rng, (2000,))
    plain = (matrices == 1).all(axis=(-1, -2)).mean()
    assert plain < 0.01  # hardly ever nothing but ones
    weights = draw_weights(rng, (2000,))
    assert np.allclose(weights.mean(axis=0), 0.2, atol=0.01)  # no capability is preferred
    assert np.sort(weights, axis=-1)[:, -1].mean() > 0.35
