"""Products of unknowns as a function of two arguments, of which only the signs are kept.

Sums of products are multiplied out first. What is kept of products is that (x - x')(y - y') has the sign
of its factors, for factors that occur and for 0. Real products have this property, so what is
unsatisfiable afterwards was so before; and the questions become linear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import z3

from proofs.lowering.ranked_sequences import PER_SLOT
from proofs.lowering.ranked_terms import of_kind

PRODUCT = z3.Function("product", z3.RealSort(), z3.RealSort(), z3.RealSort())
ZERO = z3.RealVal(0)
CORNERS = z3.Reals("left left2 right right2")


def without_products(assertions: Iterable[Any]) -> list[Any]:
    """The assertions with products abstracted."""
    products = _Products()
    done: list[Any] = []
    todo = list(assertions)
    while todo:
        found = [node for node in of_kind(z3.Z3_OP_MUL, *todo) if _nonlinear(node)]
        first = [node for node in found if not _holds_another(node)]
        swaps = [(node, _alike(products.abstract(node), node)) for node in first]
        result = [z3.substitute(assertion, *swaps) for assertion in todo] if swaps else todo
        nested = len(first) < len(found)
        done, todo = (done, result) if nested else ([*done, *result], [])
        todo = [*todo, *products.definitions()]
    return [*done, *products.axioms()]


def _alike(value: Any, node: Any) -> Any:
    """A value in the sort of what it stands for; a product of whole numbers is one."""
    return z3.ToInt(value) if node.is_int() else value


def _holds_another(product: Any) -> bool:
    return any(map(_nonlinear, of_kind(z3.Z3_OP_MUL, *product.children())))


def _nonlinear(node: Any) -> bool:
    return sum(not _numeral(part) for part in node.children()) > 1


def _numeral(node: Any) -> bool:
    node = node.arg(0) if z3.is_to_real(node) else node
    return z3.is_rational_value(node) or z3.is_int_value(node)


def _parts(monomial: Any) -> list[Any]:
    """The factors of a product of products."""
    if not z3.is_mul(monomial):
        return [monomial]
    return [part for child in monomial.children() for part in _parts(child)]


class _Products:
    """Pairs of factors, and names for factors that are case distinctions."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[int, int], tuple[Any, Any]] = {}
        self.names: dict[int, tuple[Any, Any]] = {}
        self.defined = 0

    def abstract(self, node: Any) -> Any:
        """A product, multiplied out, over `PRODUCT`."""
        whole = z3.simplify(node, som=True)
        terms = []
        for monomial in whole.children() if z3.is_add(whole) else [whole]:
            parts = _parts(monomial)
            number = [part for part in parts if _numeral(part)]
            factors = sorted((self._named(p) for p in parts if not _numeral(p)), key=_weight_first)
            while len(factors) > 1:
                *rest, one, other = factors
                self.pairs[one.get_id(), other.get_id()] = one, other
                factors = [*rest, PRODUCT(one, other)]
            terms.append(z3.Product(*number, *factors) if number else factors[0])
        return z3.Sum(*terms) if len(terms) > 1 else terms[0]

    def _named(self, part: Any) -> Any:
        part = z3.ToReal(part) if part.is_int() else part
        if not of_kind(z3.Z3_OP_ITE, part):
            return part
        if part.get_id() not in self.names:
            self.names[part.get_id()] = z3.Real(f"factor.{len(self.names)}"), part
        return self.names[part.get_id()][0]

    def definitions(self) -> list[Any]:
        """What the names given since the last time stand for."""
        fresh = list(self.names.values())[self.defined :]
        self.defined = len(self.names)
        return [name == part for name, part in fresh]

    def axioms(self) -> Iterator[Any]:
        """That differences of products have the signs of their factors.

        The left factors come in pairs that are multiplied by a common right one, and each with 0.
        """
        if not self.pairs:
            return
        lefts = {one.get_id(): one for one, _ in self.pairs.values()}
        rights = {other.get_id(): other for _, other in self.pairs.values()}
        common: dict[int, set[int]] = {}
        for left, right in self.pairs:
            common.setdefault(left, set()).add(right)
        together = [
            (lefts[a], lefts[b]) for a, b in combinations(lefts, 2) if common[a] & common[b]
        ]
        columns = list(combinations([*rights.values(), ZERO], 2))
        for rows in [*together, *((left, ZERO) for left in lefts.values())]:
            for column in columns:
                yield z3.substitute(SIGN, *zip(CORNERS, (*rows, *column), strict=True))
        yield from (PRODUCT(ZERO, right) == 0 for right in (*rights.values(), ZERO))
        yield from (PRODUCT(left, ZERO) == 0 for left in lefts.values())


def _weight_first(part: Any) -> tuple[bool, str]:
    """Counts, and what is given for a slot, before sums of money; otherwise the order of the names."""
    weight = z3.is_to_real(part) or part.decl().name().startswith(PER_SLOT)
    return not weight, part.sexpr()


def _sign(left: Any, left2: Any, right: Any, right2: Any) -> Any:
    """That (left - left2)(right - right2) has the sign of its factors."""
    area = (
        PRODUCT(left, right)
        - PRODUCT(left, right2)
        - PRODUCT(left2, right)
        + PRODUCT(left2, right2)
    )
    return z3.If((left >= left2) == (right >= right2), area >= 0, area <= 0)


SIGN = _sign(*CORNERS)
