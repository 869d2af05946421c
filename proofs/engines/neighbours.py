"""The engine for any number of types: induction over how many types lie between two.

A property may claim of all pairs of agents what is assumed of neighbours in some order. Then its `chain`
gives the relation. The pair (c, a) follows from (b, a), which is closer, and from (c, b), whose agents
are neighbours, if three agents in order a, b, c cannot violate (c, a) alone; and the same downwards. Each
step speaks of three agents only, so it is decided without quantifiers.
"""

from __future__ import annotations

import sympy as sp

from mechanism.language import Binder, ForAll, Index
from proofs.engines.engine import Budget, Result
from proofs.lowering.fixed_size import FixedSize
from proofs.lowering.terms import compare, condition
from proofs.solver import solve
from properties.property import Obligation

ID = "neighbours"
HOW = (
    "by induction over the number of {called}s between two: between neighbours it is assumed, and {called} c "
    "gains nothing from a where it gains nothing from its neighbour b, nor b from a, for a < b < c as for a > b > c"
)
A, B, C = (Index(name, "agent") for name in "abc")


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show by induction that the relation passes from neighbours to all pairs."""
    rule, wanted = obligation.rule, obligation.property
    if wanted.chain is None:
        return Result("not-accepted", "the property does not pass from neighbours to all")
    if obligation.condition != sp.true or rule.fixed_size is not None:
        return Result("not-accepted", "the number of agents is fixed")
    terms = wanted.vocabulary(rule)
    pairs = {(i, j): wanted.chain.link(terms, i, j) for i in (A, B, C) for j in (A, B, C) if i != j}
    universal = [*rule.assumptions, *(p for check in pairs.values() for p in check.premises)]
    for fact in universal:
        # What holds of all agents holds of three of them; what asks for some agent need not.
        loose = [n for n in sp.preorder_traversal(fact) if isinstance(n, Binder) and not isinstance(n, ForAll)]  # fmt: skip
        if loose:
            return Result(
                "not-accepted", f"{type(loose[0]).__name__} in an assumption speaks of others"
            )
    steps, texts, spent = [], [], 0
    for way, sign in (("upwards", "<"), ("downwards", ">")):
        fixed = FixedSize({"agent": 3}, "free", obligation.worlds, {A: 0, B: 1, C: 2}, rule.given)
        order = [compare(fixed.read(wanted.chain.order(terms, i)), sign, fixed.read(wanted.chain.order(terms, j))) for i, j in ((A, B), (B, C))]  # fmt: skip
        facts = [condition(fixed.read(fact)) for fact in universal]
        kept = [compare(fixed.read(pairs[pair].margin), "<=", 0) for pair in ((B, A), (C, B))]
        goal = compare(fixed.read(pairs[C, A].margin), ">", 0)
        domains = [fact for family, index in list(fixed.entries) for fact in fixed.inside(family, index)]  # fmt: skip
        assertions = [*domains, *facts, *order, *kept, goal, *fixed.definitions]
        answer = solve([condition(a) for a in assertions], rlimit=budget.rlimit, seed=budget.seed)
        spent += answer.rlimit
        if answer.status != "unsat":
            why = answer.reason or "three types alone give a violation"
            return Result("unknown", f"the step {way}: {why}", rlimit=spent)
        steps.append(f"the step {way}: three {rule.called}s in order, unsatisfiable")
        texts.append((f"{rule.id}-{wanted.id}-{way}", answer.text))
    return Result(
        "proved",
        HOW.format(called=rule.called),
        steps=tuple(steps),
        smt2=tuple(texts),
        ties=rule.ties,
        rlimit=spent,
    )
