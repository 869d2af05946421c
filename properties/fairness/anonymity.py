"""Anonymity."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from properties.property import Check, Property
from properties.roles import SWAP, TRUTH, I, J, K


def define(t: Any, i: Index, k: Index, j: Index) -> Check:
    def differs(a: Index, there: Index) -> Any:
        same_pay = sp.Eq(t.payment("truth", a), t.payment("swap", there))
        return sp.Not(sp.And(t.same_holding("truth", a, "swap", there), same_pay))

    bystander = sp.And(sp.Ne(j, i), sp.Ne(j, k), differs(j, j))
    return Check(
        sp.Integer(1),
        premises=(sp.Ne(i, k), t.alike(i, k, t.carried), t.untied("truth"), t.untied("swap")),
        violation=sp.Or(differs(i, k), differs(k, i), bystander),
    )


ANONYMITY = Property(
    id="anonymity",
    title="anonymous",
    statement="When two agents swap their reports, they swap what they get and pay, and nobody else notices, whenever no tie is broken.",
    define=define,
    roles=(I, K, J),
    worlds=(TRUTH, SWAP),
    story="agents {i} and {k} swap their reports, but the outcome does not follow",
    references=("Moulin, Axioms of Cooperative Decision Making, 1988",),
)
