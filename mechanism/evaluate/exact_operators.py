"""The operators of the rule language on one instance: what each comes to, by definition."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy as sp

from mechanism.errors import NoOutcome, NoValue, RuleError
from mechanism.evaluate.rounds.exact import clear, run
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
    Rounds,
    Sum,
    Truth,
    World,
    is_index,
)
from mechanism.language.family import SameFunction
from mechanism.language.procedure import ALLOCATION, ROUNDS
from mechanism.language.rounds import Untied

if TYPE_CHECKING:
    from mechanism.evaluate.exact import Exact

Env = dict[Index, Any]


def _entry(exact: Exact, expr: Any, env: Env, world: World) -> Any:
    family = expr.family
    index = tuple(exact.read(i, env, world) for i in expr.index)
    if None in index:
        raise NoValue(f"{expr} is read where there is no such index")
    if family.kind == "report":
        family, index = exact.spoken(family, index, world)
    return exact.instance.entry(family, index)


def _range(exact: Exact, expr: Any, env: Env, world: World) -> list[tuple[Any, Env]]:
    inner = [(e, {**env, expr.var: e}) for e in exact.domain(expr.var.sort, world)]
    return [(e, s) for e, s in inner if exact.read(expr.where, s, world)]


def _ranked(exact: Exact, expr: Any, env: Env, world: World) -> list[tuple[Any, Any]]:
    """The range with its keys, best first."""
    keyed = [(exact.read(expr.body, s, world), e) for e, s in _range(exact, expr, env, world)]
    everything = exact.domain(expr.var.sort, world)
    places = {e: n for n, e in enumerate(everything)}
    if exact.ties == "highest-index":
        places = {e: -n for e, n in places.items()}
    if expr.var.sort == "agent":
        places = {e: exact.place(world, e) for e in everything}
    return sorted(keyed, key=lambda pair: (-pair[0], places[pair[1]]))


def _argmax(exact: Exact, expr: ArgMax, env: Env, world: World) -> Any:
    best = _ranked(exact, expr, env, world)
    return best[0][1] if best else None


def _first(exact: Exact, expr: First, env: Env, world: World) -> Any:
    return next((e for e, _ in _range(exact, expr, env, world)), None)


def _highest(exact: Exact, expr: Highest, env: Env, world: World) -> Any:
    bodies = [exact.read(expr.body, s, world) for _, s in _range(exact, expr, env, world)]
    return max(bodies) if bodies else exact.read(expr.default, env, world)


def _kth_highest(exact: Exact, expr: KthHighest, env: Env, world: World) -> Any:
    k = exact.read(expr.k, env, world)
    best = _ranked(exact, expr, env, world)
    return best[int(k) - 1][0] if 1 <= k <= len(best) else Fraction(0)


def _rank(exact: Exact, expr: Rank, env: Env, world: World) -> Any:
    at = exact.read(expr.at, env, world)
    order = [e for _, e in _ranked(exact, expr, env, world)]
    return Fraction(order.index(at) + 1 if at in order else len(order) + 1)


def _sum(exact: Exact, expr: Sum, env: Env, world: World) -> Any:
    return sum(
        (exact.read(expr.body, s, world) for _, s in _range(exact, expr, env, world)), Fraction(0)
    )


def _exists(exact: Exact, expr: Exists, env: Env, world: World) -> bool:
    return any(exact.read(expr.body, s, world) for _, s in _range(exact, expr, env, world))


def _for_all(exact: Exact, expr: ForAll, env: Env, world: World) -> bool:
    return all(exact.read(expr.body, s, world) for _, s in _range(exact, expr, env, world))


def _greedy(exact: Exact, expr: Greedy, env: Env, world: World) -> bool:
    keyed = [(exact.read(expr.body, s, world), e) for e, s in _range(exact, expr, env, world)]
    accepted: list[Any] = []
    for _, one in sorted(keyed, key=lambda pair: (-pair[0], pair[1])):
        clash = any(
            exact.read(expr.conflict, {**env, expr.var: one, expr.other: a}, world)
            for a in accepted
        )
        if not clash:
            accepted.append(one)
    return exact.read(expr.at, env, world) in accepted


def _awards(exact: Exact, expr: Awards, env: Env, world: World) -> bool:
    outcome, agent, good = (exact.read(a, env, world) for a in expr.args)
    return outcome is not None and outcome[good] == agent


def _contains(exact: Exact, expr: Contains, env: Env, world: World) -> bool:
    return exact.read(expr.args[1], env, world) in exact.read(expr.args[0], env, world)


def _computed(exact: Exact, expr: Computed, env: Env, world: World) -> Any:
    if expr.part == ROUNDS:
        return Fraction(len(run(expr.procedure, exact, world).rounds))
    outcome = exact.outcome(expr.procedure, world)
    if not expr.index:
        return outcome.allocation
    agent, *rest = (exact.read(i, env, world) for i in expr.index)
    part = outcome.allocation if expr.part == ALLOCATION else outcome.payments
    there = exact.domain("agent", world)
    if agent not in there:
        return Fraction(0)  # who does not take part gets and pays nothing
    found = part[there.index(agent)]
    return found[rest[0]] if rest else found


def _answered(exact: Exact, expr: Answered, env: Env, world: World) -> bool:
    try:
        exact.outcome(expr.procedure, world)
    except NoOutcome:
        return False
    return True


def _nth(exact: Exact, expr: Nth, env: Env, world: World) -> Any:
    place = exact.read(expr.index, env, world)
    if place is None or place >= len(expr.values):
        raise RuleError(f"{expr} has no value for the index {place}")
    return exact.read(expr.values[place], env, world)


def _applied(exact: Exact, expr: Applied, env: Env, world: World) -> Any:
    function = exact.instance.entry(expr.family, (exact.read(expr.index, env, world),))
    argument = exact.read(expr.argument, env, world)
    return function.inverse(argument) if isinstance(expr, Inverse) else function(argument)


def _same_function(exact: Exact, expr: SameFunction, env: Env, world: World) -> bool:
    one, other = (
        exact.instance.entry(expr.args[0], (exact.read(a, env, world),)) for a in expr.args[1:]
    )
    return one == other


def _at(exact: Exact, expr: Any, env: Env, world: World) -> Any:
    inner = {formal: exact.read(actual, env, world) for formal, actual in expr.bindings}
    there = exact.world(expr.world) if expr.world else world
    return exact.read(expr.expr, {**env, **inner}, there)


def _equal(exact: Exact, expr: Any, env: Env, world: World) -> bool:
    left, right = (exact.read(a, env, world) for a in expr.args)
    if (is_index(expr.lhs) or is_index(expr.rhs)) and None in (left, right):
        return left is right
    return left == right


def _cases(exact: Exact, expr: Cases, env: Env, world: World) -> Any:
    for value, condition in expr.args:
        if exact.read(condition, env, world):
            return exact.read(value, env, world)
    raise NoValue(f"no case applies in {expr}")


def _power(exact: Exact, expr: sp.Pow, env: Env, world: World) -> Any:
    base, exponent = (exact.read(a, env, world) for a in expr.args)
    if exponent.denominator != 1:
        raise RuleError(f"{expr}: only whole powers are exact")
    if base == 0 and exponent < 0:
        raise NoValue(f"{expr}: division by zero")
    return Fraction(base) ** int(exponent)


def _product(values: Any) -> Any:
    result: Any = Fraction(1)
    for value in values:
        result = result * value
    return result


def _fold(combine: Callable) -> Callable:
    return lambda exact, expr, env, world: combine(exact.read(a, env, world) for a in expr.args)


def _compare(compare: Callable) -> Callable:
    return lambda exact, expr, env, world: compare(*(exact.read(a, env, world) for a in expr.args))


HANDLERS: dict[type, Callable] = {
    Index: lambda exact, expr, env, world: env[expr],
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
    Sum: _sum,
    Exists: _exists,
    ForAll: _for_all,
    Greedy: _greedy,
    Awards: _awards,
    Contains: _contains,
    Computed: _computed,
    Answered: _answered,
    Rounds: lambda exact, expr, env, world: run(expr, exact, world).outcome,
    Untied: lambda exact, expr, env, world: clear(expr.procedure, exact, world),
    Nth: _nth,
    Observed: lambda exact, expr, env, world: expr.procedure.observed(expr.what, exact, world),
    At: _at,
    Truth: _at,
    sp.Add: _fold(lambda values: sum(values, Fraction(0))),
    sp.Mul: _fold(_product),
    sp.Pow: _power,
    Max: _fold(max),
    Min: _fold(min),
    sp.Abs: _fold(lambda values: abs(next(values))),
    Cases: _cases,
    sp.ITE: lambda exact, expr, env, world: exact.read(
        expr.args[1 if exact.read(expr.args[0], env, world) else 2], env, world
    ),
    sp.And: _fold(all),
    sp.Or: _fold(any),
    sp.Not: _fold(lambda values: not next(values)),
    sp.Implies: _compare(lambda a, b: not a or b),
    sp.Equivalent: _compare(lambda a, b: a == b),
    sp.Eq: _equal,
    sp.Ne: lambda exact, expr, env, world: not _equal(exact, expr, env, world),
    sp.Gt: _compare(lambda a, b: a > b),
    sp.Ge: _compare(lambda a, b: a >= b),
    sp.Lt: _compare(lambda a, b: a < b),
    sp.Le: _compare(lambda a, b: a <= b),
}
CACHED = (ArgMax, First, Highest, KthHighest, Rank, Sum, Greedy, Exists, ForAll)
