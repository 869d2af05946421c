"""All Clarke payments of an assignment: one certified solve against one scipy solve for each agent.

Run it as ``python tests/benchmarks/bench_assignment.py``. Both sides get the same matrix in one run,
take turns, and are compared. The other side is the definition: the welfare of all agents and of all
but one, n + 1 calls of scipy's `linear_sum_assignment` on doubles that are ready and in the cache
(leaving an agent out copies one row). Our side counts everything: reading the values exactly, the
payments as Fractions, and the exact certificate, checked again from the values.

With ``--large``: 5,000 agents and 500 tasks, plain and as in the repaired FMMRA (weights, dummies,
capabilities). There the other side is extrapolated: a few of its 5,001 solves, times 5,001.
"""

import sys
import time
from fractions import Fraction
from pathlib import Path
from statistics import median

import numpy as np
from scipy.optimize import linear_sum_assignment

sys.path.insert(0, str(Path(__file__).parents[2]))

from mechanism.assignment import vcg_assignment
from mechanism.fmmra.repaired import repaired_assignment

SIZE = 200
TARGET = 50


def instances():
    rng = np.random.default_rng(0)
    yield "integers below 1000", rng.integers(0, 1000, (SIZE, SIZE))
    yield "integers below 10", rng.integers(0, 10, (SIZE, SIZE))
    yield "doubles in [0, 1)", rng.random((SIZE, SIZE))
    yield "doubles, whole cents", rng.random((SIZE, SIZE)).round(2)
    yield "quality x interest", np.outer(np.arange(SIZE), np.arange(SIZE))
    yield "doubles, 150 goods", rng.random((SIZE, SIZE * 3 // 4))
    yield "list of lists of int", rng.integers(0, 1000, (SIZE, SIZE)).tolist()


def welfare(matrix):
    return matrix[linear_sum_assignment(matrix, maximize=True)].sum()


def timed(function, *arguments, **options):
    start = time.process_time()  # a busy machine stretches the long side more
    result = function(*arguments, **options)
    return time.process_time() - start, result


def by_definition(matrix):
    agents, goods = linear_sum_assignment(matrix, maximize=True)
    received = np.zeros(len(matrix))
    received[agents] = matrix[agents, goods]
    total = received.sum()
    others = matrix[1:].copy()  # without agent 0
    utilities = [total - welfare(others)]
    for i in range(1, len(matrix)):
        others[i - 1] = matrix[0]
        utilities.append(total - welfare(others))
        others[i - 1] = matrix[i]
    return np.array(utilities), received - utilities


LARGE, SECONDS, SAMPLE = (5000, 500), 5.0, 5


def large_instances():
    rng = np.random.default_rng(0)
    can, best = rng.random(LARGE) < 0.3, np.full(LARGE[1], 1.0)
    whole, doubles = rng.integers(0, 1000, LARGE), rng.random(LARGE)
    fitness = rng.random(LARGE)
    repaired = lambda *a, **more: repaired_assignment(*a, "0.3", "0.7", **more)  # noqa: E731
    yield "integers", whole, vcg_assignment, (whole,), {}
    yield "doubles", doubles, vcg_assignment, (doubles,), {}
    scores = 0.3 * doubles + 0.7 * fitness
    yield "weighted", scores, repaired, (doubles, fitness), {}
    cents, points = doubles.round(2), fitness.round(2)  # wide denominators, and nearly all ties
    yield "weighted, whole cents", 0.3 * cents + 0.7 * points, repaired, (cents, points), {}
    able = {"can": can, "dummy": best}
    scores = np.where(can, np.maximum(0.3 * doubles + 0.7 * (fitness - 1), 0), 0)
    yield "+ dummies, capabilities", scores, repaired, (doubles, fitness), able


def large():
    agents, tasks = LARGE
    print(f"{agents} agents, {tasks} tasks; CPU time; target {SECONDS:g} s with all payments")
    print(
        f"{'values':25}{'n + 1 solves, extrapolated':>28}{'ours':>9}{'+ certify':>11}{'ratio':>9}"
    )
    worst = 0.0
    for name, matrix, solve, arguments, options in large_instances():
        sample = [timed(welfare, np.delete(matrix, i, axis=0))[0] for i in range(SAMPLE)]
        them = median(sample) * (agents + 1)
        seconds, found = timed(solve, *arguments, **options)
        weights = ("0.3", "0.7") if solve is not vcg_assignment else ()
        certifying, _ = timed(found.certify, *arguments, *weights, **options)
        worst = max(worst, seconds)
        ratio = them / (seconds + certifying)
        print(f"{name:25}{them:26.0f} s{seconds:7.2f} s{certifying:9.2f} s{ratio:8.0f}x")
    print(f"slowest: {worst:.2f} s ({'reached' if worst < SECONDS else 'MISSED'})")


def main():
    print(f"{SIZE} agents; medians of CPU time; target {TARGET} times")
    print(f"{'values':22}{'n + 1 solves':>14}{'vcg_assignment':>16}{'+ certify':>11}{'ratio':>8}")
    worst = float("inf")
    for name, values in instances():
        matrix = np.array(values, float)
        vcg_assignment(values).certify(values)
        theirs, solving, certifying = [], [], []
        for _ in range(7):
            seconds, (utilities, _payments) = timed(by_definition, matrix)
            theirs.append(seconds)
            for _ in range(5):
                seconds, found = timed(vcg_assignment, values)
                solving.append(seconds)
                certifying.append(timed(found.certify, values)[0])
        # Ties: who gets what may differ, and with it the payments, but not the utilities.
        gains = np.array(found.utilities, float)
        received = np.array([0 if g is None else matrix[i, g] for i, g in enumerate(found.goods)])
        assert np.allclose(gains, received - np.array(found.payments, float))
        assert np.allclose(gains, utilities)
        assert all(type(x) is Fraction for x in found.payments)
        them, solve, certify = median(theirs), median(solving), median(certifying)
        ratio = them / (solve + certify)
        # Shown and not counted: fewer goods, and lists, whose 40,000 objects Python reads twice.
        if isinstance(values, np.ndarray) and matrix.shape == (SIZE, SIZE):
            worst = min(worst, ratio)
        columns = f"{them * 1e3:11.1f} ms{solve * 1e3:13.2f} ms{certify * 1e3:8.2f} ms{ratio:7.0f}x"
        print(f"{name:22}{columns}")
    verdict = "reached" if worst >= TARGET else "MISSED"
    print(f"worst ratio on {SIZE} x {SIZE} arrays, certificate included: {worst:.0f} ({verdict})")


if __name__ == "__main__":
    large() if "--large" in sys.argv else main()
