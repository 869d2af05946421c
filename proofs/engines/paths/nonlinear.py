"""Numbers that are no polynomials: quotients, roots, whole parts.

Each is an auxiliary variable of the path with what defines it, made once for an expression, and a function
of it. A whole part is a whole number to Z3.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

from proofs.engines.paths.atoms import AT_MOST, EQUAL, LESS, atom
from proofs.engines.paths.control import running
from proofs.engines.paths.forms import Terms, added, form, multiplied, scaled, whole

Parts = tuple[Terms, Any]  # terms and constant


def quotient(above: Parts, below: Parts) -> Parts:
    """A number whose product with the divisor is known; a divisor of zero is a path of its own."""
    path = running()
    if path.branch(atom(EQUAL, *below)):
        raise ZeroDivisionError("division by zero")
    if not above[0] and above[1] == 0:
        return {}, 0
    if (ratio := _ratio(above, below)) is not None:
        return {}, ratio
    variable, new = path.auxiliary("quotient", form(*above), form(*below))
    if new:
        terms, const = multiplied({(variable,): 1}, 0, *below)
        path.define(EQUAL, added(terms, above[0], -1), const - above[1])
    return {(variable,): 1}, 0


def _ratio(a: Parts, b: Parts) -> Any:
    """The constant quotient of two proportional forms."""
    if a[0].keys() != b[0].keys():
        return None
    lead = next(iter(b[0]))
    factor = Fraction(a[0][lead]) / b[0][lead]
    same = a[1] == factor * b[1] and all(a[0][m] == factor * c for m, c in b[0].items())
    return whole(factor) if same else None


def root(of: Parts) -> Parts:
    """The square root: |c x| of a square, else a number whose square is known."""
    path, (terms, const) = running(), of
    if path.branch(atom(LESS, terms, const)):
        raise ValueError("math domain error")
    if len(terms) == 1 and const == 0:
        ((monomial, coefficient),) = terms.items()
        scale = _rational_root(Fraction(coefficient))
        if len(monomial) == 2 and monomial[0] == monomial[1] and scale is not None:
            base: Terms = {monomial[:1]: scale}
            return (scaled(base, -1) if path.branch(atom(LESS, base, 0)) else base), 0
    variable, new = path.auxiliary("root", form(terms, const))
    if new:
        path.define(AT_MOST, {(variable,): -1}, 0)
        path.define(EQUAL, added({(variable, variable): 1}, terms, -1), -const)
    return {(variable,): 1}, 0


def _rational_root(value: Fraction) -> Any:
    if value < 0:
        return None
    above, below = isqrt(value.numerator), isqrt(value.denominator)
    exact = above * above == value.numerator and below * below == value.denominator
    return whole(Fraction(above, below)) if exact else None


def floor(of: Parts) -> Parts:
    """The whole number q with q <= x < q + 1."""
    path, (terms, const) = running(), of
    variable, new = path.auxiliary("floor", form(terms, const), integer=True)
    if new:
        path.define(AT_MOST, added({(variable,): 1}, terms, -1), -const)
        path.define(LESS, added(terms, {(variable,): 1}, -1), const - 1)
    return {(variable,): 1}, 0


def nearest(of: Parts) -> Parts:
    """The nearest whole number; of two that are equally near, which is a path of its own, the even one."""
    terms, const = of
    shifted = (terms, const + Fraction(1, 2))
    above = floor(shifted)
    if running().branch(atom(LESS, added(above[0], terms, -1), -shifted[1])):
        return above
    half = floor((scaled(above[0], Fraction(1, 2)), 0))
    return scaled(half[0], 2), 0
