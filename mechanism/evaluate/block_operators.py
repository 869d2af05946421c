"""The operators of the rule language over arrays: how each is computed on a block of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from mechanism.evaluate import ranking
from mechanism.evaluate.arithmetic import call, whole
from mechanism.evaluate.arrays import (
    Array,
    Value,
    all_but_one,
    along,
    apply,
    looked_up,
    lowest,
    masked,
    picked,
    reduced,
    renamed,
)
from mechanism.evaluate.block import Block, Env, Handlers, Scope
from mechanism.evaluate.elementwise import cases, each, folded, nth, power, product, total
from mechanism.evaluate.exact import TRUTHFUL
from mechanism.language import (
    Answered,
    Applied,
    ArgMax,
    At,
    Awards,
    Cases,
    Computed,
    Contains,
    Entry,
    Exists,
    Family,
    First,
    Flag,
    ForAll,
    Greedy,
    Highest,
    Index,
    Inverse,
    KthHighest,
    Max,
    Min,
    Nth,
    Observed,
    Rank,
    Sum,
    Truth,
    World,
)
from mechanism.language.family import SameFunction
from mechanism.language.index import NUMBERED_FROM_ONE


def _function_codes(
    block: Block, family: Family, index: Any, env: Env, world: World
) -> tuple[Value, list[Any]]:
    """Which function stands at an index, as a number, and the functions."""
    codes, functions = block.profiles.functions(family, block.span)
    return looked_up(codes, [block.place(index, family.over[0], env, world)]), functions


def _entry(block: Block, expr: Any, env: Env, world: World) -> Value:
    family = expr.family
    places = [block.place(e, s, env, world) for e, s in zip(expr.index, family.over, strict=True)]
    table = block.table(family, world if family.kind == "report" else None)
    return looked_up(table, places, inside=NUMBERED_FROM_ONE.isdisjoint(family.over))


def _fold(
    block: Block, expr: Any, operation: np.ufunc, env: Env, world: World, neutral: Any = None
) -> Value:
    """Combine the body over the range; on an empty one, `neutral` (or the lowest number)."""
    scope = block.scope_of_others(expr, env, world) or block.scope(expr, env, world)
    body = block.read(expr.body, scope.env, world)
    if neutral is None:
        neutral = lowest(body.data.dtype)
    size = block.profiles.length(expr.var.sort)
    body = along(masked(body, scope.mask, neutral), scope.axis, size)
    if scope.spared is None:
        return reduced(operation, body, scope.axis, neutral)
    return renamed(all_but_one(operation, body, scope.axis, neutral), scope.axis, scope.spared)


def _total(block: Block, expr: Sum, env: Env, world: World) -> Value:
    return _fold(block, expr, np.add, env, world, neutral=0)


def _exists(block: Block, expr: Exists, env: Env, world: World) -> Value:
    return _fold(block, expr, np.logical_or, env, world, neutral=False)


def _for_all(block: Block, expr: ForAll, env: Env, world: World) -> Value:
    return _fold(block, expr, np.logical_and, env, world, neutral=True)


def _highest(block: Block, expr: Highest, env: Env, world: World) -> Value:
    best = _fold(block, expr, np.maximum, env, world)
    if expr.where == sp.true and not world.absent:
        return best
    default = block.read(expr.default, env, world)
    worst = lowest(best.data.dtype)
    return apply(_or_default(worst), best, default)


def _or_default(worst: Any) -> Callable[[Array, Array], Array]:
    return lambda best, default: np.where(best == worst, default, best)


def _everybody(block: Block, scope: Scope, var: Index) -> Value:
    """The mask of an unrestricted range."""
    return along(Value(np.array([True])), scope.axis, block.profiles.length(var.sort))


def _keyed(block: Block, expr: Any, env: Env, world: World) -> tuple[Value, Scope]:
    """What the range is ordered by, and the range."""
    scope = block.scope(expr, env, world)
    size = block.profiles.length(expr.var.sort)
    return along(block.read(expr.body, scope.env, world), scope.axis, size), scope


def _argmax(block: Block, expr: ArgMax, env: Env, world: World) -> Value:
    keys, scope = _keyed(block, expr, env, world)
    before = block.before(expr.var, scope.axis, world)
    return block.element(ranking.chosen(keys, scope.mask, scope.axis, before), expr.var)


def _first(block: Block, expr: First, env: Env, world: World) -> Value:
    scope = block.scope(expr, env, world)
    hits = scope.mask or _everybody(block, scope, expr.var)
    return block.element(ranking.first(hits, scope.axis), expr.var)


def _kth_highest(block: Block, expr: KthHighest, env: Env, world: World) -> Value:
    keys, scope = _keyed(block, expr, env, world)
    k = block.read(expr.k, env, world)
    k = Value(whole(k.data), k.axes, k.axis)
    return ranking.kth(keys, scope.mask, scope.axis, k)


def _rank(block: Block, expr: Rank, env: Env, world: World) -> Value:
    keys, scope = _keyed(block, expr, env, world)
    who = block.place(expr.at, expr.var.sort, env, world)
    before = block.before(expr.var, scope.axis, world)
    place = picked(ranking.ranks(keys, scope.mask, scope.axis, before), scope.axis, who)
    if scope.mask is None and who.axis is not None:
        return place
    mask = scope.mask or _everybody(block, scope, expr.var)
    inside = apply(lambda inside, who: inside & (who >= 0), picked(mask, scope.axis, who), who)
    last = ranking.counted(mask, scope.axis)
    return apply(lambda ok, place, last: np.where(ok, place, last + 1), inside, place, last)


def _greedy(block: Block, expr: Greedy, env: Env, world: World) -> Value:
    keys, scope = _keyed(block, expr, env, world)
    mask = scope.mask or _everybody(block, scope, expr.var)
    size, other = block.profiles.length(expr.var.sort), scope.axis + 1
    inner = {**scope.env, expr.other: block.profiles.axis(expr.other.sort, other)}
    clash = block.read(expr.conflict, inner, world)
    clash = along(along(clash, scope.axis, size), other, size)
    accepted = ranking.greedy(keys, mask, clash, scope.axis, other)
    who = block.place(expr.at, expr.var.sort, env, world)
    return apply(lambda ok, who: ok & (who >= 0), picked(accepted, scope.axis, who), who)


def _awards(block: Block, expr: Awards, env: Env, world: World) -> Value:
    outcome, agent, good = (block.read(a, env, world) for a in expr.args)
    holders = block.profiles.outcomes(index_sort(expr.args[0]))
    holder = looked_up(holders[..., None], [outcome, good])
    given = apply(np.equal, holder, agent)
    return given if outcome.axis is not None else apply(lambda g, o: g & (o >= 0), given, outcome)


def _contains(block: Block, expr: Contains, env: Env, world: World) -> Value:
    places = [block.read(a, env, world) for a in expr.args]
    return looked_up(block.profiles.outcomes("bundle")[..., None], places)


def _applied(block: Block, expr: Applied, env: Env, world: World) -> Value:
    codes, functions = _function_codes(block, expr.family, expr.index, env, world)
    argument = block.read(expr.argument, env, world)
    inverse = isinstance(expr, Inverse)

    def compute(code: Array, numbers: Array) -> Array:
        code, numbers = np.broadcast_arrays(code, numbers)
        chosen = [(code == c, functions[c]) for c in np.unique(code)]
        parts = [(here, call(f, numbers[here], inverse, block.exact)) for here, f in chosen]
        result = np.empty(code.shape, np.result_type(*(part.dtype for _, part in parts)))
        for here, part in parts:
            result[here] = part
        return result

    return apply(compute, codes, argument)


def _same_function(block: Block, expr: SameFunction, env: Env, world: World) -> Value:
    one, other = (_function_codes(block, expr.args[0], a, env, world)[0] for a in expr.args[1:])
    return apply(np.equal, one, other)


def _computed(block: Block, expr: Computed, env: Env, world: World) -> Value:
    table = getattr(block.computed(expr.procedure, world), expr.part)
    if not expr.index:
        return Value(table)
    sorts = [index_sort(index) for index in expr.index]
    return looked_up(table, [block.place(e, s, env, world) for e, s in zip(expr.index, sorts)])


def _answered(block: Block, expr: Answered, env: Env, world: World) -> Value:
    return Value(block.computed(expr.procedure, world).answered)


def _read_at(block: Block, expr: Any, env: Env, world: World) -> Value:
    inner = {formal: block.read(actual, env, world) for formal, actual in expr.bindings}
    there = block.profiles.worlds.get(expr.world, TRUTHFUL) if expr.world else world
    return block.read(expr.expr, {**env, **inner}, there)


def index_sort(expr: Any) -> str:
    """The sort of what an expression names."""
    if isinstance(expr, At):
        return index_sort(expr.expr)
    if isinstance(expr, Computed):
        return "outcome"
    return expr.sort if isinstance(expr, Index) else expr.var.sort


HANDLERS: Handlers = {
    Index: lambda block, expr, env, world: env[expr],
    Entry: _entry,
    Flag: _entry,
    Applied: _applied,
    Inverse: _applied,
    SameFunction: _same_function,
    ArgMax: _argmax,
    First: _first,
    Highest: _highest,
    KthHighest: _kth_highest,
    Rank: _rank,
    Sum: _total,
    Exists: _exists,
    ForAll: _for_all,
    Greedy: _greedy,
    Awards: _awards,
    Contains: _contains,
    Computed: _computed,
    Answered: _answered,
    Observed: lambda block, expr, env, world: Value(
        expr.procedure.observed_rows(expr.what, block, world)
    ),
    At: _read_at,
    Truth: _read_at,
    Cases: cases,
    Nth: nth,
    sp.Add: total,
    sp.Mul: product,
    sp.Pow: power,
    Max: folded(np.maximum),
    Min: folded(np.minimum),
    sp.Abs: each(np.abs),
    sp.ITE: each(np.where),
    sp.And: folded(np.logical_and),
    sp.Or: folded(np.logical_or),
    sp.Not: each(np.logical_not),
    sp.Implies: each(lambda a, b: ~a | b),
    sp.Equivalent: each(np.equal),
    sp.Eq: each(np.equal),
    sp.Ne: each(np.not_equal),
    sp.Gt: each(np.greater),
    sp.Ge: each(np.greater_equal),
    sp.Lt: each(np.less),
    sp.Le: each(np.less_equal),
}
