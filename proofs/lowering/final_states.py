"""A violation, said of the states in which an auction of several rounds ends."""

from __future__ import annotations

from typing import Any

import sympy as sp

from mechanism.evaluate.reading import indicator
from mechanism.language import At, Binder, Computed, Exists, Index, Sum, Truth, at
from mechanism.language.procedure import ALLOCATION, PAYMENT
from mechanism.language.sums import inlined
from proofs.engines.engine import NotAccepted


def of_last_states(expr: Any) -> Any:
    """The same expression with what is computed written out over the last states.

    Only for an obligation with a single world, which then need not be named.
    """
    return inlined(_written_out(unnamed(expr)))


def unnamed(expr: Any) -> Any:
    """The same with everything read in the world it stands in."""
    if not expr.args or isinstance(expr, Computed):
        return expr
    args = [unnamed(a) for a in expr.args]
    return expr.func("", *args[1:]) if isinstance(expr, (At, Truth)) else expr.func(*args)


def _written_out(expr: Any) -> Any:
    if not expr.args:
        return expr
    if isinstance(expr, Computed):
        rounds = expr.procedure
        if expr.part not in (ALLOCATION, PAYMENT):
            raise NotAccepted(f"the {expr.part} of a procedure are no state")
        body = rounds.allocation if expr.part == ALLOCATION else rounds.payment
        formals = (rounds.agent, rounds.good)
        return at("", body, dict(zip(formals, expr.index)))
    return expr.func(*(_written_out(a) for a in expr.args))


def pointwise(violation: Any) -> Any:
    """A condition that follows from the violation and names those who bear witness to it.

    A sum above 0 has a term above 0, a sum that is not 0 a term that is not, and of what is counted above
    1 there are two. So if this cannot be, neither can the violation.
    """
    if isinstance(violation, (sp.And, sp.Or)):
        return violation.func(*(pointwise(a) for a in violation.args))
    if isinstance(violation, Exists):
        return Exists(pointwise(violation.body), violation.var, violation.where)
    if isinstance(violation, sp.Gt) and violation.rhs == 1 and isinstance(violation.lhs, Sum):
        return _two(violation.lhs) or violation
    if isinstance(violation, sp.Gt):
        found = _one_sum(violation.lhs - violation.rhs)
        return violation if found is None else Exists(pointwise(found.body > 0), found.var)
    if isinstance(violation, sp.Lt):
        return pointwise(violation.rhs > violation.lhs)
    if isinstance(violation, sp.Ne) and isinstance(violation.lhs, Sum) and violation.rhs == 0:
        found = _one_sum(violation.lhs)
        return violation if found is None else Exists(pointwise(sp.Ne(found.body, 0)), found.var)
    return violation


def _two(counted: Sum) -> Any:
    """That two are counted; None where what is summed is no count."""
    condition = indicator(counted.body)
    if condition is None:
        return None
    other = Index(f"{counted.var.name}'", counted.var.sort)
    both = sp.And(counted.where, condition)
    twin = both.xreplace({counted.var: other})
    return Exists(Exists(sp.And(both, twin, sp.Ne(counted.var, other)), other), counted.var)


def _one_sum(expr: Any) -> Sum | None:
    """A linear combination of unrestricted sums over one sort, as one sum; None if it is not one."""
    expr = sp.expand(expr, deep=False)
    bodies, var = [], None
    for term in sp.Add.make_args(expr):
        factor, total = term.as_coeff_Mul()
        if not isinstance(total, Sum) or total.where != sp.true:
            return None
        if var is None:
            var = Index("*" + total.var.name, total.var.sort)
        if total.var.sort != var.sort:
            return None
        bodies.append(factor * _renamed(total.body, total.var, var))
    return None if var is None else Sum(sp.Add(*bodies), var)


def _renamed(body: Any, old: Index, new: Index) -> Any:
    if any(old in node.bound_indices for node in body.atoms(sp.Basic) if isinstance(node, Binder)):
        raise NotAccepted(f"the index {old} is bound twice")
    return body.xreplace({old: new})
