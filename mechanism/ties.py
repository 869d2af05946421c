"""When no tie is broken: a condition that is read off the rule itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from mechanism.language import Computed
from mechanism.language.choices import clear_choices

if TYPE_CHECKING:
    from mechanism.rule import Rule


def untied(rule: Rule) -> Any:
    """The condition that every candidate chosen by the rule beats the others outright.

    An `ArgMax` must have one maximiser; where agents are ranked, their keys must all differ.

    Returns
    -------
    sympy condition
        To be read in a world.
    """
    parts = (rule.allocation, rule.payment)
    procedures = {n.procedure for p in parts for n in p.atoms(Computed)}
    return sp.And(clear_choices(parts), *(p.untied(rule) for p in sorted(procedures, key=str)))
