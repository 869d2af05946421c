"""One obligation, one solver, one context: canonical text in, an answer out.

The text is what ``--emit-smt2`` writes and what could be given to any other solver.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import z3

# Resource units a single obligation may use; about a second of Z3 for 2 million.
DEFAULT_RLIMIT = 8_000_000
LONGEST = 10.0  # seconds for one of many questions to the same solver


@dataclass(frozen=True)
class Answer:
    """What the solver said.

    Parameters
    ----------
    status : str
        ``sat``, ``unsat`` or ``unknown``.
    values : mapping of str to Fraction or bool
        The constants of the model, when sat.
    reason : str
        Why unknown, normalised; the raw words are in `raw`.
    """

    status: str
    values: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    raw: str = ""
    text: str = ""
    rlimit: int = 0
    seconds: float = 0.0


def text_of(assertions: Iterable[Any]) -> str:
    """The SMT-LIB text of a conjunction, without what depends on the run."""
    solver = z3.Solver()
    solver.add(*assertions)
    lines = solver.to_smt2().splitlines()
    return "\n".join(line for line in lines if not line.startswith("; ")) + "\n"


def solve(assertions: Iterable[Any], *, rlimit: int = DEFAULT_RLIMIT, seed: int = 0) -> Answer:
    """Decide a conjunction.

    Parameters
    ----------
    assertions : iterable of z3 conditions
    rlimit : int
        Z3's own deterministic measure of work; the answer is ``unknown`` when it runs out.
    seed : int
    """
    return solve_text(text_of(assertions), rlimit=rlimit, seed=seed)


def solve_text(
    text: str, *, rlimit: int = DEFAULT_RLIMIT, seed: int = 0, simplex: int | None = None
) -> Answer:
    """Decide SMT-LIB text in a context of its own, with another of Z3's procedures for arithmetic if named."""
    start = time.perf_counter()
    context = z3.Context()
    solver = z3.Solver(ctx=context)
    solver.set("random_seed", seed)
    if rlimit:
        solver.set("rlimit", rlimit)
    if simplex is not None:
        solver.set("smt.arith.solver", simplex)  # in the text it would hold for the whole process
    solver.from_string(text)
    status = str(solver.check())
    raw = solver.reason_unknown() if status == "unknown" else ""
    values = _values(solver.model()) if status == "sat" else {}
    if values is None:
        status, raw, values = "unknown", "the model is not rational", {}
    used = _rlimit_used(solver)
    seconds = time.perf_counter() - start
    return Answer(status, values, _normal(raw), raw, text, used, seconds)


def _values(model: Any) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    for declaration in model.decls():
        if declaration.arity():
            continue
        value = model[declaration]
        if z3.is_int_value(value) or z3.is_rational_value(value):
            values[declaration.name()] = value.as_fraction() if z3.is_rational_value(
                value) else Fraction(value.as_long())  # fmt: skip
        elif z3.is_bool(value):
            values[declaration.name()] = z3.is_true(value)
        elif z3.is_algebraic_value(value):
            return None
        else:
            values[declaration.name()] = str(value)
    return values


def _rlimit_used(solver: Any) -> int:
    statistics = solver.statistics()
    return next((int(value) for key, value in statistics if key == "rlimit count"), 0)


def _normal(raw: str) -> str:
    words = raw.lower()
    if not words:
        return ""
    if "resource" in words or "canceled" in words:  # only resources are limited
        return "the resource limit was reached"
    if "incomplete" in words or "quantifier" in words:
        return "the solver's method is incomplete here"
    return words


class Room:
    """One question asked again and again, each time with a little more, in a context of its own.

    What a solver does depends on what else its context holds; here that is this question alone. A linear
    one is asked incrementally; for products the solver has better methods when it starts anew.
    """

    def __init__(self, seed: int, rlimit: int) -> None:
        self.seed, self.rlimit = seed, rlimit
        self.context = z3.Context()
        self.stated: list[Any] = []
        self.there: list[Any] = []  # the same in the context
        self.incremental: Any = None

    def check(
        self, facts: list[Any], more: Iterable[Any] = (), seconds: float = LONGEST
    ) -> tuple[str, Any]:
        """Whether facts can hold together, and a model if they can.

        Parameters
        ----------
        facts : list of condition
            Mostly those of the last time, and perhaps others after them.
        more : iterable of condition
            For this time only.
        seconds : float
            After which the solver is told to stop; what it does with products, resources hardly measure.
        """
        extra = [fact.translate(self.context) for fact in more]
        same = 0
        while same < min(len(facts), len(self.stated)) and facts[same].eq(self.stated[same]):
            same += 1
        taken_back = same < len(self.stated)
        added = [fact.translate(self.context) for fact in facts[same:]]
        if not self.stated and _linear(added):
            self.incremental = self._fresh()
        self.stated, self.there = list(facts), [*self.there[:same], *added]
        if self.incremental is None:
            solver = self._fresh()
            solver.add(*self.there, *extra)
            return self._answer(solver, seconds)
        if taken_back:
            self.incremental = self._fresh()
        self.incremental.add(*(self.there if taken_back else added))
        self.incremental.push()
        self.incremental.add(*extra)
        answer = self._answer(self.incremental, seconds)
        self.incremental.pop()
        return answer

    def _answer(self, solver: Any, seconds: float) -> tuple[str, Any]:
        solver.set("timeout", max(int(1000 * min(seconds, LONGEST)), 1))
        status = str(solver.check())
        return status, solver.model().translate(z3.main_ctx()) if status == "sat" else None

    def _fresh(self) -> Any:
        solver = z3.Solver(ctx=self.context)
        solver.set("random_seed", self.seed)
        solver.set("rlimit", self.rlimit)
        return solver


def _linear(facts: list[Any]) -> bool:
    """Whether no two unknowns are multiplied."""
    goal = z3.Goal(ctx=facts[0].ctx)
    goal.add(*facts)
    return z3.Probe("is-qflira", ctx=facts[0].ctx)(goal) == 1
