"""The engine for greedy rules, for any number of agents and goods.

A greedy rule is a run over the agents in some order. What a run does is no formula over a few agents, so
the obligation is put together with lemmas that compare two runs agent by agent, each shown by induction
along the order in which the agents are taken up:

- with an agent and without it, the run accepts the same agents before that agent's turn;
- two worlds accept the same agents but for one who misreports, or before that one's turn;
- where two agents have swapped reports, each has the place of the other.

Lemmas are guessed from the runs that the obligation reads, and used once the solver has shown the step.
The induction is sound because there are finitely many agents, and the order of a run is strict and total.

References
----------
Lehmann, O'Callaghan, Shoham, Truth Revelation in Approximately Efficient Combinatorial Auctions, JACM 49,
2002. Flanagan, Leino, Houdini, an Annotation Assistant for ESC/Java, FME 2001 (guess and check).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import sympy as sp

from mechanism.language import Greedy, Index, Truth, at
from proofs.engines.engine import Budget, NotAccepted, Result
from proofs.engines.greedy_lemmas import Lemma, Literal, assume_failing, guesses, lower, step
from proofs.engines.search import search
from proofs.lowering.greedy import GreedyLowering
from proofs.lowering.speakers import TooManyNames
from proofs.solver import Answer, solve
from properties.property import Obligation

ID = "greedy"
STEP_RLIMIT = 2_000_000  # a step that is true takes a third of this at most
MAX_CASES = 16
HINTS = 200  # profiles tried to find one that meets the premises


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show that no number of agents and goods gives a violation, or say why that was not shown."""
    try:
        if not any(
            part.has(Greedy) for part in (obligation.rule.allocation, obligation.rule.payment)
        ):
            raise NotAccepted("the rule has no Greedy operator")
        return _Attempt(obligation, budget).result()
    except TooManyNames as reason:
        return Result("unknown", str(reason))
    except NotAccepted as reason:
        return Result("not-accepted", str(reason))


class _Attempt:
    """One try at an obligation, and what it used."""

    def __init__(self, obligation: Obligation, budget: Budget) -> None:
        self.obligation, self.budget = obligation, budget
        self.smt2: list[tuple[str, str]] = []
        self.steps: list[str] = []
        self.lemmas: list[str] = []
        self.names: dict[tuple, str] = {}  # of runs, the same in every lowering
        self.known: dict[tuple, bool] = {}  # steps about roles, and what came of them
        self.rlimit = 0

    def result(self) -> Result:
        cases = alternatives(self.obligation.violation)
        for number, case in enumerate(cases, 1):
            label = f" (case {number} of {len(cases)})" if len(cases) > 1 else ""
            if why := _Case(self, case, label).open():
                return Result("unknown", why + label, rlimit=self.rlimit)
        if why := self.premises_open():
            return Result("unknown", why, rlimit=self.rlimit)
        return Result(
            "proved",
            self.reason(),
            steps=tuple(self.steps),
            smt2=tuple(self.smt2),
            rlimit=self.rlimit,
        )

    def reason(self) -> str:
        scope = "values, keys, sizes of sets and the fixed priority are arbitrary, so for any number of agents and goods"
        if not self.lemmas:
            return f"no agents and goods that a violation would name give one; {scope}"
        lemmas = "; ".join(self.lemmas)
        return (
            f"by induction along the order in which agents are taken up: {lemmas}. With that, no agents and"
            f" goods that a violation would name give one; {scope}"
        )

    def premises_open(self) -> str:
        """Why it is not known that the premises can be met: a proof from contradictory ones is none."""
        low = lower(self.obligation, (), self.names)
        low.close()
        answer = self.ask(low, "premises", self.budget.rlimit)
        if answer.status != "sat":
            return (
                "the premises cannot be met"
                if answer.status == "unsat"
                else f"premises: {answer.reason}"
            )
        least = self.obligation.min_agents
        anything = replace(self.obligation, violation=sp.true)
        hint = search(anything, range(least, least + 2), HINTS, self.budget.seed).instance
        if hint is None:
            return "no profile was found that meets the premises"
        self.steps.append(
            f"the premises can be met: by a profile of {hint.sizes['agent']} agents, checked exactly"
        )
        return ""

    def ask(self, low: GreedyLowering, name: str, rlimit: int) -> Answer:
        left = self.budget.rlimit - self.rlimit
        if left <= 0:
            raise TooManyNames("the resource limit was reached")
        low.close()
        answer = solve(low.assertions, rlimit=min(rlimit, left), seed=self.budget.seed)
        self.rlimit += answer.rlimit
        if answer.status == "unsat" or name == "premises":
            rule, said = self.obligation.rule.id, self.obligation.property.id
            self.smt2.append((f"{rule}-{said}-{name.replace(' ', '-')}", answer.text))
        return answer


class _Case:
    """One alternative of the violation: which lemmas hold, and whether it is impossible."""

    def __init__(self, attempt: _Attempt, case: tuple[Literal, ...], label: str) -> None:
        self.attempt, self.case, self.label = attempt, case, label
        self.obligation = attempt.obligation
        self.plain = tuple(literal for literal in case if _compares_roles(literal[0]))
        probe = lower(self.obligation, case, attempt.names, unfolding=False)
        named = {c.get_id() for c in probe.constants["agent"]}
        probe.close()
        self.runs = [run for run in probe.runs.values() if named.issuperset(run.id[1:])]
        self.proved: list[Lemma] = []

    def open(self) -> str:
        """Why the case could not be closed, or an empty string."""
        first, more = guesses(self.runs, self.obligation)
        why = ""
        for lemmas, by_itself in ((first, True), (more, True), (first + more, False)):
            found = [self.try_lemma(lemma, by_itself) for lemma in lemmas]
            if (any(found) or not why) and not (why := self.still_open()):
                return ""
        return why

    def still_open(self) -> str:
        # Where runs take each other's place, why an agent is accepted does not matter; try that first.
        swapped = any(lemma.kind == "swap" for lemma in self.proved)
        for unfolding in (False, True) if swapped else (True,):
            low = self.lower(unfolding)
            answer = self.attempt.ask(low, f"main{self.label}", self.attempt.budget.rlimit)
            if answer.status == "unsat":
                size = f"{len(low.assertions)} instances over {len(low.constants['agent'])} agents"
                self.attempt.steps.append(
                    f"{self.obligation.property.id}{self.label}: {size}, unsatisfiable"
                )
                return ""
        shown = "the lemmas that were shown do not exclude a violation"
        return shown if answer.status == "sat" else answer.reason

    def try_lemma(self, lemma: Lemma, by_itself: bool) -> bool:
        """Show a lemma by induction, from the premises `by_itself`, or from the violation too."""
        if any(known.covers(lemma) for known in self.proved):
            return False
        attempt = self.attempt
        key = (lemma.id, self.plain) if by_itself and lemma.about_roles else None
        if key is None or not (attempt.known.get(key) or attempt.known.get((lemma.id, ()))):
            if key in attempt.known or not self.step_holds(lemma, by_itself, key):
                return False
            attempt.steps.append(f"{lemma}: induction step unsatisfiable")
        if str(lemma) not in attempt.lemmas:
            attempt.lemmas.append(str(lemma))
        self.proved.append(lemma)
        return True

    def step_holds(self, lemma: Lemma, by_itself: bool, key: tuple | None) -> bool:
        if by_itself:
            low = step(lemma, self.obligation, self.plain, self.attempt.names)
        else:
            low = self.lower()
            assume_failing(low, lemma.on(low))
        name = f"step {len(self.attempt.smt2) + 1}{self.label}"
        shown = self.attempt.ask(low, name, STEP_RLIMIT).status == "unsat"
        if key is not None:
            self.attempt.known[key] = shown
        return shown

    def lower(self, unfolding: bool = True) -> GreedyLowering:
        """The case and the lemmas shown; what is named before the closure is named alike each time."""
        low = lower(self.obligation, self.case, self.attempt.names, unfolding=unfolding)
        for lemma in self.proved:
            low.axiom("agent", partial(lemma.on(low).says, low))
        return low


def alternatives(expr: Any, holds: bool = True) -> list[tuple[Literal, ...]]:
    """A condition (or its negation) as alternatives, each a conjunction."""
    found = _alternatives(expr, holds)
    return found if len(found) <= MAX_CASES else [((expr, holds),)]


def _alternatives(expr: Any, holds: bool) -> list[tuple[Literal, ...]]:
    if isinstance(expr, sp.Not):
        return _alternatives(expr.args[0], not holds)
    if isinstance(expr, Truth):
        bindings = dict(expr.bindings)
        inner = _alternatives(expr.expr, holds)
        return [tuple((at(expr.world, e, bindings), h) for e, h in case) for case in inner]
    if isinstance(expr, sp.And if holds else sp.Or):
        parts = [_alternatives(a, holds) for a in expr.args]
        return [sum(case, ()) for case in product(*parts)]
    if isinstance(expr, sp.Or if holds else sp.And):
        return [case for a in expr.args for case in _alternatives(a, holds)]
    return [((expr, holds),)]


def _compares_roles(expr: Any) -> bool:
    """Whether a condition only says which roles are the same agent."""
    plain = (Index, sp.Eq, sp.Ne, sp.And, sp.Or, sp.Not, Truth)
    return all(isinstance(n, plain) or not n.args for n in sp.preorder_traversal(expr))


__all__ = ["ID", "alternatives", "prove"]
