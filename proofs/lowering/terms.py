"""Building Z3 terms with constants folded, so that what is concrete never reaches the solver."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from typing import Any

import z3

from proofs.lowering import small

# Ranks and counts have few values; as choices between numerals they are decided without arithmetic.
Number = Any  # Fraction or z3 arithmetic term
Condition = Any  # bool or z3 condition


def number(value: Number) -> Any:
    """As a z3 real."""
    if isinstance(value, (int, Fraction)):
        value = Fraction(value)
        return z3.RealVal(f"{value.numerator}/{value.denominator}")
    return z3.ToReal(value) if z3.is_int(value) else value


def condition(value: Condition) -> Any:
    """As a z3 condition."""
    return z3.BoolVal(value) if isinstance(value, bool) else value


def conj(parts: Iterable[Condition]) -> Condition:
    """And, folded."""
    kept = []
    for part in parts:
        if part is False:
            return False
        if part is not True:
            kept.append(part)
    return True if not kept else kept[0] if len(kept) == 1 else z3.And(*kept)


def disj(parts: Iterable[Condition]) -> Condition:
    """Or, folded."""
    kept = []
    for part in parts:
        if part is True:
            return True
        if part is not False:
            kept.append(part)
    return False if not kept else kept[0] if len(kept) == 1 else z3.Or(*kept)


def negate(part: Condition) -> Condition:
    """Not, folded."""
    return not part if isinstance(part, bool) else z3.Not(part)


def implies(one: Condition, other: Condition) -> Condition:
    """If, folded."""
    return disj((negate(one), other))


def iff(one: Condition, other: Condition) -> Condition:
    """If and only if, folded."""
    if isinstance(one, bool):
        return other if one else negate(other)
    if isinstance(other, bool):
        return one if other else negate(one)
    return one == other


def choose_condition(test: Condition, one: Condition, other: Condition) -> Condition:
    """If-then-else on conditions, folded."""
    return disj((conj((test, one)), conj((negate(test), other))))


def choose(test: Condition, one: Number, other: Number) -> Number:
    """If-then-else on numbers, folded."""
    if isinstance(test, bool):
        return one if test else other
    if _same(one, other):
        return one
    return z3.If(test, number(one), number(other))


def compare(one: Number, sign: str, other: Number) -> Condition:
    """``one sign other`` for ``<  <=  >  >=  ==``, folded."""
    if _concrete(one) and _concrete(other):
        return {
            "<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other, "==": one == other,
        }[sign]  # fmt: skip
    if _same(one, other):
        return sign in ("<=", ">=", "==")
    if (few := small.both(one, other)) is not None:
        rows, columns = few
        return disj(
            conj((g, h)) for v, g in rows.items() for w, h in columns.items() if compare(v, sign, w)
        )
    a, b = number(one), number(other)
    if sign == "<":
        return a < b
    if sign == "<=":
        return a <= b
    if sign == ">":
        return a > b
    return a >= b if sign == ">=" else a == b


def plus(parts: Iterable[Number]) -> Number:
    """Sum, folded."""
    constant, terms = Fraction(0), []
    for part in parts:
        if _concrete(part):
            constant += part
        else:
            terms.append(number(part))
    if len(terms) > 1:
        terms = small.added(terms)
    if not terms:
        return constant
    if constant:
        terms.append(number(constant))
    return terms[0] if len(terms) == 1 else z3.Sum(*terms)


def times(parts: Iterable[Number]) -> Number:
    """Product, folded; a choice between numerals is multiplied out, so that it stays linear."""
    return reduce(_times, parts, Fraction(1))


def _times(a: Number, b: Number) -> Number:
    if _concrete(a) and _concrete(b):
        return a * b
    if _concrete(b):
        a, b = b, a
    if _concrete(a):
        if a in (0, 1):
            return b if a else Fraction(0)
        return _spread(b, a) if _choice_of_numerals(b) else number(a) * number(b)
    if _choice_of_numerals(b):
        a, b = b, a
    if _choice_of_numerals(a):
        return _spread(a, b)
    return number(a) * number(b)


def _spread(choice: Any, factor: Any) -> Any:
    if z3.is_rational_value(choice):
        return _times(choice.as_fraction(), factor)
    test, one, other = choice.children()
    return choose(test, _spread(one, factor), _spread(other, factor))


def _choice_of_numerals(term: Any) -> bool:
    if z3.is_rational_value(term):
        return True
    return (
        z3.is_app_of(term, z3.Z3_OP_ITE)
        and _choice_of_numerals(term.children()[1])
        and _choice_of_numerals(term.children()[2])
    )


def _concrete(value: Any) -> bool:
    return isinstance(value, (int, Fraction))


def _same(one: Any, other: Any) -> bool:
    if _concrete(one) or _concrete(other):
        return _concrete(one) and _concrete(other) and one == other
    return one.eq(other)
