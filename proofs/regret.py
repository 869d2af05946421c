"""Regret: the exact supremum of what a misreport gains, for each number of agents."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy as sp
import z3

from mechanism.definedness import well_defined
from mechanism.instance import Instance
from proofs.cells import supremum_on_cell
from proofs.counterexample import Counterexample
from proofs.engines.fixed import lowerings
from proofs.enumerate import highest_on_grid
from proofs.lowering.homogeneous import proportional
from proofs.lowering.obligation import Lowered, instance_of, size_choices
from proofs.lowering.symmetry import in_order
from proofs.lowering.terms import number
from proofs.question import EngineError
from proofs.solver import Answer, solve
from proofs.source import source_of
from proofs.verdict import Finding, Number, counted
from properties.check import check

if TYPE_CHECKING:
    from mechanism.rule import Rule
    from proofs.question import Question


def supremum(question: Question, proved: Finding | None) -> Number:
    """The supremum of the margin for each number of agents.

    Parameters
    ----------
    proved : Finding or None
        A proof that the margin is never positive; then the supremum is 0 and truth attains it.

    Returns
    -------
    Number
        With as many sizes as could be established exactly, from the smallest on.
    """
    if proved is not None:
        values = tuple((n, Fraction(0), True) for n in question.sizes)
        return Number(values, reason="no misreport gains anything, for any number of agents")
    values_found: list[tuple[int, Fraction | None, bool]] = []
    witness, twice, reason = None, None, ""
    spent: list[int] = []
    grows_with = proportional(question.obligation)
    for n in question.sizes:
        found = None if grows_with is None else _violation(question, n)
        if grows_with is not None and found is not None:
            values_found.append((n, None, False))
            reason = f"the gain is proportional to {grows_with}, which has no upper bound"
            if twice is None:
                witness = _counterexample(question, found)
                twice = _counterexample(question, scaled(found, grows_with.name, 2))
                _must_be_twice(witness, twice)
            continue
        if max(spent, default=0) > PATIENCE:
            reason = f"{counted(n, 'agent')}: not tried, since a check for {n - 1} took {max(spent)} of the solver's resources"
            break
        rlimit, spent = question.budget.rlimit, []
        best = _largest(question, n, min(rlimit, PATIENCE) if values_found else rlimit, spent)
        if isinstance(best, str):
            reason = f"{counted(n, 'agent')}: {best}"
            break
        value, attained, instance = best
        values_found.append((n, value, attained))
        if witness is None and instance is not None:
            witness = _counterexample(question, instance)
    return Number(tuple(values_found), witness, reason, twice)


MAX_PROPOSALS = 4
PATIENCE = 3_000_000  # solver resources for one check, once there is a number to show;
# a check that takes more is not made for one agent more
CLOSE = Fraction(1, 1000)  # an instance this close shows that a supremum is approached


def _counterexample(question: Question, instance: Instance) -> Counterexample:
    return Counterexample(
        question.target or question.obligation.rule.id,
        question.obligation.property.id,
        instance,
        check(question.obligation, instance).margin,
        parameters=dict(question.parameters),
        ties=question.obligation.rule.ties,
        source=source_of(question.target),
    )


def _violation(question: Question, agents: int) -> Instance | None:
    """A profile with a gain, out of 0 and 1."""
    for sizes in size_choices(question.obligation, agents):
        found = highest_on_grid(question.obligation, sizes)
        if found is not None and found[0] > 0:
            return found[1]
    return None


def scaled(instance: Instance, name: str, factor: int) -> Instance:
    """The same instance with every entry of one family multiplied."""

    def times(table: Any) -> Any:
        return tuple(map(times, table)) if isinstance(table, tuple) else table * factor

    return replace(instance, tables={**instance.tables, name: times(instance.tables[name])})


def _must_be_twice(one: Counterexample, other: Counterexample) -> None:
    if one.margin is None or other.margin != 2 * one.margin:
        raise EngineError(f"the gain {one.margin} should double, but is {other.margin}")


def _largest(
    question: Question, agents: int, rlimit: int, spent: list[int]
) -> tuple[Fraction, bool, Any] | str:
    """The supremum for a number of agents: the best on a grid of 0 and 1 is tried first. What its checks
    took is added to `spent`.
    """
    obligation = question.obligation
    best: tuple[Fraction, bool, Any] = (Fraction(0), True, None)
    for sizes in size_choices(obligation, agents):
        found = highest_on_grid(obligation, sizes)
        if found is not None and found[0] > best[0]:
            best = (found[0], True, found[1])

    def exceeded(lowered: Lowered) -> bool:
        answer = _exceeds(lowered, best[0], rlimit)
        spent.append(min(answer.rlimit, rlimit))
        return answer.status != "unsat"

    def surely_highest() -> bool:
        """Whether nothing is higher with ties left open, where all agents are alike: fewer questions."""
        if not obligation.rule.exchangeable or time.monotonic() > question.deadline:
            return False
        return not any(exceeded(low) for low in lowerings(obligation, agents, "free", True))

    if surely_highest():
        return best
    for lowered in lowerings(obligation, agents, obligation.rule.ties, False):
        if time.monotonic() > question.deadline:
            return "time ran out"
        if not exceeded(lowered):
            continue
        higher = _optimum(lowered, rlimit)
        if isinstance(higher, str):
            return higher
        if higher is not None and (higher[0], higher[1]) > (best[0], best[1]):
            best = higher
            if surely_highest():
                return best
    return best


def _exceeds(lowered: Lowered, value: Fraction, rlimit: int) -> Answer:
    """Whether the margin can be above a value."""
    start = len(lowered.fixed.definitions)
    margin = number(lowered.fixed.read(lowered.obligation.margin))
    alike = in_order(lowered) if lowered.fixed.ties == "free" else []
    facts = [*lowered.premises, *lowered.fixed.definitions[start:], *alike, margin > number(value)]
    return solve(facts, rlimit=rlimit)


def _optimum(lowered: Lowered, rlimit: int) -> tuple[Fraction, bool, Any] | str | None:
    """The supremum, whether it is attained, and an instance at it or close to it.

    From a model with a higher margin to the supremum on the cell of that model, until no margin is higher.
    """
    start = len(lowered.fixed.definitions)
    context = z3.Context()  # what a solver does depends on what else its context holds
    margin = number(lowered.fixed.read(lowered.obligation.margin)).translate(context)
    facts = [f.translate(context) for f in (*lowered.premises, *lowered.fixed.definitions[start:])]
    best: Fraction | None = None
    cell: list[Any] = []

    def model(*more: Any) -> Any:
        """A model, None if there is none, or why that is not known."""
        solver = z3.Solver(ctx=context)
        solver.set("rlimit", rlimit)
        solver.add(*facts, *more)
        status = solver.check()
        if status == z3.unknown:
            return "the solver gave up"
        return solver.model() if status == z3.sat else None

    for _ in range(MAX_PROPOSALS):
        above = [] if best is None else [margin > number(best).translate(context)]
        found = model(*above)
        if isinstance(found, str):
            return found
        if found is None:
            break
        on_cell = supremum_on_cell(facts, margin, found)
        if on_cell is None:
            return _unbounded(lowered.obligation.rule)
        best, cell = on_cell
    else:
        return f"{MAX_PROPOSALS} proposals were all exceeded"
    if best is None:
        return None
    at, near = (number(v).translate(context) for v in (best, best - CLOSE))
    rooms = [([*cell, margin == at], True), ([margin == at], True), ([*cell, margin > near], False)]
    for room, attained in rooms:
        shown = model(*room)
        if isinstance(shown, str):
            return "whether the supremum is attained was not decided"
        if shown is not None:
            values = {d.name(): _value(shown[d]) for d in shown.decls() if d.arity() == 0}
            return best, attained, instance_of(lowered, values)
    return "the optimum was not confirmed"


def _unbounded(rule: Rule) -> str:
    """Why there is no number. A quotient by zero may be anything to the solver, and so unbounded."""
    if well_defined(rule.allocation, rule.payment, rule.agent, rule.good) == sp.true:
        return "there is no finite supremum"
    return (
        "not decided, since the rule has no value at some reports (a division by zero, for example)"
    )


def _value(term: Any) -> Any:
    if z3.is_int_value(term):
        return Fraction(term.as_long())
    if z3.is_rational_value(term):
        return term.as_fraction()
    return z3.is_true(term) if z3.is_bool(term) else None
