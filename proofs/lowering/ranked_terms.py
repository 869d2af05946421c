"""Arithmetic over Z3 terms that keeps whole numbers whole: ranks and counts are integers, money is real.

As in `proofs.lowering.terms`, constants stay exact Python values as long as they can, so that what is
known before any solver runs disappears from the formulas.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import z3
import z3.z3core as core

from proofs.lowering.terms import condition

SIGNS = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq,
}  # fmt: skip


def term(number: Any, like: Any = None) -> Any:
    """A number as a Z3 term; a whole one is an integer unless `like` is a real term."""
    if not isinstance(number, Fraction):
        return number
    if number.denominator == 1 and not (isinstance(like, z3.ArithRef) and like.is_real()):
        return z3.IntVal(number.numerator)
    return z3.RealVal(number)


def plus(numbers: Iterable[Any]) -> Any:
    """The sum; two choices between numerals are one choice again."""
    total: Any = Fraction(0)
    for number in numbers:
        total = _plus(total, number)
    return total


def _plus(one: Any, other: Any) -> Any:
    one, other = _number(one), _number(other)
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one + other
    if _is(one, 0) or _is(other, 0):
        return other if _is(one, 0) else one
    for choice, number in ((one, other), (other, one)):
        if z3.is_app_of(choice, z3.Z3_OP_ITE) and _numerals(choice) and _numerals(number):
            test, then, otherwise = choice.children()
            return choose(test, _plus(then, number), _plus(otherwise, number))
    return term(one, other) + term(other, one)


def times(numbers: Iterable[Any]) -> Any:
    """The product; a choice between numerals is multiplied out, so that it stays linear."""
    product: Any = Fraction(1)
    for number in numbers:
        product = _times(product, number)
    return product


def _times(one: Any, other: Any) -> Any:
    for choice, factor in ((one, other), (other, one)):
        if z3.is_app_of(choice, z3.Z3_OP_ITE) and _numerals(choice):
            test, then, otherwise = choice.children()
            return choose(test, _times(then, factor), _times(otherwise, factor))
    one, other = _number(one), _number(other)
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one * other
    if isinstance(other, Fraction):
        one, other = other, one
    if not isinstance(one, Fraction):
        return one * other
    if (
        one == -1
        and z3.is_mul(other)
        and other.num_args() == 2
        and z3.is_rational_value(other.arg(0))
    ):
        return _times(-other.arg(0).as_fraction(), other.arg(1))
    return one if one == 0 else other if one == 1 else term(one, other) * other


def _number(number: Any) -> Any:
    if z3.is_rational_value(number):
        return Fraction(number.as_fraction())
    return Fraction(number.as_long()) if z3.is_int_value(number) else number


def _numerals(number: Any) -> bool:
    """Whether a term is a number, or a choice between numbers."""
    if isinstance(number, Fraction):
        return True
    if z3.is_app_of(number, z3.Z3_OP_ITE):
        return _numerals(number.arg(1)) and _numerals(number.arg(2))
    return z3.is_rational_value(number) or z3.is_int_value(number)


def minus(one: Any, other: Any) -> Any:
    """The difference."""
    return plus([one, times([Fraction(-1), other])])


def compare(one: Any, sign: str, other: Any) -> Any:
    """``one sign other``."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return bool(SIGNS[sign](one, other))
    return SIGNS[sign](term(one, other), term(other, one))


def choose(test: Any, one: Any, other: Any) -> Any:
    """The one number if the test holds, else the other."""
    if isinstance(test, bool):
        return one if test else other
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        if one == other:
            return one
        real = None if one.denominator == other.denominator == 1 else z3.RealVal(0)
        return z3.If(test, term(one, real), term(other, real))
    return z3.If(test, term(one, other), term(other, one))


def occurs(part: Any, whole: Any) -> bool:
    """Whether one term is part of another."""
    if not z3.is_expr(whole):
        return False
    wanted = part.get_id()
    return any(identity == wanted for identity, _ in _walk([whole]))


def of_kind(kind: int, *terms: Any) -> list[Any]:
    """Every subterm made by a kind of operator, for example ``z3.Z3_OP_ITE``, once."""
    context = z3.main_ctx()
    return [
        z3.z3._to_expr_ref(node, context)
        for _, node in _walk(terms)
        if core.Z3_get_decl_kind(context.ref(), core.Z3_get_app_decl(context.ref(), node)) == kind
    ]


def _walk(terms: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """The identities and bare handles of all subterms. No Python object is made for each of them, which
    is most of the cost of looking through a large formula.
    """
    context, seen = z3.main_ctx().ref(), set()
    stack = [term_.as_ast() for term_ in terms]
    while stack:
        node = stack.pop()
        if (identity := core.Z3_get_ast_id(context, node)) not in seen:
            seen.add(identity)
            yield identity, node
            count = core.Z3_get_app_num_args(context, node)
            stack += [core.Z3_get_app_arg(context, node, n) for n in range(count)]


def put(whole: Any, part: Any, value: Any) -> Any:
    """A term with one part replaced, its index arithmetic tidied up."""
    return z3.simplify(z3.substitute(whole, (part, term(value)))) if z3.is_expr(whole) else whole


def inside(low: Any, place: Any, high: Any) -> Any:
    """Whether a place lies between two others."""
    return z3.And(low <= place, place <= high)


def symbol(name: str) -> str:
    """A name as part of an SMT-LIB symbol; different names stay different."""
    return re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}_", name)


def _is(number: Any, value: int) -> bool:
    return isinstance(number, Fraction) and number == value


__all__ = [
    "choose",
    "compare",
    "condition",
    "inside",
    "minus",
    "occurs",
    "of_kind",
    "plus",
    "put",
    "symbol",
    "term",
    "times",
]
