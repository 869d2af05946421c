"""The engine for any number of agents by instances over named agents, goods and outcomes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import sympy as sp
import z3

from mechanism.language import ArgMax, Count, World, agents
from mechanism.rule import Rule
from proofs.engines.engine import Budget, NotAccepted, Result
from proofs.lowering.any_size import AnySize
from proofs.lowering.terms import condition, negate
from proofs.solver import solve
from proofs.verdict import counted
from properties.property import Obligation

ID = "instances"


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show that no number of agents gives a violation, or say why that was not shown.

    Ties are left open first, which covers every policy; where that is too much, the rule's own policy
    is used. Last, for rules that choose a matching, those are named too that leave an agent out.
    """
    policies = [(True, False)] if obligation.rule.ties == "any" else [(True, False), (False, False)]
    if _matches(obligation.rule):
        policies.append((True, True))
    result = Result("unknown")
    for free_ties, leave_out in policies:
        try:
            low, assertions = lower(obligation, free_ties, leave_out)
        except NotAccepted as reason:
            return Result("not-accepted", str(reason))
        answer = solve(assertions, rlimit=budget.rlimit, seed=budget.seed)
        name = f"{obligation.rule.id}-{obligation.property.id}-any"
        if answer.status == "unsat":
            return _proved(obligation, low, free_ties, ((name, answer.text),), answer.rlimit)
        why = "named agents alone give a violation" if answer.status == "sat" else answer.reason
        result = replace(result, reason=why, rlimit=result.rlimit + answer.rlimit)
    return result


def _matches(rule: Rule) -> bool:
    return any(
        n.var.sort == "matching" for p in (rule.allocation, rule.payment) for n in p.atoms(ArgMax)
    )


def lower(
    obligation: Obligation, free_ties: bool, leave_out: bool = False
) -> tuple[AnySize, list[Any]]:
    """The ground obligation: premises, violation, and every instance of every axiom."""
    low, rule = AnySize(obligation, free_ties, leave_out), obligation.rule
    for world in obligation.worlds.values():
        for assumption in rule.assumptions:
            low.assume(low.read(assumption, None, world))
        if rule.min_agents > 1:
            low.assume(low.several(Count(True, agents("n")), rule.min_agents, low.roles, world))
    for premise in obligation.premises:
        low.assume(low.read(premise))
    low.assume(low.read(obligation.violation))
    if rule.admissible != sp.true:
        for world in (World("everybody"), *obligation.worlds.values()):
            low.axiom("agent", partial(_admitted, low, rule, world))
    low.close()
    return low, low.assertions


def _admitted(low: AnySize, rule: Any, world: World, constant: Any) -> Any:
    admitted = low.read(rule.admissible, {**low.roles, rule.agent: (constant, True)}, world)
    return admitted if not world.absent else z3.Or(
        condition(negate(low.present(constant, world))), condition(admitted))  # fmt: skip


def _proved(
    obligation: Obligation, low: AnySize, free_ties: bool, smt2: tuple, rlimit: int
) -> Result:
    named = len(low.constants["agent"])
    cutoff = None if low.exact else max(named, obligation.min_agents)
    others = [counted(len(c), sort) for sort, c in low.constants.items() if c and sort != "agent"]
    called = obligation.rule.called
    names = " and ".join([counted(named, called), *others])
    who = "the winners, prices and deviators of a violation" if called == "agent" else "a violation"
    reason = f"{who} would be found among {names} that the formulas name, and no such set gives one"
    if cutoff is not None:
        reason += f"; nobody else matters, so the cut-off at {counted(cutoff, called)} is exact"
    return Result(
        "proved",
        reason,
        cutoff=cutoff,
        steps=(f"{obligation.property.id}: {len(low.assertions)} ground instances, unsatisfiable",),
        smt2=smt2,
        ties="any" if free_ties else obligation.rule.ties,
        rlimit=rlimit,
    )
