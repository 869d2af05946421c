"""FMMRA repaired for many tasks: what is proved for any number, and the variant that is not truthful."""

import pytest

from mechanism.language import parameter, report
from mechanism.registry import rule
from proofs.audit import audit_iter
from proofs.replay import replay
from proofs.verdict import Verdict

PROVED = {
    "fmmra-repaired": ("dsic", "ex-post-ir", "losers-pay-nothing", "pay-at-most-bid"),
    "fmmra-repaired-no-subsidy": ("dsic", "ex-post-ir", "no-positive-transfers", "no-deficit"),
    "fmmra-repaired-clipped": ("ex-post-ir", "no-positive-transfers"),
}


@pytest.mark.parametrize("name", PROVED)
def test_proved_for_any_number_of_agents_and_tasks(name):
    for found in audit_iter(name, properties=PROVED[name], cache=False):
        assert found.verdict is Verdict.PROVED, f"{found.property}: {found.reason}"
        assert found.scope.agents == (1, None)
        assert found.scope.sizes == {"good": (1, None)}
        assert found.scope.ties == "any"


def test_cutting_payments_off_at_zero_is_refuted_with_one_agent_and_two_tasks():
    (found,) = audit_iter("fmmra-repaired-clipped", properties=["dsic"], cache=False)
    assert found.verdict is Verdict.REFUTED
    assert found.evidence.minimal
    assert found.evidence.instance.sizes == {"agent": 1, "good": 2}
    assert replay(found.evidence).reproduced


def outcome(name, bids, **extra):
    fixed = {"w1": "0.3", "w2": "0.7", "can": [[True] * 2] * 2, "fitness": [[3, 3], [4, 1]]}
    return rule(name).run(bids, **fixed, **extra)


def test_the_example_of_the_clipped_variant():
    truth = outcome("fmmra-repaired-clipped", [[5, 1], [2, 4]])
    lie = outcome("fmmra-repaired-clipped", [[6, 0], [2, 4]])
    assert (truth.allocation[0], truth.payments[0]) == ((0, 1), 0)  # value 1
    assert (lie.allocation[0], lie.payments[0]) == ((1, 0), 0)  # value 5
    assert outcome("fmmra-repaired", [[5, 1], [2, 4]]).payments[0] == -7  # paid for its fitness


def test_a_capability_is_a_constraint():
    can = [[False, True], [True, True]]
    got = rule("fmmra-repaired").run(
        [[9, 1], [1, 1]], fitness=[[0, 0], [0, 0]], w1=1, w2=1, can=can
    )
    assert got.allocation == ((0, 1), (1, 0))


def test_without_dummies_fitness_is_paid_for_and_with_them_it_is_not():
    one = {"fitness": [[2]], "w1": 1, "w2": 1, "can": [[True]]}
    assert rule("fmmra-repaired").run([[0]], **one).payments == (-2,)
    dummy = rule("fmmra-repaired-no-subsidy").run([[3]], **one, dummy=[4])
    assert (dummy.allocation, dummy.payments) == (((1,),), (2,))
    undone = rule("fmmra-repaired-no-subsidy").run([[1]], **one, dummy=[4])
    assert (undone.allocation, undone.payments) == (((0,),), (0,))


def test_an_agent_that_would_lose_by_every_task_gets_none():
    got = rule("fmmra-repaired").run(
        [[-5, -9], [1, 1]], fitness=[[1, 1], [1, 1]], w1=1, w2=1, can=[[True, True]] * 2
    )
    assert got.allocation[0] == (0, 0)
    assert got.payments[0] == 0


def test_families_that_differ_in_their_domains_are_different():
    assert report("b") != report("b", at_least=None)
    assert parameter("w", above=0) != parameter("w", at_least=0)
