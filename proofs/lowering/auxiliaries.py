"""The auxiliary numbers of a leaf as Z3: floors, quotients and roots, constants of their own.

Each is a function of the terms it is computed from, and is named by these and by nothing else: equal terms
share one, on every leaf and in every world, and different terms never do. To share one between the reports of
two worlds would tie the worlds together and prove what is not so; to have another one on every leaf would
leave Z3 to find out that two floors of one number agree, which without bounds it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from hashlib import blake2b
from itertools import combinations
from typing import Any

import z3

from proofs.engines.paths.forms import Form
from proofs.engines.paths.leaves import Leaf
from proofs.lowering.terms import compare, condition, disj

MOST = 24  # floors that are compared with each other
Floors = dict[str, tuple[Any, Any]]  # by name: the number, and its floor


def constants(
    leaf: Leaf, read: Callable[[Form, dict[int, Any]], Any], floors: Floors
) -> dict[int, Any]:
    """A constant for each auxiliary variable of a leaf.

    Parameters
    ----------
    read : callable
        The term of a form, given those of the auxiliary variables so far.
    floors : dict
        Takes the floors of polynomials over reports among them.
    """
    made: dict[int, Any] = {}
    for one in leaf.auxiliaries:
        of = [read(f, made) for f in one.of]
        plain = one.kind == "floor" and made.keys().isdisjoint(one.of[0].variables)
        text = " ".join(map(_text, of))
        name = f"{one.kind}!{blake2b(text.encode(), digest_size=8).hexdigest()}"
        made[one.variable] = z3.ToReal(z3.Int(name)) if one.integer else z3.Real(name)
        if plain:
            floors[name] = (of[0], made[one.variable])
    return made


def _text(value: Any) -> str:
    """All of a term: what `str` gives of a long one leaves parts out."""
    return str(value) if isinstance(value, Fraction) else value.sexpr()


def in_order(floors: Floors) -> Iterator[Any]:
    """That x <= y has floor(x) <= floor(y), for each pair.

    It follows from what a floor is, but Z3 would look for it among all whole numbers.
    """
    for (x, low), (y, high) in combinations(list(floors.values())[:MOST], 2):
        yield condition(disj((compare(y, "<", x), compare(low, "<=", high))))
        yield condition(disj((compare(x, "<", y), compare(high, "<=", low))))
