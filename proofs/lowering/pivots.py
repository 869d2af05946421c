"""Clarke payments: what an agent gains is the best total with it less the best total without it.

A rule chooses the outcome o that maximises a total T(o) of the bids, and charges agent i what is missing
from the best total without i. Its utility, where it is truthful, is then

    max T - max T_{-i},

and revenue is max T less the sum of that over all agents. Written so, nothing depends on which of the best
outcomes is chosen, and the choice need not be followed. The form is recognised in a rule's expressions.

References
----------
E. Clarke, Multipart Pricing of Public Goods, Public Choice 11, 1971.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from mechanism.language import ArgMax, At, Binder, Highest, Index, Sum, agents, at
from mechanism.language.sums import inlined
from mechanism.rule import Rule
from mechanism.setting import HOLDER, OWNER
from proofs.lowering.residuals import indicator
from properties.property import Obligation
from properties.terms import Terms

_A = agents("a")
_ONE = Index("one of them", "agent")


@dataclass(frozen=True)
class Pivot:
    """What is read off a rule with Clarke payments, by reports.

    Parameters
    ----------
    best : expression
        The highest total.
    surplus : expression over the rule's agent
        The highest total less the highest without the agent, in the agent's own unit.
    closed : bool
        The total is the sum of the agents' bids and nothing else.
    """

    best: Any
    surplus: Any
    closed: bool


def pivot(rule: Rule) -> Pivot | None:
    """The Clarke form of a rule, or None where its payment has another form."""
    choices = [c for c in rule.payment.atoms(ArgMax) if c.where == sp.true]
    if len(choices) != 1:
        return None
    (chosen,) = choices
    totals = [t for t in sp.Add.make_args(chosen.body) if _total(t)]
    if len(totals) != 1:
        return None
    (total,), i = totals, rule.agent
    rest = chosen.body - total
    without = Sum(total.body, total.var, sp.Ne(total.var, i)) + rest
    others = _set(without, {chosen.var: chosen})
    best_without = Highest(without, chosen.var)
    own = _set(total.body, {total.var: i, chosen.var: chosen})
    divisors = [1 / f for f in sp.Mul.make_args(rule.payment) if f.is_Pow and f.exp == -1]
    for unit in (sp.Integer(1), *divisors):
        paid = sp.expand(rule.payment * unit, deep=False)
        if _same(paid, best_without - others) and _valued(rule, own / unit):
            best = Highest(chosen.body, chosen.var)
            return Pivot(best, (best - best_without) / unit, rest == 0 and unit == 1)
    return None


def _set(expr: Any, values: dict[Index, Any]) -> Any:
    """The same with indices set, and no bound index in their way."""
    return inlined(at("", expr, values))


def _total(term: Any) -> bool:
    return isinstance(term, Sum) and term.var.sort == "agent" and term.where == sp.true


def _valued(rule: Rule, own: Any) -> bool:
    """Whether a truthful agent's part of the total is what the outcome is worth to it."""
    true = {b: b.truth for b in rule.reports}
    part = _set(own, {rule.agent: OWNER})
    worth = _set(rule.setting.worth, {OWNER: OWNER, HOLDER: OWNER})
    return _same(part.xreplace(true), worth.xreplace(true))


def _same(one: Any, other: Any) -> bool:
    return _plain(one) == _plain(other)


def _plain(expr: Any, depth: int = 0) -> Any:
    """The same with bound indices named by depth, and flags of 0 and 1 read as conditions."""
    if not expr.args or isinstance(expr, Index):
        return expr
    if isinstance(expr, sp.Gt) and expr.rhs == 0 and (flag := indicator(expr.lhs)) is not None:
        return _plain(flag, depth)
    if isinstance(expr, Binder):
        fresh = {v: Index(f"#{depth}{n}", v.sort) for n, v in enumerate(expr.bound_indices)}
        args = [
            a if name in expr.outer else a.xreplace(fresh)
            for name, a in zip(expr.names, expr.args, strict=True)
        ]
        return expr.func(*(_plain(a, depth + 1) for a in args))
    return expr.func(*(_plain(a, depth) for a in expr.args))


class PivotTerms(Terms):
    """The same terms, written without a choice of the outcome where there is no need of one."""

    def __init__(self, rule: Rule, form: Pivot, truthful: frozenset[str]) -> None:
        super().__init__(rule)
        self.form, self.truthful = form, truthful

    def utility(self, world: str, i: Any) -> Any:
        if world not in self.truthful:
            return super().utility(world, i)
        return at(world, self.form.surplus, {self.rule.agent: i})

    def revenue(self, world: str) -> Any:
        if not self.form.closed:
            return super().revenue(world)
        surplus = at("", self.form.surplus, {self.rule.agent: _A})
        return at(world, self.form.best, {}) - at(world, Sum(surplus, _A), {})


def forms(obligation: Obligation) -> Iterator[Obligation]:
    """Obligations from which this one follows, for a rule with Clarke payments.

    Where totals over agents are compared, it is enough that no agent's part is too much.
    """
    form = pivot(obligation.rule)
    if form is None:
        return
    truthful = frozenset(n for n, world in obligation.worlds.items() if not world.reports)
    check = obligation.property.define(
        PivotTerms(obligation.rule, form, truthful), *obligation.roles
    )
    violation = check.margin > 0 if check.violation is None else check.violation
    written = replace(obligation, margin=check.margin, violation=violation)
    if check.violation is None and (lifted := _one_by_one(written)) is not None:
        yield lifted
    yield written


def _one_by_one(obligation: Obligation) -> Obligation | None:
    """If a sum over the agents is positive, some agent's part is, or what is left is.

    Agents that some world is without are taken out of the sums of the others.
    """
    sums, left = [], []
    for term in sp.Add.make_args(obligation.margin):
        factor, node = term.as_coeff_Mul()
        total = node.expr if isinstance(node, At) and not node.bindings else None
        if total is not None and _total(total):
            sums.append((factor, node.world, total))
        else:
            left.append(term)
    if not sums:
        return None
    away = tuple(dict.fromkeys(a for w in obligation.worlds.values() for a in w.absent))
    if len(away) > 1:
        return None
    part = lambda f, world, total, who: f * at(world, total.body, {total.var: who})  # noqa: E731
    left += [part(f, w, t, a) for a in away for f, w, t in sums
             if a not in obligation.worlds[w].absent]  # fmt: skip
    each = sp.Add(*(part(*row, _ONE) for row in sums))
    somebody = sp.And(*(sp.Ne(_ONE, a) for a in away), each > 0)
    return replace(
        obligation,
        property=replace(obligation.property, roles=(*obligation.roles, _ONE)),
        violation=sp.Or(sp.Add(*left) > 0, somebody),
    )
