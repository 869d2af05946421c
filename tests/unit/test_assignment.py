"""The assignment and its payments: against brute force, the definition, and its certificate."""

import dataclasses
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from assignments import TIES, VALUES, agrees_with_the_definition, claim, matrices
from hypothesis import given
from hypothesis import strategies as st

from mechanism.assignment import Assignment, CertificateError, refinement, vcg, vcg_assignment
from mechanism.errors import InputError, MissingExtra

try:
    from scipy.optimize import linear_sum_assignment
except ImportError:
    linear_sum_assignment = None

if linear_sum_assignment is None:
    pytest.skip("scipy is not installed", allow_module_level=True)


RATIONALS = st.fractions(-2, 5, max_denominator=6)
WIDE = st.integers(0, 3).map(lambda k: 2**70 + k) | st.integers(0, 2**70)
DOUBLES = st.sampled_from([0.1, 0.2, 0.3, 0.1 + 0.2, 0.7, 1.0, 1e-300, -0.5, 5e-324, 1e18])


@given(matrices(TIES | RATIONALS))
def test_brute_force_agrees_on_rationals_with_ties(values):
    agrees_with_the_definition(values, vcg_assignment(values))


@given(matrices(TIES, largest=5))
def test_brute_force_agrees_on_small_integers(values):
    agrees_with_the_definition(values, vcg_assignment(np.array(values)))


@given(matrices(WIDE | DOUBLES))
def test_brute_force_agrees_where_doubles_cannot_tell_values_apart(values):
    agrees_with_the_definition(values, vcg_assignment(values))


def test_nobody_gets_a_good_worth_nothing_where_rounding_hid_the_best():
    values = [[0, 2**70, 2**70], [0, 2**70 + 1, 2**70], [-0.5, 2**70, 0]]
    found = vcg_assignment(values)
    agrees_with_the_definition(values, found)
    assert found.goods[2] is None


@given(matrices(DOUBLES))
def test_brute_force_agrees_on_doubles_taken_exactly(values):
    found = vcg_assignment(np.array(values))
    agrees_with_the_definition(values, found)
    assert found == vcg_assignment([[Fraction(x) for x in row] for row in values])


@given(matrices(st.fractions(0, 1, max_denominator=9)), st.data())
def test_any_proposal_however_bad_ends_in_the_optimum(values, data):
    agents, goods = len(values), len(values[0])
    slots = data.draw(st.permutations([*range(goods), *[-1] * agents]))[:agents]

    def propose(weights):
        return np.array([g if g >= 0 and weights[i, g] > 0 else -1 for i, g in enumerate(slots)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcg, "_propose", propose)
        agrees_with_the_definition(values, vcg_assignment(values))


@pytest.mark.parametrize("factor", [1, 2**40, 2**52, 2**70])
def test_a_bad_proposal_is_repaired_at_thirty_by_thirty(monkeypatch, factor):
    values = np.random.default_rng(5).integers(0, 50, (30, 30)).astype(object) * factor
    expected = vcg_assignment(values)
    monkeypatch.setattr(vcg, "_propose", lambda weights: np.arange(30))
    found = vcg_assignment(values + 1)
    found.certify(values + 1)
    monkeypatch.setattr(vcg, "_propose", lambda weights: np.full(30, -1))
    found = vcg_assignment(values)
    found.certify(values)
    assert (found.welfare, found.prices) == (expected.welfare, expected.prices)


def test_an_integer_that_rounding_hides_decides_the_assignment():
    big = 2**80
    values = [[big + 1, big], [big + 5, big]]
    found = vcg_assignment(values)
    assert found.goods == (1, 0)
    assert found.payments == (0, 1)
    found.certify(values)


def test_denominators_without_a_reasonable_common_multiple():
    rng = np.random.default_rng(2)
    values = [[Fraction(1, int(rng.integers(2**61, 2**62))) for _ in range(9)] for _ in range(12)]
    found = vcg_assignment(values)
    found.certify(values)
    for i in range(12):
        others = vcg_assignment(values[:i] + values[i + 1 :]).welfare
        assert found.utilities[i] == found.welfare - others
    with pytest.raises(CertificateError):
        dataclasses.replace(found, welfare=found.welfare + 1).certify(values)


@pytest.mark.parametrize("shape", [(30, 20), (20, 30), (25, 25)])
@pytest.mark.parametrize("highest", [3, 10, 10**6])
def test_solving_again_without_each_agent_agrees(shape, highest):
    values = np.random.default_rng(highest).integers(0, highest, shape)

    def welfare(matrix):
        return int(matrix[linear_sum_assignment(matrix, maximize=True)].sum())

    found = vcg_assignment(values)
    found.certify(values)
    assert found.welfare == welfare(values)
    for i in range(shape[0]):
        assert found.utilities[i] == found.welfare - welfare(np.delete(values, i, axis=0))


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_no_agents_or_no_goods(shape):
    found = vcg_assignment(np.zeros(shape))
    found.certify(np.zeros(shape))
    assert found.goods == (None,) * shape[0]
    assert found.prices == (0,) * shape[1]
    assert found.welfare == 0


def test_an_empty_list_has_no_agents():
    assert vcg_assignment([]) == Assignment((), Fraction(0), (), (), ())
    assert vcg_assignment([[], []]).goods == (None, None)


@pytest.mark.parametrize("value", [0, -3])
def test_what_nobody_wants_stays_unsold(value):
    found = vcg_assignment([[value] * 3] * 2)
    assert found == Assignment(
        (None,) * 2, Fraction(0), (Fraction(0),) * 2, (Fraction(0),) * 3, (Fraction(0),) * 2
    )


def test_equal_values_cost_nothing_unless_goods_are_scarce():
    assert vcg_assignment([[7] * 3] * 3).prices == (0, 0, 0)
    assert vcg_assignment([[7] * 3] * 4).prices == (7, 7, 7)


def test_one_good_is_a_second_price_auction():
    found = vcg_assignment([["1/3"], [Decimal("0.5")], [Fraction(2, 5)]])
    assert found.goods == (None, 0, None)
    assert found.payments == (0, Fraction(2, 5), 0)


@pytest.mark.parametrize(
    "same",
    [
        np.array([[3, 1], [2, 2]], np.int8),
        np.array([[3, 1], [2, 2]], np.uint64),
        np.array([[3, 1], [2, 2]], np.float32),
        np.array([[3, 1], [2, 2]], object),
        [np.array([3, 1]), (2, 2)],
        [[np.int64(3), np.float64(1)], [2.0, "2"]],
    ],
    ids=["int8", "uint64", "float32", "object", "rows", "scalars"],
)
def test_every_kind_of_matrix_is_read_alike(same):
    found = vcg_assignment(same)
    assert found == vcg_assignment([[3, 1], [2, 2]])
    assert all(
        type(x) is Fraction and type(x.numerator) is int for x in (*found.prices, found.welfare)
    )
    assert all(type(g) is int for g in found.goods)


def test_the_extremes_of_machine_integers_do_not_overflow():
    for kind in (np.int64, np.uint64):
        info = np.iinfo(kind)
        values = np.array([[info.max, info.min], [info.max - 1, info.max], [0, info.max]], kind)
        agrees_with_the_definition(
            [[int(x) for x in row] for row in values], vcg_assignment(values)
        )


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ([[1, 2], [3, float("nan")]], r"values\[1\]\[1\]: nan is not a finite number"),
        (np.array([[1.0, np.inf]]), r"values\[0\]\[1\]: inf is not a finite number"),
        ([[1.0, -float("inf")]], r"values\[0\]\[1\]: -inf"),
        ([[1, 2], [3]], r"values\[1\]: 1 values, but values\[0\] has 2; give one row per agent"),
        ([1, 2], r"values\[0\]: 1 is not a row; give one row per agent"),
        (["12", "34"], r"values\[0\]: '12' is not a row"),
        ([[[1]]], r"values\[0\]\[0\]: \[1\] is not a number"),
        ([["one"]], r"values\[0\]\[0\]: 'one' is not a number; write"),
        ([[None, 1]], r"values\[0\]\[0\]: None"),
        ([[1, True]], r"values\[0\]\[1\]: True"),
        ([[1, 1j]], r"values\[0\]\[1\]: 1j"),
        (np.array([[True]]), "bool"),
        (np.array([[1j]]), "complex128"),
        (np.array([["a"]]), "use int64"),
        (np.zeros(3), "1 dimensions is not a matrix; give one row"),
        (np.zeros((1, 2, 3)), "3 dimensions is not a matrix"),
        (np.ma.masked_array([[1, 2]], [[True, False]]), "hides entries; fill them"),
        ("1 2", "'1 2' is not a matrix"),
        (None, "None is not a matrix"),
        ({0: [1]}, "is not a matrix"),
        (7, "7 is not a matrix"),
    ],
)  # fmt: skip
def test_bad_values_get_one_error_that_says_what_and_where(values, complaint):
    for use in (vcg_assignment, claim().certify):
        with pytest.raises(InputError, match=complaint):
            use(values)


def test_without_scipy_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(MissingExtra, match=r"pip install 'strategyproof\[fast\]'"):
        vcg_assignment(VALUES)
    claim().certify(VALUES)


def counted(monkeypatch, name):
    """The calls of one of the ways to go on from what scipy proposed."""
    calls, way = [], getattr(vcg, name)
    monkeypatch.setattr(vcg, name, lambda *args: calls.append(1) or way(*args))
    return calls


def test_near_ties_that_only_the_last_bits_of_doubles_break(monkeypatch):
    again, finished = counted(monkeypatch, "refined"), counted(monkeypatch, "hungarian")
    for seed in range(5):
        rng = np.random.default_rng(seed)
        values = rng.random((100, 1)) + rng.random((1, 100))  # any assignment, up to rounding
        vcg_assignment(values).certify(values)
    assert again  # or this tests nothing
    assert not finished


def test_the_hungarian_method_finishes_where_too_much_is_left(monkeypatch):
    finished = counted(monkeypatch, "hungarian")
    monkeypatch.setattr(refinement, "_LARGEST", 0)
    rng = np.random.default_rng(0)
    values = rng.random((100, 1)) + rng.random((1, 100))
    vcg_assignment(values).certify(values)
    assert finished


def test_two_hundred_by_two_hundred_in_doubles_is_certified():
    values = np.random.default_rng(0).random((200, 200)).round(2)
    vcg_assignment(values).certify(values)
