"""Order statistics for given sizes: where everybody stands among the others, and who stands at a place."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import z3

from mechanism.language import KthHighest, Rank, World
from proofs.lowering.once import Env
from proofs.lowering.terms import choose, compare, conj, disj, plus

if TYPE_CHECKING:
    from proofs.lowering.fixed_operators import Operators


def _ranks(low: Operators, expr: Any, env: Env, world: World) -> list[tuple[Any, Any, Any, Any]]:
    """(condition, element, key, rank) of a range."""
    rows = low.keyed(expr, env, world)

    def ranks() -> list[tuple[Any, Any, Any, Any]]:
        before = _ties_between(low, rows, world, expr.var.sort)
        ranked = []
        for where, element, mine in rows:
            ahead = [
                choose(
                    conj((there, disj((compare(theirs, ">", mine),
                                       conj((compare(theirs, "==", mine), before(other, element))))))),
                    Fraction(1), Fraction(0),
                )
                for there, other, theirs in rows if other != element
            ]  # fmt: skip
            ranked.append((where, element, mine, plus((Fraction(1), *ahead))))
        return ranked

    return low.once(("ranks", id(rows)), ranks)


def _ties_between(low: Operators, rows: list, world: World, sort: str) -> Callable[[Any, Any], Any]:
    if low.ties != "free":
        return lambda one, other: low.first_of_equals(world, sort, one, other)
    places = {element: z3.Int(low.name("place")) for _, element, _ in rows}
    if len(places) > 1:
        low.state(z3.Distinct(*places.values()))
    return lambda one, other: places[one] < places[other]


def kth_highest(low: Operators, expr: KthHighest, env: Env, world: World) -> Any:
    """The key at a place in the order, or 0 where nobody stands there."""
    k = low.read(expr.k, env, world)
    value: Any = Fraction(0)
    for where, _, key, rank in _ranks(low, expr, env, world):
        value = choose(conj((where, compare(rank, "==", k))), key, value)
    return value


def rank(low: Operators, expr: Rank, env: Env, world: World) -> Any:
    """The place of an agent in the order; the first free one for whoever is not in it."""
    ranked = _ranks(low, expr, env, world)
    last = plus(
        (Fraction(1), *(choose(where, Fraction(1), Fraction(0)) for where, _, _, _ in ranked))
    )
    value: Any = last
    for guard, at in low.index(expr.at, env, world):
        here = next((choose(w, r, last) for w, e, _, r in ranked if e == at), last)
        value = choose(guard, here, value)
    return value
