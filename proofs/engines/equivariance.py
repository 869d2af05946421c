"""The engine for properties that compare an auction with itself under other names.

Where two agents have exchanged their reports, the auction is the truthful one with the two agents renamed.
A rule that does not know agents by name then gives the renamed outcome, so that what the violation says of
the one world is a statement about the other; written so, it contradicts itself. No solver is needed.

References
----------
H. Moulin, Axioms of Cooperative Decision Making, 1988.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import sympy as sp

from mechanism.language import ArgMax, At, Exists, ForAll, Greedy, Index, Rank, Truth, World, at
from mechanism.rule import Rule
from mechanism.ties import untied
from proofs.engines.engine import Budget, NotAccepted, Result
from proofs.lowering.equivariance import Equivariance
from properties.property import Obligation
from properties.terms import Terms

ID = "equivariance"


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show that renaming two agents renames the outcome, and that nothing else is claimed of it."""
    try:
        worlds = _swapped(obligation)
        left = [c for c in _cases(obligation, *worlds) if _translated(obligation, c, *worlds)]
    except NotAccepted as reason:
        return Result("not-accepted", str(reason))
    if left:
        return Result("unknown", "more than the new names is claimed of the outcome")
    one, other = worlds[1]
    return Result(
        "proved",
        f"the rule does not know agents by name: it looks at reports, at parameters that {one} and {other} have alike, "
        "and at the order of numbers that are not tied, so that new names for the agents rename the outcome",
        steps=("every node of the rule's expressions is the same, or is renamed, under new names",),
        ties="any",
    )


Pair = tuple[Index, Index]


def _swapped(obligation: Obligation) -> tuple[str, Pair, str]:
    """The truthful world, the two agents and the world in which each reports what the other has."""
    worlds = tuple(obligation.worlds.values())
    if any(world.absent for world in worlds) or len(worlds) != 2:
        raise NotAccepted("this does not compare two worlds of the same agents")
    for truth, swap in (worlds, worlds[::-1]):
        if not truth.reports and (pair := _pair(swap)) is not None:
            return truth.name, pair, swap.name
    raise NotAccepted("in neither world have two agents exchanged their reports")


def _pair(world: World) -> Pair | None:
    if len(world.reports) != 2:
        return None
    (one, kind, other), back = world.reports
    return (one, other) if kind == "truth" and back == (other, "truth", one) else None


def _cases(obligation: Obligation, truth: str, pair: Pair, swap: str) -> list[dict[Index, Index]]:
    """Who else is one of the two."""
    others = [role for role in obligation.roles if role not in pair]
    picks = product(*([role, *pair] for role in others))
    return [dict(zip(others, pick, strict=True)) for pick in picks]


def _translated(
    obligation: Obligation, case: dict[Index, Index], truth: str, pair: Pair, swap: str
) -> bool:
    """Whether the violation, told in the truthful world alone, is left with something to say."""
    one, other = pair
    facts = {f for premise in obligation.premises for f in sp.And.make_args(premise)}
    if sp.Ne(one, other) not in facts:
        raise NotAccepted(f"{one} and {other} may be the same agent")
    checker = _checker(obligation.rule, pair, facts, (truth, swap))

    def told(expr: Any) -> Any:
        if isinstance(expr, (At, Truth)):
            return here(expr)
        if isinstance(expr, Index):
            return case.get(expr, expr)
        if isinstance(expr, (ForAll, Exists)):
            if expr.var in obligation.roles:
                raise NotAccepted(f"{expr.var} is bound where a role has its name")
            body = told(expr.body)
            settled = body == sp.true if isinstance(expr, ForAll) else body == sp.false
            return body if settled else expr.func(body, expr.var, told(expr.where))
        if not isinstance(
            expr, (sp.And, sp.Or, sp.Not, sp.Eq, sp.Ne, sp.logic.boolalg.BooleanAtom)
        ):
            raise NotAccepted(f"{type(expr).__name__} is not followed into the other world")
        return expr.func(*(told(a) for a in expr.args))

    def here(expr: Any) -> Any:
        if expr.world not in (truth, swap):
            raise NotAccepted(f"the violation reads the world '{expr.world}'")
        checker.value(at("", expr.expr, dict(expr.bindings)))
        renamed = {one: other, other: one} if expr.world == swap else {}
        bindings = {formal: case.get(a, a) for formal, a in expr.bindings}
        if any(not isinstance(a, Index) for a in bindings.values()):
            raise NotAccepted("the violation reads the rule at a computed place")
        return at(truth, expr.expr, {f: renamed.get(a, a) for f, a in bindings.items()})

    return told(obligation.violation) != sp.false


def _checker(rule: Rule, pair: Pair, facts: set, worlds: tuple[str, str]) -> Equivariance:
    """What is known: which parameters the two have alike, and that nothing is tied in either world."""
    terms = Terms(rule)
    alike = [f for f in rule.parameters if f.over[:1] == ("agent",)
             and terms.alike(*pair, (f,)) in facts]  # fmt: skip
    clear = all(at(world, untied(rule), {}) in facts for world in worlds)
    choices = [
        node for part in (rule.allocation, rule.payment) for node in part.atoms(ArgMax, Rank, Greedy)
    ]  # fmt: skip
    return Equivariance(alike, choices if clear else ())
