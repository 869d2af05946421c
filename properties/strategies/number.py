"""Numbers for tests: small exact rationals, of which two are often equal."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from mechanism.language import Domain
from mechanism.virtual import Affine, PiecewiseLinear, uniform

NONNEGATIVE = Domain(lower=Fraction(0))
# Fractions of a bounded domain, and the steps by which an unbounded one is left.
_PARTS = tuple(sorted({Fraction(n, d) for d in (1, 2, 3, 4) for n in range(d + 1)}))
_DENOMINATORS = (1, 1, 2, 3)


def rationals(domain: Domain = NONNEGATIVE, *, most: int = 6) -> st.SearchStrategy[Any]:
    """Exact numbers inside a domain; flags where the domain is yes or no.

    They are few and have small denominators, so that ties are likely, and they shrink towards the
    domain's lower bound.

    Parameters
    ----------
    domain : Domain
    most : int
        How far an unbounded domain is left behind.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(rationals(Domain(lower=Fraction(0), strict=True)), lambda x: True)
    Fraction(1, 1)
    """
    if domain.boolean:
        return st.booleans()
    low, high = domain.lower, domain.upper
    if domain.integer:
        return _integers(domain, most)
    if low is not None and high is not None:
        parts = _PARTS[1:] if domain.strict else _PARTS
        return st.sampled_from([low + part * (high - low) for part in parts])
    step = st.builds(
        Fraction, st.integers(1 if domain.strict else 0, most), st.sampled_from(_DENOMINATORS)
    )
    if low is not None:
        return step.map(lambda x: low + x)
    if high is not None:
        return step.map(lambda x: high - x)
    return st.builds(Fraction, st.integers(-most, most), st.sampled_from(_DENOMINATORS))


def _integers(domain: Domain, most: int) -> st.SearchStrategy[Fraction]:
    low, high = domain.lower, domain.upper
    first = -most if low is None else -((-low) // 1)  # the smallest whole number that is not less
    if domain.strict and first == low:
        first += 1
    last = first + most if high is None else high // 1
    return st.integers(int(first), int(last)).map(Fraction)


def virtual_values() -> st.SearchStrategy[Affine | PiecewiseLinear]:
    """Strictly increasing functions: virtual values of uniform priors, affine and piecewise linear."""
    whole = st.integers(0, 6)
    priors = st.builds(lambda low, more: uniform(low, low + more), whole, st.integers(1, 6))
    lines = st.builds(
        Affine, rationals(Domain(lower=Fraction(0), strict=True)), rationals(Domain())
    )
    return st.one_of(priors, lines, _broken_lines())


@st.composite
def _broken_lines(draw: st.DrawFn) -> PiecewiseLinear:
    steps = st.lists(rationals(Domain(lower=Fraction(0), strict=True)), min_size=2, max_size=3)
    x, y, knots = Fraction(0), draw(rationals(Domain(upper=Fraction(1)))), []
    for right in draw(steps):
        knots.append((x, y))
        x, y = x + right, y + draw(rationals(Domain(lower=Fraction(0), strict=True)))
    return PiecewiseLinear((*knots, (x, y)))
