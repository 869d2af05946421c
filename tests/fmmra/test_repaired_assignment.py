"""The repaired assignment, exact for many and in doubles for many draws, against the rule itself."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from mechanism.assignment import CertificateError
from mechanism.errors import InputError
from mechanism.evaluate import run as runner
from mechanism.fmmra.repaired import repaired_assignment
from mechanism.fmmra.repaired_batch import repaired_batch
from mechanism.registry import rule

pytest.importorskip("scipy")

WEIGHTS = ((Fraction(3, 10), Fraction(7, 10)), (Fraction(1), Fraction(2)))


def drawn(rng, agents, tasks):
    table = lambda draw: [[draw() for _ in range(tasks)] for _ in range(agents)]  # noqa: E731
    return (
        table(lambda: Fraction(rng.randint(-3, 6), rng.choice((1, 2)))),
        table(lambda: rng.randint(0, 4)),
        table(lambda: rng.random() < 0.8),
        [rng.randint(0, 6) for _ in range(tasks)],
    )


def utilities(bids, tasks, payments):
    return [(0 if t is None else bids[i][t]) - payments[i] for i, t in enumerate(tasks)]


@pytest.mark.parametrize("with_dummies", [False, True])
def test_the_rule_agrees(with_dummies, monkeypatch):
    rng = random.Random(2)
    auction = rule("fmmra-repaired-no-subsidy" if with_dummies else "fmmra-repaired")
    for n in range(60):
        agents, tasks = rng.randint(1, 3), rng.randint(1, 2)
        bids, fitness, can, dummy = drawn(rng, agents, tasks)
        w1, w2 = WEIGHTS[n % 2]
        extra = {"dummy": dummy} if with_dummies else {}
        given = {"fitness": fitness, "w1": w1, "w2": w2, "can": can, **extra}
        enumerated = auction.run(bids, **given)
        monkeypatch.setattr(runner, "FEW", -1)
        assert auction.run(bids, **given) == enumerated  # by the solver
        monkeypatch.undo()

        found = repaired_assignment(bids, fitness, w1, w2, can=can, **extra)
        found.certify(bids, fitness, w1, w2, can=can, **extra)
        held = [next((t for t, x in enumerate(row) if x), None) for row in enumerated.allocation]
        expected = utilities(bids, held, enumerated.payments)
        assert utilities(bids, found.tasks, found.payments) == expected
        winner, price = repaired_batch(
            np.array([bids], float), np.array(fitness, float), float(w1), float(w2),
            can=np.array(can), **{name: np.array(x, float) for name, x in extra.items()},
        )  # fmt: skip
        for i in range(agents):
            mine = winner[0] == i
            told = sum(float(bids[i][t]) - price[0, t] for t in np.flatnonzero(mine))
            assert told == pytest.approx(float(expected[i]))


def test_a_batch_agrees_with_the_exact_assignment_for_more_agents_and_tasks():
    rng = np.random.default_rng(3)
    for _ in range(40):
        shape = (int(rng.integers(1, 30)), int(rng.integers(1, 5)))
        bids, fitness = rng.integers(-3, 9, shape), rng.integers(0, 9, shape)
        found = repaired_assignment(bids, fitness, 1, 2)
        winner, price = repaired_batch(bids[None].astype(float), fitness.astype(float), 1, 2)
        exact = utilities(bids.tolist(), found.tasks, found.payments)
        for i, utility in enumerate(exact):
            told = sum(bids[i, t] - price[0, t] for t in np.flatnonzero(winner[0] == i))
            assert told == pytest.approx(float(utility))


def test_a_wrong_payment_has_no_certificate():
    bids, fitness = [[5, 1], [2, 4], [3, 3]], [[3, 3], [4, 1], [0, 0]]
    found = repaired_assignment(bids, fitness, "0.3", "0.7")
    found.certify(bids, fitness, "0.3", "0.7")
    cheap = replace(found, payments=(found.payments[0] - 1, *found.payments[1:]))
    with pytest.raises(CertificateError, match="payments"):
        cheap.certify(bids, fitness, "0.3", "0.7")
    with pytest.raises(CertificateError):
        found.certify([[5, 1], [2, 4], [3, 9]], fitness, "0.3", "0.7")


@pytest.mark.parametrize(
    ("arguments", "options", "told"),
    [
        (([[1]], [[1]], 0, 1), {}, "w1 must be above 0"),
        (([[1]], [[1]], 1, -1), {}, "w2 not negative"),
        (([[1]], [[1, 2]], 1, 1), {}, "fitness: give one number for each bid"),
        (([[1]], [[1]], 1, 1), {"can": [[True, False]]}, "can: give yes or no"),
        (([[1]], [[1]], 1, 1), {"can": [[1]]}, "can: give yes or no"),
        (([[1]], [[1]], 1, 1), {"dummy": [1, 2]}, "dummy: give one number for each"),
        (([[float("nan")]], [[1]], 1, 1), {}, "nan"),
    ],
)
def test_bad_input_is_told(arguments, options, told):
    with pytest.raises(InputError, match=told):
        repaired_assignment(*arguments, **options)


def test_numbers_that_overflow_or_are_too_fine_stay_exact():
    bids = [[2**70, "1/3"], [2**70 - 1, 5]]
    found = repaired_assignment(bids, [[0, 0], [1, 1]], "1e-9", "0.7")
    found.certify(bids, [[0, 0], [1, 1]], "1e-9", "0.7")
    assert found.tasks == (None, 0) or sum(t is not None for t in found.tasks) == 2
    assert all(isinstance(p, Fraction) for p in found.payments)


def test_nobody_and_no_task():
    assert repaired_assignment([], [], 1, 1).tasks == ()
    winner, price = repaired_batch(np.zeros((2, 1, 3)) - 1, np.zeros((1, 3)), 1, 1)
    assert (winner == -1).all()
    assert (price == 0).all()
