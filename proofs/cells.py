"""The cell of a model: a conjunction of literals, on which the facts hold and a term is linear.

On a cell every choice among cases is made as in the model, and enough numbers are held at their values in
the model that no product of two unknowns is left. Its optimum is a linear programme.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import z3

BOOLEAN = {z3.Z3_OP_AND, z3.Z3_OP_OR, z3.Z3_OP_NOT, z3.Z3_OP_IMPLIES, z3.Z3_OP_XOR}


def supremum_on_cell(facts: list[Any], term: Any, model: Any) -> tuple[Fraction, list[Any]] | None:
    """The supremum of a term on the cell of a model.

    Parameters
    ----------
    facts : list of condition
        Without quantifiers; met by the model.
    term : real term
    model : z3 model

    Returns
    -------
    tuple of (Fraction, list of condition) or None
        The supremum and the cell; None if there is no finite one.
    """
    cell = [*literals([*facts, term], model)]
    pairs = [(u, model.eval(u, model_completion=True)) for u in _multiplied([*cell, term])]
    held = [unknown == value for unknown, value in pairs]
    linear = [z3.simplify(z3.substitute(fact, *pairs)) for fact in (*facts, *cell)]
    optimiser = z3.Optimize(ctx=term.ctx)
    optimiser.add(*linear)
    handle = optimiser.maximize(z3.simplify(z3.substitute(term, *pairs)))
    if optimiser.check() != z3.sat:
        return None
    infinite, finite, _ = optimiser.upper_values(handle)
    if not z3.is_int_value(infinite) or infinite.as_long() != 0:
        return None
    top = Fraction(finite.as_long()) if z3.is_int_value(finite) else finite.as_fraction()
    return top, [*held, *cell]


def literals(terms: Iterable[Any], model: Any) -> Iterator[Any]:
    """Every condition in some terms that is not made of others, as the model has it."""
    for node in _nodes(terms):
        if z3.is_bool(node) and not _made_of_conditions(node):
            holds = z3.is_true(model.eval(node, model_completion=True))
            if not (z3.is_true(node) or z3.is_false(node)):
                yield node if holds else _negated(node, model)


def _negated(node: Any, model: Any) -> Any:
    """The negation; of an equation, the side on which the model is."""
    if z3.is_eq(node) and z3.is_arith(node.arg(0)):
        one, other = node.children()
        return one < other if z3.is_true(model.eval(one < other, True)) else one > other
    return z3.Not(node)


def _made_of_conditions(node: Any) -> bool:
    kind = node.decl().kind()
    if kind in BOOLEAN:
        return True
    of_conditions = kind in (z3.Z3_OP_EQ, z3.Z3_OP_ITE, z3.Z3_OP_DISTINCT)
    return of_conditions and all(z3.is_bool(c) for c in node.children())


def _multiplied(terms: Iterable[Any]) -> list[Any]:
    """Unknowns that are held so that every product is linear: next the one that is in most of them."""
    products = []
    held: dict[int, Any] = {}
    for node in _nodes(terms):
        factors = [_unknowns(c) for c in node.children()]
        match node.decl().kind():
            case z3.Z3_OP_MUL:
                products.append(factors)
            case z3.Z3_OP_POWER:
                held |= factors[0] | factors[1]
            case z3.Z3_OP_DIV:
                held |= factors[1]
    while True:
        open_factors = [
            left for p in products if len(left := [f for f in p if f.keys() - held.keys()]) > 1
        ]
        if not open_factors:
            return list(held.values())
        among = {name: u for p in open_factors for f in p for name, u in f.items()}
        count = Counter(name for p in open_factors for f in p for name in f)
        chosen = max(among.keys() - held.keys(), key=lambda name: (count[name], str(among[name])))
        held[chosen] = among[chosen]


def _unknowns(term: Any) -> dict[int, Any]:
    return {n.get_id(): n for n in _nodes([term]) if z3.is_const(n) and _free(n)}


def _free(node: Any) -> bool:
    return node.decl().kind() == z3.Z3_OP_UNINTERPRETED and z3.is_arith(node)


def _nodes(terms: Iterable[Any]) -> Iterator[Any]:
    """Every node of some terms, once."""
    seen: set[int] = set()
    waiting = list(terms)
    while waiting:
        node = waiting.pop()
        if node.get_id() not in seen:
            seen.add(node.get_id())
            yield node
            waiting += node.children()
