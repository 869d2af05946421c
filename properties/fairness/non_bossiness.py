"""Non-bossiness."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.language import Index
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I, J


def define(t: Any, i: Index, j: Index) -> Check:
    def unchanged(a: Index) -> Any:
        same_pay = sp.Eq(t.payment("truth", a), t.payment("lie", a))
        return sp.And(t.same_holding("truth", a, "lie", a), same_pay)

    return Check(
        sp.Integer(1),
        premises=(sp.Ne(i, j),),
        violation=sp.And(unchanged(i), sp.Not(unchanged(j))),
    )


NON_BOSSINESS = Property(
    id="non-bossiness",
    title="non-bossy",
    statement="An agent that changes its report without changing what it gets and pays changes nothing for anybody.",
    define=define,
    roles=(I, J),
    worlds=(TRUTH, LIE),
    story="agent {i} changes what agent {j} gets or pays, but nothing for itself",
    references=(
        "Satterthwaite, Sonnenschein, Strategy-Proof Allocation Mechanisms at Differentiable Points, RES 48, 1981",
    ),
)
