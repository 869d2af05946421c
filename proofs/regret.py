"""Regret: the exact supremum of what a misreport gains, for each number of agents."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import z3

from proofs.counterexample import Counterexample
from proofs.lowering.obligation import Lowered, instance_of
from proofs.lowering.terms import number
from proofs.verdict import Finding, Number

if TYPE_CHECKING:
    from proofs.decide import Question


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
    values_found, witness, trouble = [], None, ""
    for n in question.sizes:
        best = _largest(question, n)
        if isinstance(best, str):
            trouble = f"{n} agents: {best}"
            break
        value, attained, instance = best
        values_found.append((n, value, attained))
        if witness is None and instance is not None:
            witness = Counterexample(
                question.target or question.obligation.rule.id,
                question.obligation.property.id,
                instance,
                _margin(question, instance),
                parameters=dict(question.parameters),
                ties=question.obligation.rule.ties,
            )
    return Number(tuple(values_found), witness, trouble)


def _margin(question: Question, instance: Any) -> Fraction | None:
    from properties.check import check

    return check(question.obligation, instance).margin


def _largest(question: Question, agents: int) -> tuple[Fraction, bool, Any] | str:
    from proofs.engines.fixed import lowerings

    obligation = question.obligation
    best: tuple[Fraction, bool, Any] = (Fraction(0), True, None)
    for lowered in lowerings(obligation, agents, obligation.rule.ties, canonical=False):
        if time.monotonic() > question.deadline:
            return "time ran out"
        found = _optimum(lowered, question.budget.rlimit)
        if isinstance(found, str):
            return found
        if found is not None and (found[0], found[1]) > (best[0], best[1]):
            best = found
    return best


def _optimum(lowered: Lowered, rlimit: int) -> tuple[Fraction, bool, Any] | str | None:
    optimiser = z3.Optimize()
    optimiser.set("rlimit", rlimit)
    start = len(lowered.fixed.definitions)
    margin = number(lowered.fixed.read(lowered.obligation.margin))
    optimiser.add(*lowered.premises, *lowered.fixed.definitions[start:])
    handle = optimiser.maximize(margin)
    status = str(optimiser.check())
    if status == "unsat":
        return None
    if status != "sat":
        return "the solver gave up"
    finite, infinite, below = _parts(optimiser.upper_values(handle))
    if infinite != 0 or finite is None or below is None:
        return "the supremum is not a number"
    # The optimum may lie just below the supremum: then it is approached, not attained.
    attained = below == 0
    solver = z3.Solver()
    solver.set("rlimit", rlimit)
    room = margin == number(finite) if attained else margin > number(finite - Fraction(1, 1000))
    solver.add(*lowered.premises, *lowered.fixed.definitions[start:], room)
    if str(solver.check()) != "sat":
        return "the optimum was not confirmed"
    above = z3.Solver()
    above.set("rlimit", rlimit)
    above.add(*lowered.premises, *lowered.fixed.definitions[start:], margin > number(finite))
    if str(above.check()) != "unsat":
        return "the optimum was not confirmed"
    values = {}
    for declaration in solver.model().decls():
        if declaration.arity() == 0:
            values[declaration.name()] = _value(solver.model()[declaration])
    return finite, attained, instance_of(lowered, values)


def _parts(bounds: Any) -> tuple[Fraction | None, Any, Fraction | None]:
    infinite, finite, below = bounds
    return _value(finite), _value(infinite), _value(below)


def _value(term: Any) -> Any:
    if z3.is_int_value(term):
        return Fraction(term.as_long())
    if z3.is_rational_value(term):
        return term.as_fraction()
    return z3.is_true(term) if z3.is_bool(term) else None
