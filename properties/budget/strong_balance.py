"""Strong budget balance."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Abs(t.revenue("truth")))


STRONG_BUDGET_BALANCE = Property(
    id="strong-budget-balance",
    title="strong budget balance",
    statement="The payments always sum to exactly zero.",
    define=define,
    story="the payments miss zero by {margin}",
    references=("Green, Laffont, Incentives in Public Decision-Making, 1979",),
)
