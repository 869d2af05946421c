"""Claims: what is said of a property of a rule, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp


@dataclass(frozen=True)
class Claim:
    """What the literature, or the author, says of a property.

    Parameters
    ----------
    property : str
        The property's id, for example ``"dsic"``.
    holds : bool
        Whether it is claimed to hold (for all admissible parameters that meet `condition`).
    condition : sympy condition, optional
        Over the rule's parameters. With `otherwise`, the opposite is claimed where it is not met.
    reference : str
        Who says so.
    """

    property: str
    holds: bool = True
    condition: Any = sp.true
    reference: str = ""
    otherwise: bool = False

    def __str__(self) -> str:
        word = "holds" if self.holds else "fails"
        return word if self.condition == sp.true else f"{word} if {self.condition}"


def holds(
    property: str, reference: str = "", *, when: Any = sp.true, only_when: Any = None
) -> Claim:
    """Claim that a property holds, always or under a condition (`only_when`: and fails otherwise)."""
    condition = when if only_when is None else only_when
    return Claim(property, True, condition, reference, otherwise=only_when is not None)


def fails(property: str, reference: str = "", *, when: Any = sp.true) -> Claim:
    """Claim that a property does not hold for all admissible parameters."""
    return Claim(property, False, when, reference)


def revised(claims: Iterable[Claim], *others: Claim) -> tuple[Claim, ...]:
    """The claims of a variant: the same, but for the properties of which something else is said.

    Examples
    --------
    >>> [str(c) for c in revised((holds("dsic"), holds("ex-post-ir")), fails("dsic"))]
    ['fails', 'holds']
    """
    instead = {claim.property: claim for claim in others}
    return tuple(instead.get(claim.property, claim) for claim in claims)
