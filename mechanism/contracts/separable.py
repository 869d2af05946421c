"""A payoff taken apart, as optimisers need it: what a reward is worth, and what quality costs each type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy as sp

from mechanism.contracts.curves import Curve
from mechanism.contracts.payoff import FAMILIES, THETA, Payoff, Q, R, theirs
from mechanism.errors import InputError
from mechanism.language import exact
from mechanism.language.arithmetic import constant


@dataclass(frozen=True)
class Parts:
    """Type k gets ``weight[k] * (v(r) - burden[k](q))``.

    Parameters
    ----------
    value : Curve
        v, concave and rising.
    weights : tuple of Fraction
    burdens : tuple of Curve
        What quality costs each type, in units of v.
    cost : Curve or None
        The convex cost that all have in common: ``burden[k] = ease[k] * cost + base[k]``.
    ease, base : tuple of Fraction
        For a common cost.
    """

    value: Curve
    weights: tuple[Fraction, ...]
    burdens: tuple[Curve, ...]
    cost: Curve | None = None
    ease: tuple[Fraction, ...] = ()
    base: tuple[Fraction, ...] = ()

    def burden(self, k: int, q: Fraction) -> Fraction | None:
        """What a quality costs type k, where it is rational."""
        if self.cost is None:
            return self.burdens[k].exact(q)
        common = self.cost.exact(q)
        return None if common is None else self.ease[k] * common + self.base[k]

    @property
    def transferable(self) -> bool:
        """Whether a unit of reward is worth the same to every type, and always."""
        lines = self.value.lines
        return lines is not None and len(lines) == 1 and len(set(self.weights)) == 1

    def crosses(self) -> bool | None:
        """Whether more quality costs a higher type at most as much, exactly; None where that is not looked at.

        Then what a type accepts more of, a higher one accepts: single crossing.
        """
        if self.cost is not None:  # which rises
            return all(low >= high for low, high in pairwise(self.ease))
        found = [
            Curve(low.expr - high.expr, Q, "cost").rises() for low, high in pairwise(self.burdens)
        ]
        return False if False in found else None if None in found else True

    def must_fit(self) -> None:
        """Refuse what no optimum can be certified for.

        Raises
        ------
        InputError
            For a value that is not concave and rising, or a cost that is not convex or not there.
        """
        self.value.must_bend(concave=True, rising=True)
        if self.value.lines is not None and any(slope <= 0 for slope, _ in self.value.lines):
            raise InputError("value: designs need a value that rises with the reward")
        if self.cost is not None:
            self.cost.must_bend(concave=False, rising=True)
        for burden in () if self.cost is not None else self.burdens:
            burden.must_exist()


def parts_of(payoff: Payoff, types: Sequence[Fraction]) -> Parts:
    """Take a payoff apart for the types of a problem.

    Raises
    ------
    InputError
        When the reward does not enter apart from quality.

    Examples
    --------
    >>> from mechanism.contracts.payoff import expression
    >>> found = parts_of(expression("theta*r - q**2 - q/theta"), (Fraction(1), Fraction(2)))
    >>> found.weights, [str(b.expr) for b in found.burdens]
    ((Fraction(1, 1), Fraction(2, 1)), ['q**2 + q', 'q**2/2 + q/4'])
    """
    if payoff.family == FAMILIES[2]:
        return _of_expression(payoff, types)
    one, ease = Fraction(1), tuple(1 / theta for theta in types)
    return Parts(
        value=Curve(R if payoff.value is None else payoff.value, R, "value"),
        weights=(one,) * len(types) if payoff.value is None else tuple(types),
        burdens=tuple(Curve(constant(e) * theirs(payoff.cost), Q, "cost") for e in ease),
        cost=Curve(payoff.cost, Q, "cost"),
        ease=ease,
        base=(Fraction(0),) * len(types),
    )


def _of_expression(payoff: Payoff, types: Sequence[Fraction]) -> Parts:
    each = [theirs(payoff.u).subs(THETA, constant(theta)) for theta in types]
    without = [one.subs(R, 0) for one in each]
    rises = [sp.simplify(one - rest) for one, rest in zip(each, without)]
    weights = [sp.simplify(rise / rises[0]) if rises[0] != 0 else sp.nan for rise in rises]
    if rises[0].has(Q) or not all(w.is_Rational and w > 0 for w in weights):
        raise InputError(
            f"payoff: in {payoff.u} the reward does not enter apart from quality, as in a(theta)*v(r) + g(theta, q) "
            "with a positive; such a menu can be audited, and not designed"
        )
    burdens = [sp.expand(-rest / w) for rest, w in zip(without, weights)]
    return Parts(
        value=Curve(rises[0], R, "value"),
        weights=tuple(map(exact, weights)),
        burdens=tuple(Curve(b, Q, "cost") for b in burdens),
        **_common(burdens),
    )


def _common(burdens: list[Any]) -> dict[str, Any]:
    """The convex cost that burdens are multiples of, if there is one."""
    bases = [b.subs(Q, 0) for b in burdens]
    moving = [sp.simplify(b - base) for b, base in zip(burdens, bases)]
    if not all(base.is_Rational for base in bases) or moving[0] == 0:
        return {}
    ease = [sp.simplify(m / moving[0]) for m in moving]
    cost = Curve(moving[0], Q, "cost")
    if not all(e.is_Rational and e > 0 for e in ease) or not cost.bends(concave=False, rising=True):
        return {}
    return {
        "cost": cost, "ease": tuple(map(exact, ease)), "base": tuple(map(exact, bases))
    }  # fmt: skip
