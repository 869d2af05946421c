"""Strictly increasing functions (virtual values) for the fixed-size lowering."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from mechanism.language import Applied, Inverse, World
from mechanism.language.family import SameFunction
from proofs.lowering.terms import choose, compare, plus, times

if TYPE_CHECKING:
    from proofs.lowering.fixed_size import FixedSize
    from proofs.lowering.once import Env


def applied(low: FixedSize, expr: Applied, env: Env, world: World) -> Any:
    """Virtual values: those given, else 2x - h with h >= 0 free (uniform priors with top h)."""
    argument = low.read(expr.argument, env, world)
    value: Any = Fraction(0)
    for guard, agent in low.index(expr.index, env, world):
        value = choose(guard, _apply(low, expr, agent, argument), value)
    return value


def _apply(low: FixedSize, expr: Applied, agent: int, argument: Any) -> Any:
    inverse = isinstance(expr, Inverse)
    if expr.family.name in low.given:
        return piecewise_linear(low.given[expr.family.name][agent], argument, inverse)
    top = low.constant(expr.family, (agent,))
    if inverse:
        return times((Fraction(1, 2), plus((argument, top))))
    return plus((times((Fraction(2), argument)), times((Fraction(-1), top))))


def same_function(low: FixedSize, expr: SameFunction, env: Env, world: World) -> Any:
    """Whether two agents have the same function."""
    one, other = (low.index(a, env, world)[0][1] for a in expr.args[1:])
    if expr.args[0].name in low.given:
        table = low.given[expr.args[0].name]
        return table[one] == table[other]
    return compare(low.constant(expr.args[0], (one,)), "==", low.constant(expr.args[0], (other,)))


def piecewise_linear(function: Any, argument: Any, inverse: bool) -> Any:
    """A given virtual value (or its inverse) applied to a term, piece by piece."""
    points = [(y, x) if inverse else (x, y) for x, y in function.knots]
    value: Any = None
    for (x0, y0), (x1, y1) in reversed(list(pairwise(points))):
        slope = (y1 - y0) / (x1 - x0)
        line = plus((times((slope, argument)), y0 - slope * x0))
        value = line if value is None else choose(compare(argument, "<", x1), line, value)
    return value
