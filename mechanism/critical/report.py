"""One agent's report, and what depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from mechanism.errors import StrategyproofError
from mechanism.language import At, Binder, Computed, Entry, Family, Index, Truth


class NotDerived(StrategyproofError):
    """No formula for the critical value was found; this does not say that there is none."""


@dataclass(frozen=True)
class Report:
    """What agent `agent` reports in `family`; the price of whoever wins with any report is `lowest`."""

    family: Family
    agent: Index
    lowest: Any

    @property
    def own(self) -> Any:
        return self.family[self.agent]

    def read_in(self, expr: Any, apart: frozenset = frozenset()) -> bool:
        """Whether an expression may read this report; the indices in `apart` are other agents."""
        if isinstance(expr, (At, Truth, Computed)):
            return True
        if isinstance(expr, Entry) and expr.family == self.family:
            return expr.index[0] not in apart
        if isinstance(expr, Binder):
            if self.others_only(expr):
                apart = apart | {expr.var}
            else:
                apart = apart - set(expr.bound_indices)
        return any(self.read_in(a, apart) for a in expr.args)

    def others_only(self, expr: Binder) -> bool:
        """Whether the range of an operator over agents leaves this agent out."""
        if not hasattr(expr, "where"):
            return False
        parts = expr.where.args if isinstance(expr.where, sp.And) else (expr.where,)
        return any(isinstance(p, sp.Ne) and set(p.args) == {expr.var, self.agent} for p in parts)
