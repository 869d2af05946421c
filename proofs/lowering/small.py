"""Numbers with few values: a rank, a count, a quantity of 0 or 1.

They are choices between numerals. Adding and comparing them case by case keeps them so, and leaves the
solver with conditions on the order of the reports instead of sums of integers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import z3

MAX_VALUES = 12
Table = dict[Fraction, Any]  # value -> when; disjoint, and one of them holds

_known: dict[int, tuple[Any, Table | None]] = {}


def values(term: Any) -> Table | None:
    """The values of a choice between numerals, each with its condition; None for anything else."""
    if isinstance(term, (int, Fraction)):
        return {Fraction(term): z3.BoolVal(True)}
    found = _known.get(term.get_id())
    if found is None or not found[0].eq(term):
        found = _known[term.get_id()] = (term, _values(term))
    return found[1]


def _values(term: Any) -> Table | None:
    if z3.is_rational_value(term) or z3.is_int_value(term):
        value = term.as_fraction() if z3.is_rational_value(term) else Fraction(term.as_long())
        return {value: z3.BoolVal(True)}
    if not z3.is_app_of(term, z3.Z3_OP_ITE):
        return None
    test, one, other = term.children()
    yes, no = values(one), values(other)
    if yes is None or no is None or len(yes.keys() | no.keys()) > MAX_VALUES:
        return None
    table: Table = {}
    for value in sorted(yes.keys() | no.keys()):
        ways = [_and(test, yes[value])] if value in yes else []
        if value in no:
            ways.append(_and(z3.Not(test), no[value]))
        table[value] = _or(ways)
    return table


def term_of(table: Table) -> Any:
    """The table as a choice between numerals."""
    (last, _), *rest = reversed(list(table.items()))
    term = _numeral(last)
    for value, when in rest:
        term = z3.If(when, _numeral(value), term)
    _known[term.get_id()] = (term, table)
    return term


def added(terms: list[Any]) -> list[Any]:
    """The terms of a sum, with those of few values added up."""
    total: Table | None = None
    left = []
    for term in terms:
        table = values(term)
        if table is None or (total is not None and len(total) * len(table) > MAX_VALUES * 4):
            left.append(term)
        else:
            total = table if total is None else _sum(total, table)
    return left if total is None else [*left, term_of(total)]


def both(one: Any, other: Any) -> tuple[Table, Table] | None:
    """The values of both sides of a comparison, if both have few."""
    left, right = values(one), values(other)
    return None if left is None or right is None else (left, right)


def _sum(one: Table, other: Table) -> Table:
    ways: dict[Fraction, list[Any]] = {}
    for v, g in one.items():
        for w, h in other.items():
            ways.setdefault(v + w, []).append(_and(g, h))
    return {value: _or(ways[value]) for value in sorted(ways)}


def _numeral(value: Fraction) -> Any:
    return z3.RealVal(f"{value.numerator}/{value.denominator}")


def _and(one: Any, other: Any) -> Any:
    return other if z3.is_true(one) else one if z3.is_true(other) else z3.And(one, other)


def _or(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else z3.Or(*parts)
