"""Increasing functions of a report, solved for it."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.critical.report import NotDerived, Report
from mechanism.critical.signs import positive
from mechanism.language import Applied, ArgMax, Highest, Inverse, KthHighest
from mechanism.writing.words import words


def inverse(expr: Any, target: Any, report: Report) -> Any:
    """The report at which an increasing expression reaches the target.

    Raises
    ------
    NotDerived
        Where the expression is not seen to be strictly increasing in the report, or is of no known form.

    Examples
    --------
    >>> from mechanism.language import agents, parameter
    >>> from mechanism.language import report as reports
    >>> i, b, w, r = agents("i"), reports("b"), parameter("w", above=0), parameter("r")
    >>> inverse(w * b[i] + 1, r, Report(b, i, 0))
    (r - 1)/w
    """
    if expr == report.own:
        return target
    if isinstance(expr, Applied) and not isinstance(expr, Inverse) and expr.index == report.agent:
        return inverse(expr.argument, expr.family.inverse(expr.index, target), report)
    parts = [a for a in expr.args if report.read_in(a)]
    if len(parts) == 1 and isinstance(expr, (sp.Add, sp.Mul)):
        rest = expr.func(*(a for a in expr.args if a != parts[0]))
        if isinstance(expr, sp.Add):
            return inverse(parts[0], target - rest, report)
        if positive(rest):
            return inverse(parts[0], target / rest, report)
        raise NotDerived(
            f"{words(expr)} need not rise with {words(report.own)}: {words(rest)} is not known to be above 0"
        )
    if isinstance(expr, sp.Add):
        return _linear(expr, target, report)
    raise NotDerived(
        f"no formula is known for the {words(report.own)} at which {words(expr)} reaches a value"
    )


def _linear(expr: Any, target: Any, report: Report) -> Any:
    """The same where the report occurs in several terms."""
    free = sp.Dummy()
    flat = sp.expand(expr.xreplace({report.own: free}))
    slope, rest = flat.coeff(free, 1), flat.subs(free, 0)
    if sp.expand(slope * free + rest - flat) != 0 or report.read_in(slope) or report.read_in(rest):
        raise NotDerived(f"{words(expr)} is not linear in {words(report.own)}{_hint(expr, report)}")
    if not positive(slope):
        raise NotDerived(
            f"{words(expr)} need not rise with {words(report.own)}: {words(slope)} is not known to be above 0"
        )
    return (target - rest) / slope


def _hint(expr: Any, report: Report) -> str:
    """How to write the highest of the others, where it is told by who wins."""
    among = [n for n in expr.atoms(Highest, KthHighest) if report.read_in(n)]
    if not any(n.where.has(ArgMax) for n in among):
        return ""
    own = report.agent
    return f": the highest of the others must be written with Ne(j, {own}), not with Ne(j, winner)"
