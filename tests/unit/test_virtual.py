"""Increasing functions: their inverse, their text form, and their values on arrays."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mechanism.errors import InputError
from mechanism.registry import rule
from mechanism.virtual import Affine, PiecewiseLinear, parse, parse_functions, uniform

NUMBERS = st.fractions(min_value=-20, max_value=20, max_denominator=12)
STEPS = st.lists(
    st.tuples(*[st.fractions(min_value="1/9", max_value=5, max_denominator=9)] * 2), min_size=1
)


@st.composite
def piecewise(draw):
    knots = [(draw(NUMBERS), draw(NUMBERS))]
    for x, y in draw(STEPS):
        knots.append((knots[-1][0] + x, knots[-1][1] + y))
    return PiecewiseLinear(knots)


FUNCTIONS = st.one_of(
    piecewise(), st.builds(Affine, NUMBERS.filter(lambda slope: slope > 0), NUMBERS)
)


@given(FUNCTIONS, NUMBERS, NUMBERS)
def test_strictly_increasing_with_an_exact_inverse(function, x, y):
    assert function.inverse(function(x)) == x
    assert function(function.inverse(y)) == y
    assert (function(x) < function(y)) == (x < y)


@given(FUNCTIONS)
def test_text_form(function):
    assert parse(str(function)) == function
    assert parse_functions(f"{function}; uniform(0,10)") == (function, uniform(0, 10))


@given(FUNCTIONS, st.lists(st.integers(-20, 20), min_size=1))
def test_arrays(function, numbers):
    exact = np.array([Fraction(n) for n in numbers])
    for compute in (function, function.inverse):
        expected = [compute(n) for n in exact]
        assert compute(exact).tolist() == expected
        for dtype in (np.int64, np.float64):
            assert np.allclose(compute(np.array(numbers, dtype)), np.array(expected, float))


def test_uniform_priors():
    assert uniform("1/2", 10) == Affine(2, -10)
    assert uniform(0, 10).inverse(Fraction(0)) == 5
    assert Affine(2, -10)(np.array([3, 5])).dtype == np.int64


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a function"),
        ("x", "is not a function"),
        ("normal(0,1)", "is not a function"),
        ("uniform(1)", "is not a function"),
        ("uniform(1,1)", "1 is not below 1"),
        ("uniform(a,1)", "'a' is not a number"),
        ("affine(0,1)", "above 0"),
        ("0:1", "at least two points"),
        ("0:1, 1:1", "must rise"),
        ("0:1, 0:2", "must rise"),
        ("0:1, 1", "is not a function"),
        ("uniform(0,1);", "is not a function"),
    ],
)
def test_bad_text(text, message):
    with pytest.raises(InputError, match=message):
        parse_functions(text)


def test_bad_points():
    with pytest.raises(InputError, match="give points"):
        PiecewiseLinear([1, 2])


def test_a_rule_with_functions_from_text():
    functions = parse_functions("uniform(0,1); uniform(10,20)")
    assert rule("myerson").with_parameters(phi=functions).run([1, 12]).payments == (
        0,
        Fraction(21, 2),
    )
