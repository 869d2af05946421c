"""Reasons in words: what an undecided number, a kept payment and an exact cut-off are told by."""

import numpy as np
import pytest
from sympy import And, Eq, Ne, S

from mechanism.contracts import Menu, reward_minus_cost
from mechanism.critical import NotDerived, critical_payment
from mechanism.language import ArgMax, Cases, Highest, agents, parameter, report
from mechanism.rule import Rule
from proofs.audit import audit
from proofs.report.rows import evidence
from proofs.screen import screen
from proofs.verdict import Verdict
from proofs.weakest import weakest
from properties.registry import property_of

i, j = agents("i j")
b = report("b")
winner = ArgMax(b[j], j)
second = Highest(b[j], j, where=Ne(j, winner))


def sold(price, when):
    return Rule(
        id="sold",
        agent=i,
        reports=b,
        allocation=Cases((1, when), (0, True)),
        payment=Cases((price, when), (0, True)),
    )


def test_an_undecided_regret_says_why():
    divides = sold(second * second / (b[i] - 1), Eq(i, winner))
    (one,) = audit(divides, properties=["regret"], agents=(1, 1))
    (found,) = one.findings
    assert found.verdict is Verdict.UNDECIDED
    assert "no value at some reports" in evidence(found)
    assert "no finite supremum" not in evidence(found)


def test_the_highest_of_the_others_by_the_winner_is_told():
    with pytest.raises(NotDerived, match=r"must be written with Ne\(j, i\)"):
        critical_payment(sold(2 * second, And(Eq(i, winner), b[i] >= 2 * second)))


def test_the_cut_off_of_the_table_is_that_of_the_text():
    (one,) = audit(sold(S.Zero, b[i] > 1), properties=["totality"])
    (found,) = one.findings
    assert found.evidence.cutoff == 1
    assert "the cut-off at 1 agent is exact" in found.evidence.reason


def test_no_value_tried_reads_as_a_sentence():
    fee = parameter("fee", at_least=0)
    found = weakest(sold(S.Zero, b[i] > 1 + fee), property_of("efficiency"), "fee", 2)
    assert not found.intervals
    assert str(found).startswith("no value of fee")


def test_no_margin_is_minus_zero():
    menu = Menu(
        types=[1, 2], prior=["1/2", "1/2"], items=[(0, 0), (0, 0)], payoff=reward_minus_cost("q")
    )
    batch = np.array([[[0, 0], [0, 0]], [[1, 1], [2, 1.5]]], dtype=float)
    margins = screen(menu, batch).margins.values()
    assert any((m == 0).any() for m in margins)
    assert not any(np.signbit(m[m == 0]).any() for m in margins)
