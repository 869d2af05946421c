"""Conformance: code does what a reference does, whoever of equals it serves at a tie.

Two implementations may break a tie otherwise, and neither is wrong: another winner at a tie is told apart, as
`conformance-at-ties`. Another price is a difference at a tie, too, where the winners are the same but for their
names; and so is another number of winners.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from mechanism.rule import Rule
from properties.conduct.comparison import Comparison
from properties.conduct.terms import CodeTerms
from properties.property import Check, Definition, Property
from properties.roles import I

WITHOUT = "there is nothing to compare with: give --reference ID or --against TARGET"


def conforms(t: Any, i: Index) -> Check:
    clear = sp.And(sp.Not(t.tied()), t.differs(i))
    return Check(sp.Integer(1), violation=sp.Or(clear, sp.And(t.tied(), t.differs_beyond_names(i))))


def breaks_ties_alike(t: Any, i: Index) -> Check:
    return Check(sp.Integer(1), premises=(t.tied(),), violation=t.differs(i))


def _property(name: str, reference: Rule | None) -> Property:
    define, title, statement = DEFINED[name]
    other = "the reference" if reference is None else reference.id

    def beside(t: Any, i: Index) -> Check:
        return define(t if reference is None else Comparison(t.rule, reference), i)

    return Property(
        id=name,
        title=title.format(other),
        statement=statement.format(other),
        define=beside,
        roles=(I,),
        vocabulary=CodeTerms,
        applies=lambda rule: WITHOUT if reference is None else "",
        reference=reference,
        references=(
            "McKeeman, Differential Testing for Software, Digital Technical Journal 10, 1998",
        ),
        story=f"agent {{i}} gets or pays something else than under {other}",
    )


CONFORMANCE, AT_TIES = "conformance", "conformance-at-ties"
DEFINED: dict[str, tuple[Definition, str, str]] = {
    CONFORMANCE: (
        conforms,
        "does what {} does",
        "Everybody gets and pays what {} says. Where that breaks a tie, others of those with equal reports may be "
        "served, but as many, and for the same payments.",
    ),
    AT_TIES: (
        breaks_ties_alike,
        "breaks ties as {} does",
        "Where {} breaks a tie, everybody gets and pays what it says.",
    ),
}
COMPARED = tuple(DEFINED)
# For the catalogue: what is compared with is told by each audit.
WITH_REFERENCE, TIES_OF_REFERENCE = (_property(name, None) for name in DEFINED)


def conformance(reference: Rule, *, ties: bool = False) -> Property:
    """The property of doing what a reference does.

    Parameters
    ----------
    reference : Rule
    ties : bool
        Ask instead whether ties are broken as the reference does.
    """
    return _property(AT_TIES if ties else CONFORMANCE, reference)
