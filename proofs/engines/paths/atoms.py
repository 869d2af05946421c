"""Atoms: comparisons of a polynomial with zero, in one canonical form each.

A comparison of two numbers is one atom whatever the sides it was written on, so that what was decided once
is looked up and not decided again.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from proofs.engines.paths.forms import Form, Terms

LESS, AT_MOST, EQUAL, UNEQUAL = "<", "<=", "==", "!="
_OPPOSITE = {LESS: AT_MOST, AT_MOST: LESS, EQUAL: UNEQUAL, UNEQUAL: EQUAL}


class Atom:
    """``form sign 0``, scaled so that the first coefficient is 1 or -1 (or 1, where the sign allows).

    Parameters
    ----------
    difference : (int, int, number) or None
        For ``x - y + c sign 0``: the places of x and y in a difference-bound matrix (0 for no variable,
        variable v at v + 1) and the bound -c.
    """

    __slots__ = ("sign", "form", "difference", "key", "_negation")

    def __init__(self, sign: str, form: Form) -> None:
        self.sign, self.form = sign, form
        self.key = (sign, form)
        self.difference = _difference(form)
        self._negation: Atom | None = None

    @property
    def negation(self) -> Atom:
        if self._negation is None:
            if self.sign in (EQUAL, UNEQUAL):
                opposite = Atom(_OPPOSITE[self.sign], self.form)
            else:
                terms = tuple((m, -c) for m, c in self.form.terms)
                opposite = Atom(_OPPOSITE[self.sign], Form(terms, -self.form.const))
            self._negation, opposite._negation = opposite, self
        return self._negation

    def holds(self, of: Mapping[int, Any]) -> bool:
        """Whether it holds where the variables have values."""
        return compare(self.form.value(of), self.sign)


def compare(value: Any, sign: str) -> bool:
    """``value sign 0`` for a number."""
    if sign == LESS:
        return bool(value < 0)
    if sign == AT_MOST:
        return bool(value <= 0)
    return bool(value == 0) if sign == EQUAL else bool(value != 0)


def atom(sign: str, terms: Terms, const: Any) -> Atom:
    """``terms + const sign 0``; there must be a term."""
    rows = sorted(terms.items())
    lead = rows[0][1]
    if sign in (LESS, AT_MOST):
        lead = abs(lead)
    if lead == 1:
        return Atom(sign, Form(tuple(rows), const))
    if lead == -1:
        return Atom(sign, Form(tuple((m, -c) for m, c in rows), -const))
    return Atom(sign, Form(tuple((m, _over(c, lead)) for m, c in rows), _over(const, lead)))


def _over(value: Any, lead: Any) -> Any:
    result = Fraction(value) / lead
    return result.numerator if result.denominator == 1 else result


def _difference(form: Form) -> tuple[int, int, Any] | None:
    terms = form.terms
    if len(terms) == 1:
        ((monomial, coefficient),) = terms
        if len(monomial) == 1 and coefficient in (1, -1):
            place = monomial[0] + 1
            return (place, 0, -form.const) if coefficient == 1 else (0, place, -form.const)
        return None
    if len(terms) == 2:
        (m, c), (n, d) = terms
        if len(m) == len(n) == 1 and c in (1, -1) and d == -c:
            one, other = (m[0] + 1, n[0] + 1) if c == 1 else (n[0] + 1, m[0] + 1)
            return one, other, -form.const
    return None
