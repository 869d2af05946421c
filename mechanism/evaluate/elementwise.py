"""Cases, arithmetic and logic over arrays: what is computed element by element."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from typing import Any

import numpy as np
import sympy as sp

from mechanism.evaluate import arithmetic
from mechanism.evaluate.arrays import Array, Value, apply, masked
from mechanism.evaluate.block import Block, Env
from mechanism.evaluate.reading import indicator
from mechanism.language import Cases, Index, Nth, World, is_index


def cases(block: Block, expr: Cases, env: Env, world: World) -> Value:
    """The value of the first case that applies; 0 where none does."""
    result: Value | None = None
    for value, condition in reversed(expr.args):
        if condition == sp.true:
            result = block.read(value, env, world)
            continue
        then = block.read(value, _given(block, condition, env, world), world)
        met = block.read(condition, env, world)
        if result is None:
            result = masked(then, met, 0)
        else:
            result = apply(np.where, met, then, result)
    assert result is not None  # there is a case
    return result


def nth(block: Block, expr: Nth, env: Env, world: World) -> Value:
    """The value at the place of an index in a list."""
    place = block.place(expr.index, expr.index.sort, env, world)
    value = block.read(expr.values[-1], env, world)
    for n, other in enumerate(expr.values[:-1]):
        here = apply(partial(np.equal, n), place)
        value = apply(np.where, here, block.read(other, env, world), value)
    return value


def _given(block: Block, condition: Any, env: Env, world: World) -> Env:
    """The indices where the condition holds: under ``Eq(i, winner)``, i is the winner.

    What is read there needs no axis for i, and is computed once instead of once for each agent.
    """
    for part in sp.And.make_args(condition):
        if isinstance(part, sp.Eq):
            for index, same in (part.args, reversed(part.args)):
                if isinstance(index, Index) and env[index].axis is not None and is_index(same):
                    value = block.read(same, env, world)
                    if value.axis is None and env[index].axis not in value.axes:
                        return {**env, index: value}
    return env


def total(block: Block, expr: sp.Add, env: Env, world: World) -> Value:
    """A sum; what is subtracted is subtracted, not multiplied by -1 and added."""
    plus: list[Any] = []
    minus: list[Any] = []
    for term in expr.args:
        negated = isinstance(term, sp.Mul) and term.args[0] == -1
        (minus if negated else plus).append(sp.Mul(*term.args[1:]) if negated else term)
    if not plus:
        plus, minus = list(expr.args), []
    found = reduce(partial(apply, np.add), (block.read(term, env, world) for term in plus))
    less = (block.read(term, env, world) for term in minus)
    return reduce(partial(apply, np.subtract), less, found)


def product(block: Block, expr: sp.Mul, env: Env, world: World) -> Value:
    """A product; everything that is divided by comes last, and indicators only select."""
    above, below, where = [], [], []
    for factor in expr.args:
        if (condition := indicator(factor)) is not None:
            where.append(block.read(condition, env, world))
        elif isinstance(factor, sp.Pow) and factor.exp == -1:
            below.append(block.read(factor.base, env, world))
        elif isinstance(factor, sp.Rational) and factor.q != 1:
            above.append(block.read(sp.Integer(factor.p), env, world))
            below.append(block.read(sp.Integer(factor.q), env, world))
        else:
            above.append(block.read(factor, env, world))
    multiply = partial(apply, np.multiply)
    top = reduce(multiply, above) if above else Value(np.array([1]))
    if below:
        top = apply(partial(arithmetic.divide, exact=block.exact), top, reduce(multiply, below))
    return masked(top, reduce(partial(apply, np.logical_and), where), 0) if where else top


def power(block: Block, expr: sp.Pow, env: Env, world: World) -> Value:
    """A whole power."""
    base, exponent = (block.read(a, env, world) for a in expr.args)
    return apply(partial(arithmetic.power, exact=block.exact), base, exponent)


def each(operation: Callable[..., Array]) -> Callable:
    """A handler that applies an operation to all arguments at once."""
    return lambda block, expr, env, world: apply(
        operation, *(block.read(a, env, world) for a in expr.args)
    )


def folded(operation: Callable[..., Array]) -> Callable:
    """A handler that applies an operation to two arguments at a time."""
    together = partial(apply, operation)
    return lambda block, expr, env, world: reduce(
        together, (block.read(a, env, world) for a in expr.args)
    )
