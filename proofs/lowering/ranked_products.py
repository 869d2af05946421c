"""Products of unknowns as a function of two arguments, of which only the signs are kept.

Sums of products are multiplied out first. What is kept of a product x·y is that (x - x')(y - y') has the
sign of its factors, for the factors that occur and for 0. Real products have this property, so what is
unsatisfiable afterwards was so before; and the questions become linear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import z3

from proofs.lowering.ranked_sequences import PER_SLOT
from proofs.lowering.ranked_terms import nodes

PRODUCT = z3.Function("product", z3.RealSort(), z3.RealSort(), z3.RealSort())
ZERO = z3.RealVal(0)


def _area(left: Any, left2: Any, right: Any, right2: Any) -> Any:
    return (
        PRODUCT(left, right)
        - PRODUCT(left, right2)
        - PRODUCT(left2, right)
        + PRODUCT(left2, right2)
    )


CORNERS = z3.Reals("left left2 right right2")
SIGN = z3.If(
    (CORNERS[0] >= CORNERS[1]) == (CORNERS[2] >= CORNERS[3]),
    _area(*CORNERS) >= 0,
    _area(*CORNERS) <= 0,
)


def without_products(assertions: Iterable[Any]) -> list[Any]:
    """The assertions with products abstracted; those without any products unchanged."""
    result = list(assertions)
    names: dict[int, tuple[Any, Any]] = {}
    seen: dict[tuple[int, int], tuple[Any, Any]] = {}
    while found := [node for node in nodes(*result) if _nonlinear(node) and not _inside_one(node)]:
        swaps = [(node, _abstract(node, names, seen)) for node in found]
        definitions = [name == term for name, term in names.values()]
        names = {}
        result = [z3.substitute(assertion, *swaps) for assertion in [*result, *definitions]]
    nothing = [
        z3.And(PRODUCT(ZERO, right) == 0, PRODUCT(left, ZERO) == 0) for left, right in seen.values()
    ]
    return [*result, PRODUCT(ZERO, ZERO) == 0, *nothing, *_signs(list(seen.values()))]


def _nonlinear(node: Any) -> bool:
    return z3.is_mul(node) and sum(not _numeral(part) for part in node.children()) > 1


def _inside_one(node: Any) -> bool:
    """Whether a factor holds a product itself, which then comes first."""
    return any(_nonlinear(inner) for part in node.children() for inner in nodes(part))


def _numeral(node: Any) -> bool:
    return z3.is_rational_value(node) or z3.is_int_value(node) or (
        z3.is_to_real(node) and z3.is_int_value(node.arg(0)))  # fmt: skip


def _abstract(node: Any, names: dict, seen: dict) -> Any:
    """A product, multiplied out, over `PRODUCT`."""
    whole = z3.simplify(node, som=True)
    terms = []
    for monomial in whole.children() if z3.is_add(whole) else [whole]:
        parts = monomial.children() if z3.is_mul(monomial) else [monomial]
        number = [part for part in parts if _numeral(part)]
        factors = sorted((_named(p, names) for p in parts if not _numeral(p)), key=_weight_first)
        while len(factors) > 1:
            *rest, one, other = factors
            seen[one.get_id(), other.get_id()] = one, other
            factors = [*rest, PRODUCT(one, other)]
        terms.append(z3.Product(*number, *factors) if number else factors[0])
    return z3.Sum(*terms) if len(terms) > 1 else terms[0]


def _named(part: Any, names: dict) -> Any:
    """A factor that is a case distinction, by a name."""
    if not any(z3.is_app_of(node, z3.Z3_OP_ITE) for node in nodes(part)):
        return part
    if part.get_id() not in names:
        names[part.get_id()] = z3.Real(f"factor.{part.hash()}"), part
    return names[part.get_id()][0]


def _weight_first(part: Any) -> tuple[bool, str]:
    """Counts, and what is given for a slot, before sums of money; otherwise the order of the names."""
    weight = z3.is_to_real(part) or part.decl().name().startswith(PER_SLOT)
    return not weight, part.sexpr()


def _signs(products: list[tuple[Any, Any]]) -> Iterator[Any]:
    """That differences of products have the signs of their factors."""
    lefts = {one.get_id(): one for one, _ in products}
    rights = {other.get_id(): other for _, other in products}
    with_left: dict[int, set[int]] = {}
    for one, other in products:
        with_left.setdefault(one.get_id(), set()).add(other.get_id())
    for left, left2 in combinations(lefts, 2):
        if with_left[left] & with_left[left2]:
            for right, right2 in combinations([*rights.values(), ZERO], 2):
                yield z3.substitute(
                    SIGN, *zip(CORNERS, (lefts[left], lefts[left2], right, right2), strict=True)
                )
    for left in lefts.values():
        for right, right2 in combinations([*rights.values(), ZERO], 2):
            yield z3.substitute(SIGN, *zip(CORNERS, (left, ZERO, right, right2), strict=True))
