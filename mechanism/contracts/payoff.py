"""What an item is worth to a type: the payoff families of contract theory, and a user's own.

References
----------
P. Bolton, M. Dewatripont, Contract Theory, MIT Press, 2005, ch. 2 and 9.
J.-J. Laffont, D. Martimort, The Theory of Incentives, Princeton, 2002, ch. 2 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy as sp

from mechanism.contracts.expression import parse
from mechanism.errors import InputError
from mechanism.language import Max, Min, exact
from mechanism.language.arithmetic import constant
from mechanism.language.door import admit

# The type, the quality and the reward, in formulas.
THETA, Q, R = sp.symbols("theta q r", real=True)
FAMILIES = ("reward-minus-cost-over-type", "type-times-value-minus-cost", "expression")


@dataclass(frozen=True)
class Payoff:
    """The payoff of an agent of type theta from quality q at reward r.

    Parameters
    ----------
    family : str
        One of `FAMILIES`.
    u : expression in THETA, Q, R
    cost : expression in Q, optional
        For the first two families.
    value : expression in R, optional
        For the second.
    """

    family: str
    u: Any
    cost: Any = None
    value: Any = None

    def at(self, theta: Any, q: Any, r: Any) -> Any:
        """The payoff with expressions of the rule language in the places of the letters."""
        return self.u.xreplace({THETA: theta, Q: q, R: r})

    def __str__(self) -> str:
        return str(self.u)


def reward_minus_cost(cost: Any) -> Payoff:
    """``r - c(q)/theta``: a higher type finds quality easier.

    Parameters
    ----------
    cost : expression in q, text, or list of points
        Increasing and convex, with c(0) = 0.
    """
    c = function(cost, Q, "cost")
    _door(c, Q, "cost")
    return Payoff(FAMILIES[0], R - c / THETA, c)


def type_times_value(value: Any, cost: Any) -> Payoff:
    """``theta*v(r) - c(q)``: a higher type is keener on the reward."""
    c, v = function(cost, Q, "cost"), function(value, R, "value", concave=True)
    _door(c, Q, "cost")
    _door(v, R, "value")
    return Payoff(FAMILIES[1], THETA * v - c, c, v)


def expression(u: Any) -> Payoff:
    """Any formula in theta, q and r that has exact values for exact numbers."""
    found = parse(u, {"theta": THETA, "q": Q, "r": R}, "payoff")
    stray = found.free_symbols - {THETA, Q, R}
    if stray:
        raise InputError(f"payoff: {found} speaks of {min(map(str, stray))}, not of theta, q and r")
    found = constant(found, "payoff")
    admit(found, "payoff")
    return Payoff(FAMILIES[2], found)


def function(given: Any, letter: Any, where: str, concave: bool = False) -> Any:
    """A function of one letter: a formula, or points ``[x, y]`` that are joined by lines.

    Raises
    ------
    InputError
        For points that bend the wrong way, or a formula in other letters.
    """
    if isinstance(given, (list, tuple)):
        return _lines(given, letter, where, concave)
    found = parse(given, {str(letter): letter}, where)
    stray = found.free_symbols - {letter}
    if stray:
        raise InputError(f"{where}: {found} speaks of {min(map(str, stray))}, not of {letter}")
    return constant(found, where)


def _lines(points: Sequence, letter: Any, where: str, concave: bool) -> Any:
    try:
        knots = [(exact(x, where), exact(y, where)) for x, y in points]
    except (TypeError, ValueError) as error:
        raise InputError(f"{where}: points are a list of pairs [{letter}, value]") from error
    if len(knots) < 2 or any(b[0] <= a[0] for a, b in pairwise(knots)):
        raise InputError(f"{where}: give at least two points, with {letter} rising")
    slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(knots)]
    rising = all(a <= b for a, b in pairwise(slopes))
    falling = all(a >= b for a, b in pairwise(slopes))
    if not (falling if concave else rising):
        shape = "concave: slopes must not rise" if concave else "convex: slopes must not fall"
        raise InputError(f"{where}: the points are not {shape}")
    lines = [constant(s) * (letter - constant(x)) + constant(y) for s, (x, y) in zip(slopes, knots)]
    return lines[0] if len(lines) == 1 else (Min if concave else Max)(*lines)


def _door(found: Any, letter: Any, where: str) -> None:
    """What enters a payoff has exact values, and rises from the letter's 0 on."""
    admit(constant(found, where), where)
    zero = theirs(found).subs(letter, 0)
    if where == "cost" and zero != 0:
        raise InputError(f"cost: c(0) must be 0, not {zero}")


def theirs(expr: Any) -> Any:
    """The same with sympy's `Max` and `Min` for the language's own, which simplify and differentiate."""
    if not expr.args:
        return expr
    kind = {Max: sp.Max, Min: sp.Min}.get(type(expr), expr.func)
    return kind(*map(theirs, expr.args))
