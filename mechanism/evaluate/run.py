"""Run a rule: once, exactly, or on a whole array of report profiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp

from mechanism.definedness import well_defined
from mechanism.errors import InputError, MissingExtra, RuleError
from mechanism.evaluate.arithmetic import fractions
from mechanism.evaluate.array_inputs import read_arrays
from mechanism.evaluate.arrays import Array
from mechanism.evaluate.batch import Batch
from mechanism.evaluate.inputs import Inputs, read_profile
from mechanism.evaluate.magnitude import Magnitude
from mechanism.evaluate.profiles import LIMIT, OUTCOMES, sort_size
from mechanism.language import Index, is_index
from mechanism.outcome import Outcome

if TYPE_CHECKING:
    from mechanism.rule import Rule

__all__ = ["run", "run_batch"]

INT64 = 2**63 - 1
FEW = 500  # outcomes that are enumerated even where the rule has a solver


def run(
    rule: Rule, reports: tuple, parameters: Mapping[str, Any], order: Sequence[int] | None = None
) -> Outcome:
    """Run an auction once, in exact rationals.

    Parameters
    ----------
    rule : Rule
    reports : tuple
        For each family of reports, one entry for each agent: a number, or a sequence over the goods or
        outcomes. Bids on bundles are a mapping from sets of goods to numbers (0 for those left out), or
        a sequence in the order of `mechanism.instance.sort_domain`.
    parameters : mapping
        A value, or a sequence of values, for each parameter of the rule; or the size of a sort that
        cannot be read off the reports (``good=3``).
    order : sequence of int, optional
        Under the tie policy ``any``, the agents from first to last in tie-breaking.

    Returns
    -------
    Outcome
        With Fractions for quantities and payments.

    Raises
    ------
    InputError
        For reports or parameters that the rule cannot take.
    RuleError
        Where the rule itself has no value, for example because it divides by zero.

    Notes
    -----
    Rules that choose among all matchings or partitions enumerate them, up to a limit. A rule with a
    `solver` is run by that one where they are many, with the same outcome.

    Examples
    --------
    >>> from mechanism.registry import rule
    >>> rule("second-price-reserve").run([3, "7.5", 5], reserve=6).payments
    (Fraction(0, 1), Fraction(6, 1), Fraction(0, 1))
    """
    inputs = read_profile(rule, reports, parameters)
    agents = inputs.sizes["agent"]
    if agents == 0:
        return Outcome((), ())
    if rule.solver and (outcomes := _most_outcomes(rule, inputs.sizes)) > FEW:
        try:
            return _solve(rule, inputs)
        except MissingExtra:
            if outcomes > LIMIT:
                raise
    orders = {} if order is None else {"truth": _order(rule, order, agents)}
    batch = Batch(inputs.sizes, inputs.tables, rule.ties, orders=orders, exact=True)
    allocation, payments = _evaluate(rule, batch)
    decided = int(allocation[0]) if is_index(rule.allocation) else _fractions(allocation[0])
    return Outcome(decided, _fractions(payments[0]))


def run_batch(rule: Rule, reports: tuple, parameters: Mapping[str, Any]) -> Outcome:
    """Run an auction on a batch of report profiles.

    Parameters
    ----------
    rule : Rule
    reports : tuple of array
        For each family of reports an array with the axes [row, agent], or [row, agent, good] and the
        like: bundles are in the order of `mechanism.instance.sort_domain`. Integers and doubles are
        computed as such, arrays of Fractions (dtype object) exactly.
    parameters : mapping
        As for `run`; or an array with one axis more, the first, for a value in each row.

    Returns
    -------
    Outcome
        `allocation` is an array [row, agent] (or [row, agent, good]; for a public decision [row]),
        `payments` an array [row, agent].

    Raises
    ------
    InputError, RuleError
        As for `run`, naming the row.

    Notes
    -----
    Integers become doubles when they are divided. Where int64 could overflow, Python's integers are
    used instead, which is slower.

    Examples
    --------
    >>> from mechanism.registry import rule
    >>> rule("second-price").run_batch(np.array([[3, 7, 5], [2, 2, 1]])).payments
    array([[0, 5, 0],
           [2, 0, 0]])
    """
    inputs, rows = read_arrays(rule, reports, parameters)
    agents = inputs.sizes["agent"]
    if rows == 0 or agents == 0:
        shape = [inputs.sizes[index.sort] for index in _axes(rule)]
        return Outcome(np.zeros((rows, *shape)), np.zeros((rows, agents)))
    batch = Batch(inputs.sizes, inputs.tables, rule.ties, exact=_may_overflow(rule, inputs))
    parts = _evaluate(rule, batch)
    return Outcome(*(fractions(part) if part.dtype == object else part for part in parts))


def _conditions(rule: Rule) -> list[Any]:
    """What must hold for the rule to be run."""
    defined = well_defined(rule.allocation, rule.payment, rule.agent, rule.good)
    return [c for c in (*rule.assumptions, rule.admissible, defined) if c != sp.true]


def _axes(rule: Rule) -> tuple[Index, ...]:
    """The indices that an allocation is over."""
    if is_index(rule.allocation):
        return ()
    return (rule.agent,) if rule.good is None else (rule.agent, rule.good)


def _evaluate(rule: Rule, batch: Batch) -> tuple[Array, Array]:
    """Allocation and payments of all rows, if every condition holds in all of them."""
    conditions = _conditions(rule)
    axes = [(rule.agent,) if c is rule.admissible else () for c in conditions]
    parts = [*conditions, rule.allocation, rule.payment]
    *met, allocation, payments = batch.evaluate(parts, axes=[*axes, _axes(rule), (rule.agent,)])
    for condition, holds in zip(conditions, met):
        if not holds.all():
            raise _unmet(rule, condition, np.argwhere(~holds)[0], len(holds))
    return allocation, payments


def _unmet(rule: Rule, condition: Any, where: Array, rows: int) -> InputError | RuleError:
    place = "" if rows == 1 else f"row {where[0]}: "
    if condition is rule.admissible:
        return InputError(
            f"{place}the report of agent {where[1]} is not admissible: it must meet {condition}"
        )
    if condition in rule.assumptions:
        return InputError(f"{place}{rule.id} assumes {condition}, which does not hold here")
    return RuleError(
        f"{place}{rule.id} has no value here: it divides by zero, has no case that applies, or looks "
        "up somebody who is not there"
    )


def _order(rule: Rule, order: Sequence[int], agents: int) -> tuple[int, ...]:
    if rule.ties != "any":
        raise InputError(
            f"{rule.id}: ties go to the {rule.ties}; an order of the agents is for rules with ties='any'"
        )
    if sorted(order) != list(range(agents)):
        raise InputError(f"order: name each agent from 0 to {agents - 1} once, not {list(order)}")
    return tuple(order)


def _solve(rule: Rule, inputs: Inputs) -> Outcome:
    module, _, name = rule.solver.partition(":")
    return getattr(import_module(module), name)(rule, {**rule.given, **inputs.tables})


def _most_outcomes(rule: Rule, sizes: Mapping[str, int]) -> int:
    """The size of the largest sort that the rule would have to enumerate."""
    indices = rule.allocation.atoms(Index) | rule.payment.atoms(Index)
    return max((sort_size(i.sort, sizes) for i in indices if i.sort in OUTCOMES), default=0)


def _may_overflow(rule: Rule, inputs: Inputs) -> bool:
    """Whether a computation in int64 could overflow."""
    if all(table.dtype.kind != "i" for table in inputs.tables.values()):
        return False
    functions = {
        name: set(t.flat) for name, t in inputs.tables.items() if name not in inputs.bounds
    }
    magnitude = Magnitude(inputs.sizes, inputs.bounds, functions)
    for part in (*_conditions(rule), rule.allocation, rule.payment):
        magnitude.of(part)
    return magnitude.largest >= INT64


def _fractions(table: Array) -> tuple:
    """Nested tuples of Fractions."""
    if table.ndim > 1:
        return tuple(map(_fractions, table))
    return tuple(map(Fraction, table.tolist()))
