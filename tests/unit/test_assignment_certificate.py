"""The certificate of an assignment: it holds of what is found, and of nothing else."""

import dataclasses
from fractions import Fraction

import pytest
from assignments import TIES, VALUES, claim, matrices
from hypothesis import given
from hypothesis import strategies as st

from mechanism.assignment import Assignment, CertificateError, vcg_assignment
from mechanism.errors import StrategyproofError

pytest.importorskip("scipy")


def test_the_claim_that_is_tampered_with_below_is_true():
    assert vcg_assignment(VALUES) == claim()
    claim().certify(VALUES)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"goods": (0, 0, None, 2)}, "twice"),
        ({"goods": (0, 1, None, 3)}, "does not exist"),
        ({"goods": (0, 1, None, -1)}, "does not exist"),
        ({"goods": (0, 1, None)}, "4 agents and 3 goods"),
        ({"prices": (4, 1)}, "4 agents and 3 goods"),
        ({"payments": (4, 1, 0)}, "4 agents and 3 goods"),
        ({"utilities": (5, 4, 0, 1, 0)}, "4 agents and 3 goods"),
        ({"prices": (4, 1, -1)}, "negative"),
        ({"utilities": (5, 4, 0, Fraction(1, 2))}, r"utilities\[3\] \+ prices\[2\] is too low"),
        ({"prices": (3, 1, 0)}, r"utilities\[0\] \+ prices\[0\] is too low"),
        ({"goods": (1, 0, None, 2)}, r"slackness: utilities\[0\] is too high"),
        ({"utilities": (6, 4, 0, 1)}, r"slackness: utilities\[0\] is too high"),
        ({"utilities": (5, 4, 1, 1)}, r"slackness: utilities\[2\] is too high"),
        ({"goods": (0, 1, None, None), "utilities": (5, 4, 0, 1)}, r"slackness: utilities\[3\] is too high"),
        ({"welfare": 16}, "16 is not the sum"),
        ({"prices": (5, 2, 0), "utilities": (4, 3, 0, 1), "payments": (5, 2, 0, 0)}, r"prices\[0\] is not the lowest"),
        ({"payments": (4, Fraction(9, 8), 0, 0)}, r"payments\[1\]"),
        ({"payments": (4, 1, 1, 0)}, r"payments\[2\]"),
    ],
)  # fmt: skip
def test_the_certificate_catches(changes, complaint):
    with pytest.raises(CertificateError, match=complaint) as caught:
        claim(**changes).certify(VALUES)
    assert isinstance(caught.value, StrategyproofError)


def test_an_unsold_good_must_be_free():
    true = vcg_assignment([[3, 0]])
    assert true.prices == (0, 0)
    with pytest.raises(CertificateError, match="good 1 is unsold"):
        dataclasses.replace(true, prices=(Fraction(0), Fraction(1))).certify([[3, 0]])


@given(matrices(TIES), st.data())
def test_the_certificate_catches_any_one_change_of_a_number(values, data):
    found = vcg_assignment(values)
    field = data.draw(st.sampled_from(["welfare", "payments", "prices", "utilities"]))
    change = data.draw(
        st.sampled_from([Fraction(1), Fraction(-1), Fraction(1, 10**30), Fraction(2**90)])
    )
    old = getattr(found, field)
    if field == "welfare":
        new = old + change
    else:
        k = data.draw(st.integers(0, len(old) - 1))
        new = (*old[:k], old[k] + change, *old[k + 1 :])
    with pytest.raises(CertificateError):
        dataclasses.replace(found, **{field: new}).certify(values)


@given(matrices(TIES), st.integers(1, 3))
def test_higher_competitive_prices_are_not_the_clarke_payments(values, rise):
    found = vcg_assignment(values)
    chosen = [i for i, g in enumerate(found.goods) if g is not None and found.utilities[i] >= rise]
    prices, utilities = list(found.prices), list(found.utilities)
    for i in chosen:
        prices[found.goods[i]] += rise
        utilities[i] -= rise
    payments = [0 if g is None else prices[g] for g in found.goods]
    dearer = Assignment(
        found.goods, found.welfare, tuple(payments), tuple(prices), tuple(utilities)
    )
    if chosen:
        with pytest.raises(CertificateError):
            dearer.certify(values)
