"""The number that the audited code computes with: a polynomial over the reports.

It is a `numbers.Real` and no float, so that C code that would drop the symbol raises instead. Comparisons
give plain booleans, after the path has decided them.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from fractions import Fraction
from math import isinf, isnan
from typing import Any

from proofs.engines.paths import nonlinear
from proofs.engines.paths.atoms import AT_MOST, EQUAL, LESS, UNEQUAL, atom, compare
from proofs.engines.paths.control import running
from proofs.engines.paths.forms import Form, Terms, added, form, multiplied, rational, scaled, whole
from proofs.engines.paths.tokens import token

_FLIP = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class Proxy(numbers.Real):
    """A polynomial over the reports of one path. `number` makes one, or a plain number."""

    __slots__ = ("terms", "const")

    def __init__(self, terms: Terms, const: Any) -> None:
        self.terms, self.const = terms, const

    @property
    def form(self) -> Form:
        return form(self.terms, self.const)

    # --- arithmetic ----------------------------------------------------------------------------

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Proxy):
            return number(added(self.terms, other.terms), self.const + other.const)
        value = plain(other)
        if value is None:
            return NotImplemented
        return value if _infinite(value) else Proxy(self.terms, self.const + value)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Proxy):
            return number(added(self.terms, other.terms, -1), self.const - other.const)
        value = plain(other)
        if value is None:
            return NotImplemented
        return -value if _infinite(value) else Proxy(self.terms, self.const - value)

    def __rsub__(self, other: Any) -> Any:
        value = plain(other)
        if value is None:
            return NotImplemented
        return value if _infinite(value) else Proxy(scaled(self.terms, -1), value - self.const)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Proxy):
            return number(*multiplied(self.terms, self.const, other.terms, other.const))
        value = plain(other)
        if value is None:
            return NotImplemented
        if _infinite(value):
            if self == 0:
                raise running().stop("stop", "infinity times zero")
            return value if (self > 0) else -value
        return number(scaled(self.terms, value), self.const * value)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Proxy):
            return number(*nonlinear.quotient(parts(self), parts(other)))
        value = plain(other)
        if value is None:
            return NotImplemented
        if _infinite(value):
            return 0
        if value == 0:
            raise ZeroDivisionError("division by zero")
        factor = whole(Fraction(1) / value)
        return Proxy(scaled(self.terms, factor), self.const * factor)

    def __rtruediv__(self, other: Any) -> Any:
        value = plain(other)
        if value is None or _infinite(value):
            return NotImplemented
        return number(*nonlinear.quotient(parts(value), parts(self)))

    def __floordiv__(self, other: Any) -> Any:
        return floor(self / other)

    def __rfloordiv__(self, other: Any) -> Any:
        return floor(other / self)

    def __mod__(self, other: Any) -> Any:
        return self - other * (self // other)

    def __rmod__(self, other: Any) -> Any:
        return other - self * (other // self)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __pow__(self, other: Any, modulo: Any = None) -> Any:
        exponent = None if modulo is not None else plain(other)
        if exponent == Fraction(1, 2):
            return self.sqrt()
        if not isinstance(exponent, int) or abs(exponent) > 16:
            raise running().stop("stop", f"the power {other} has no exact form")
        result: Any = 1
        for _ in range(abs(exponent)):
            result = result * self
        return result if exponent >= 0 else 1 / result

    def __rpow__(self, other: Any) -> Any:
        raise running().stop("stop", "a report as an exponent has no exact form")

    def __neg__(self) -> Any:
        return Proxy(scaled(self.terms, -1), -self.const)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return self if self >= 0 else -self

    # --- comparisons ---------------------------------------------------------------------------

    def _compare(self, other: Any, sign: str) -> Any:
        test = comparison(self, sign, other)
        if test is NotImplemented or isinstance(test, bool):
            return test
        return running().branch(test)

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, "<")

    def __le__(self, other: Any) -> Any:
        return self._compare(other, "<=")

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, ">")

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, ">=")

    def __eq__(self, other: Any) -> Any:
        return self._compare(other, "==")

    def __ne__(self, other: Any) -> Any:
        return self._compare(other, "!=")

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __hash__(self) -> int:  # type: ignore[override]
        # All alike, so that a set or dict of proxies compares them; but a plain number hashes otherwise.
        running().note("hash")
        return 0

    # --- whole numbers, text and conversions ---------------------------------------------------

    def __floor__(self) -> Any:
        return floor(self)

    def __ceil__(self) -> Any:
        return -floor(-self)

    def __trunc__(self) -> Any:
        return floor(self) if self >= 0 else -floor(-self)

    def __round__(self, digits: Any = None) -> Any:
        if digits is None or digits <= 0:
            unit = 10 ** -(digits or 0)
            return unit * (self / unit).rint()
        running().note("rounding")
        return self

    def __float__(self) -> float:
        raise running().stop("stop", "a report is turned into a machine number here")

    def __int__(self) -> Any:
        raise running().stop("stop", "a report is turned into a whole number here")

    __index__ = __complex__ = __int__

    def __str__(self) -> str:
        return token(self)

    def __repr__(self) -> str:
        return token(self)

    def __format__(self, spec: str) -> str:
        if spec:
            running().note("formatting")
        return token(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise running().stop("stop", "a report is pickled here")

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    @property
    def real(self) -> Any:
        return self

    @property
    def imag(self) -> Any:
        return 0

    def conjugate(self) -> Any:
        return self

    # numpy calls these by name on arrays of objects
    def sqrt(self) -> Any:
        return number(*nonlinear.root(parts(self)))

    def floor(self) -> Any:
        return floor(self)

    def ceil(self) -> Any:
        return -floor(-self)

    def trunc(self) -> Any:
        return self.__trunc__()

    def rint(self) -> Any:
        return number(*nonlinear.nearest(parts(self)))

    def item(self) -> Any:
        return self

    def tolist(self) -> Any:
        return self

    def quantize(self, *args: Any, **kwargs: Any) -> Any:
        """As of a Decimal."""
        running().note("rounding")
        return self

    def is_finite(self) -> bool:
        """As of a Decimal."""
        return True


def number(terms: Terms, const: Any) -> Any:
    """A proxy, or a plain number where nothing depends on the reports."""
    return Proxy(terms, const) if terms else const


def plain(value: Any) -> Any:
    """The exact number of a plain value, an infinite float, or None for what is no number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, (numbers.Number, bool)) or isinstance(value, Proxy):
        return None
    if isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real):
        return None
    if isinstance(value, numbers.Real) and not isinstance(value, numbers.Rational):
        if isnan(value):
            raise running().stop("stop", "not-a-number meets a report here")
        if isinf(value):
            return float(value)
    return rational(value)


def _infinite(value: Any) -> bool:
    return isinstance(value, float)


def comparison(one: Any, sign: str, other: Any) -> Any:
    """``one sign other`` as an atom, or as a boolean where it is decided; NotImplemented for no number."""
    if not isinstance(one, Proxy):
        if not isinstance(other, Proxy):
            return _plainly(one, sign, other)
        one, sign, other = other, _FLIP[sign], one
    if isinstance(other, Proxy):
        terms, const = added(one.terms, other.terms, -1), one.const - other.const
    else:
        value = plain(other)
        if value is None:
            return NotImplemented
        if _infinite(value):
            return {"<": value > 0, "<=": value > 0, ">": value < 0, ">=": value < 0, "==": False, "!=": True}[sign]  # fmt: skip
        terms, const = one.terms, one.const - value
    if sign in (">", ">="):
        terms, const = scaled(terms, -1), -const
    canonical = {"<": LESS, ">": LESS, "<=": AT_MOST, ">=": AT_MOST, "==": EQUAL, "!=": UNEQUAL}
    return atom(canonical[sign], terms, const) if terms else compare(const, canonical[sign])


def _plainly(one: Any, sign: str, other: Any) -> bool:
    tests: dict[str, Callable[[], Any]] = {
        "<": lambda: one < other, "<=": lambda: one <= other, ">": lambda: one > other,
        ">=": lambda: one >= other, "==": lambda: one == other, "!=": lambda: one != other,
    }  # fmt: skip
    return bool(tests[sign]())


def parts(value: Any) -> nonlinear.Parts:
    """The terms and the constant of a proxy or of an exact number."""
    return (value.terms, value.const) if isinstance(value, Proxy) else ({}, value)


def floor(value: Any) -> Any:
    """The whole number below, as `math.floor`."""
    if isinstance(value, Proxy):
        return number(*nonlinear.floor(parts(value)))
    return value.__floor__()
