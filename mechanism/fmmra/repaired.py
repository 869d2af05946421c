"""The repaired FMMRA at work, exactly, for many agents.

It is weighted VCG with at most one agent to a task: an agent is scored in money, by its bid plus
``w2 / w1`` for each point of fitness, less those of the task's dummy where there is one. The assignment with
the highest total score is chosen, and an agent pays its bid less what its presence adds to the total.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.assignment import Assignment, CertificateError, vcg_assignment
from mechanism.assignment.matrix import LIMIT, read_matrix
from mechanism.errors import InputError
from mechanism.evaluate.tied_matchings import decided
from mechanism.language import exact
from mechanism.outcome import Outcome
from mechanism.rule import Rule

__all__ = ["RepairedAssignment", "repaired_assignment"]


@dataclass(frozen=True)
class RepairedAssignment:
    """Who does which task, and what each pays.

    Parameters
    ----------
    tasks : tuple of (int or None), one per agent
        An agent whose score adds nothing gets none.
    payments : tuple of Fraction, one per agent
        Negative where an agent is paid for its fitness, which a dummy rules out.
    scores : Assignment
        The assignment by scores, with its dual certificate; its `utilities` are what each agent's
        presence adds to the total score.
    unit : Fraction
        What one unit of these scores is in money.
    """

    tasks: tuple[int | None, ...]
    payments: tuple[Fraction, ...]
    scores: Assignment
    unit: Fraction

    def certify(
        self, bids: Any, fitness: Any, w1: Any, w2: Any, *, can: Any = None, dummy: Any = None
    ) -> None:
        """Check exactly, without solving, that this is the outcome for these numbers.

        Raises
        ------
        CertificateError
            Naming the first condition that fails.
        """
        matrix, unit, offers = _scores(bids, fitness, w1, w2, can, dummy)
        if unit != self.unit or self.tasks != self.scores.goods:
            raise CertificateError("the tasks, or the unit, are not those of the scores")
        self.scores.certify(matrix)
        due = _payments(self.scores, unit, offers)
        for agent, (paid, owed) in enumerate(zip(self.payments, due, strict=True)):
            if paid != owed:
                raise CertificateError(f"payments[{agent}] is {paid}, and should be {owed}")


def repaired_assignment(
    bids: Any, fitness: Any, w1: Any, w2: Any, *, can: Any = None, dummy: Any = None
) -> RepairedAssignment:
    """Assign tasks to agents by total cost-effectiveness; find all payments, exactly.

    Parameters
    ----------
    bids, fitness : array_like, shape (agents, tasks)
        Numbers as for `mechanism.assignment.vcg_assignment`; a bid may be negative.
    w1, w2 : number
        The weights of bid (above 0) and fitness (not negative).
    can : array_like of bool, shape (agents, tasks), optional
        Which agent can do which task; by default all.
    dummy : sequence of number, one per task, optional
        The fitness of a dummy for each task that bids 0: the variant without subsidies.

    Returns
    -------
    RepairedAssignment
        Exact. Which of several best assignments is returned is not specified.

    Raises
    ------
    InputError
        For numbers or shapes that do not fit.
    MissingExtra
        If scipy is not installed.

    Examples
    --------
    Agent 1 bids less and is fitter. Agent 0 is worth 5 to the task holder, agent 1 is worth 6.

    >>> found = repaired_assignment([[5], [4]], [[0], [1]], w1=1, w2=2)
    >>> found.tasks, found.payments == (0, 3)
    ((None, 0), True)
    >>> found.certify([[5], [4]], [[0], [1]], w1=1, w2=2)
    """
    matrix, unit, offers = _scores(bids, fitness, w1, w2, can, dummy)
    found = vcg_assignment(matrix)
    return RepairedAssignment(found.goods, _payments(found, unit, offers), found, unit)


def _payments(
    found: Assignment, unit: Fraction, offers: tuple[np.ndarray, int]
) -> tuple[Fraction, ...]:
    bids, scale = offers
    nothing = Fraction(0)
    return tuple(
        nothing if t is None else Fraction(int(bids[i, t]), scale) - unit * u
        if scale else bids[i, t] - unit * u
        for i, (t, u) in enumerate(zip(found.goods, found.utilities))
    )  # fmt: skip


def _scores(
    bids: Any, fitness: Any, w1: Any, w2: Any, can: Any, dummy: Any
) -> tuple[np.ndarray, Fraction, tuple[np.ndarray, int]]:
    """Scores as integers where possible, what their unit is in money, and the bids as they were read."""
    points = rate(w1, w2)
    offers, merits = read_matrix(bids), read_matrix(fitness)
    shape = offers[0].shape
    if merits[0].shape != shape:
        raise InputError(f"fitness: give one number for each bid, {shape[0]} x {shape[1]}")
    if dummy is not None:
        merits = _shortfall(merits, read_matrix([list(dummy)]))
    scores, scale = _sum(offers, merits, points)
    if can is not None:
        able = np.asarray(can)
        if able.shape != shape or able.dtype != bool:
            raise InputError(f"can: give yes or no for each bid, {shape[0]} x {shape[1]} booleans")
        scores = np.where(able, scores, 0)  # nobody is given a task that adds nothing
    return scores, Fraction(1, scale), offers


def rate(w1: Any, w2: Any) -> Fraction:
    """What a point of fitness is worth in money."""
    bid, merit = exact(w1, "w1"), exact(w2, "w2")
    if bid <= 0 or merit < 0:
        raise InputError(f"w1 must be above 0 and w2 not negative, not {bid} and {merit}")
    return merit / bid


def _shortfall(
    merits: tuple[np.ndarray, int], dummies: tuple[np.ndarray, int]
) -> tuple[np.ndarray, int]:
    """The fitness above that of the dummies, where nothing counts that is above 0."""
    if dummies[0].shape[1] != merits[0].shape[1]:
        raise InputError(f"dummy: give one number for each of the {merits[0].shape[1]} tasks")
    short, scale = _sum(merits, (-dummies[0], dummies[1]), Fraction(1))
    return np.minimum(short, 0), scale


def _sum(
    one: tuple[np.ndarray, int], other: tuple[np.ndarray, int], rate: Fraction
) -> tuple[np.ndarray, int]:
    """``one + rate * other``, over one denominator."""
    (a, p), (b, q) = one, other
    if not (p and q):  # Fractions, where the denominator would be too wide
        exactly = [m.astype(object) * Fraction(1, s or 1) for m, s in (one, other)]
        return exactly[0] + exactly[1] * rate, 1
    scale = math.lcm(p, q * rate.denominator)
    left, right = scale // p, rate.numerator * (scale // (q * rate.denominator))
    top = sum(
        f * max(int(m.max(initial=0)), -int(m.min(initial=0))) for m, f in ((a, left), (b, right))
    )
    kind: Any = np.int64 if max(top, left, right) < LIMIT else object
    return a.astype(kind) * left + b.astype(kind) * right, scale


# --- as a rule of the catalogue ----------------------------------------------------------------


def run(rule: Rule, tables: Mapping[str, Any]) -> Outcome:
    """Run ``fmmra-repaired`` (or the variant without subsidies) for many agents and tasks."""
    able = tables["can"]
    scores, unit, (bids, scale) = _scores(
        tables["v"], tables["fitness"], tables["w1"], tables["w2"], able, tables.get("dummy")
    )
    values = tuple(tuple(Fraction(s) * unit for s in row) for row in scores.tolist())
    offers = tuple(
        tuple(Fraction(b) / (scale or 1) * c for b, c in zip(row, can))
        for row, can in zip(bids.tolist(), able)
    )
    allocation, payments = decided(rule, values, offers)
    gets = tuple(tuple(x * c for x, c in zip(*rows)) for rows in zip(allocation, able))
    return Outcome(gets, payments)


def run_clipped(rule: Rule, tables: Mapping[str, Any]) -> Outcome:
    """Run ``fmmra-repaired-clipped`` for many agents and tasks."""
    found = run(rule, tables)
    return Outcome(found.allocation, tuple(max(Fraction(0), p) for p in found.payments))
