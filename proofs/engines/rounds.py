"""The engine for auctions of several rounds: induction over the rounds, for any number of agents and goods.

A step rule declares invariants. Those are kept that hold at first and that no round breaks (guess and
check); what is to be proved then has to follow from them in any state in which the auction may end. That
there is an end is shown by flags that only fall, and in every round somewhere.

References
----------
Flanagan, Leino, Houdini, an Annotation Assistant for ESC/Java, FME 2001.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sympy as sp

from mechanism.definedness import defined
from mechanism.evaluate.words import words
from mechanism.language import Computed, Rounds
from mechanism.language.procedure import ROUNDS
from mechanism.language.sums import inlined
from proofs.engines.engine import Budget, NotAccepted, Result
from proofs.lowering.any_size import TooManyNames
from proofs.lowering.final_states import of_last_states, pointwise, unnamed
from proofs.lowering.round_step import RoundStep, after, at_first
from proofs.lowering.terms import negate
from proofs.solver import solve
from properties.property import Obligation

ID = "rounds"
STEP_RLIMIT = 400_000  # all invariants at once take most of this, if they are true
ONE_RLIMIT = 100_000  # and one of them a fifth of this
MOST = 3_000_000  # for the invariants, and again for what follows from them
GENERATIONS = (0, 1)  # of whom the terms of a round are written out
FAR = (0, 1, 2)  # where somebody is to be found who wins


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show by induction that no number of agents, goods and rounds gives a violation."""
    try:
        rounds = _procedure(obligation)
    except NotAccepted as reason:
        return Result("not-accepted", str(reason))
    attempt = Attempt(obligation, rounds, budget)
    try:
        why = attempt.open()
    except NotAccepted as reason:
        return Result("not-accepted", str(reason))
    return Result("unknown", why, rlimit=attempt.rlimit) if why else attempt.result()


def endless(obligation: Obligation, budget: Budget) -> str:
    """Why the auction of an obligation may have more rounds than declared; empty if it has not."""
    rounds = obligation.rule.rounds
    if rounds is None:
        return ""
    attempt = Attempt(obligation, rounds, budget)
    attempt.known = attempt.inductive()
    return attempt.endless()


def _procedure(obligation: Obligation) -> Rounds:
    """The procedure that an obligation is about, if it is about one run of one."""
    rounds = obligation.rule.rounds
    if rounds is None:
        raise NotAccepted("this is no auction of several rounds")
    (world, *others) = obligation.worlds.values()
    if others or world.reports or world.absent:
        raise NotAccepted("two runs are compared, whose rounds need not correspond")
    return rounds


@dataclass
class Attempt:
    """One try, and what was shown in it. Choices among equals are left open, which covers every policy."""

    obligation: Obligation
    rounds: Rounds
    budget: Budget
    steps: list[str] = field(default_factory=list)
    smt2: list[tuple[str, str]] = field(default_factory=list)
    known: list[Any] = field(default_factory=list)
    rlimit: int = 0
    most: int = MOST
    how: str = ""

    def open(self) -> str:
        """Why the obligation is not proved; empty when it is."""
        self.known = self.inductive()
        if _speaks_of_rounds(self.obligation.violation):
            return self.open_end()
        violation = pointwise(of_last_states(self.obligation.violation))

        def violated(low: RoundStep) -> None:
            for fact in (*self.obligation.premises, *self.obligation.rule.assumptions):
                low.assume(low.read(of_last_states(fact)))
            low.assume(low.borne_out(violation, low.roles))

        def violated_at_the_end(low: RoundStep) -> None:
            low.ended()
            violated(low)

        if self.refuted(violated, "no violation in a state of which that holds"):
            self.how = "a state of which that holds has no violation"
        elif self.refuted(violated_at_the_end, "no violation where nobody goes on"):
            self.how = "a state of which that holds, and in which nobody goes on, has no violation"
        else:
            return "the invariants that were shown do not exclude a violation at the end"
        return ""

    def inductive(self) -> list[Any]:
        """The declared invariants that hold at first and that no round breaks."""
        kept = self.shown(list(self.rounds.invariants), at_first, "at first", [])
        while True:
            before = kept
            kept = self.shown(before, after, "after a round", before)
            if kept == before:
                self.most = self.rlimit + MOST
                return kept

    def shown(
        self, facts: list[Any], when: Callable[[Rounds, Any], Any], where: str, known: list[Any]
    ) -> list[Any]:
        """Those of some facts that hold then: all at once, or else one by one."""
        if not facts:
            return []
        together = sp.And(*(when(self.rounds, fact) for fact in facts))
        if self.refuted(partial(fails, together), f"{where}, all of it", known):
            return facts
        return [
            fact
            for fact in facts
            if self.refuted(
                partial(fails, when(self.rounds, fact)),
                f"{where}, {words(fact)}",
                known,
                rlimit=ONE_RLIMIT,
            )
        ]

    # --- the end -------------------------------------------------------------------------------

    def open_end(self) -> str:
        """Why it is not shown that the auction ends within the declared number of rounds."""
        if not of_limit(self.obligation.violation, self.rounds):
            return "only the declared bound on the number of rounds is shown by falling flags"
        return self.endless()

    def endless(self) -> str:
        """Why there may be more rounds than declared; empty if there are not."""
        if self.rounds.limit is None:
            return "no bound on the number of rounds is declared"
        if not all(self.falls(flag) for flag in self.rounds.falling):
            return "it is not shown that the flags fall"
        written = sp.And(*(defined(expr) for expr in _written(self.rounds)))
        if not self.refuted(partial(fails, written), "everything in a round has a value"):
            return "it is not shown that everything in a round has a value"
        names = " and ".join(str(flag) for flag in self.rounds.falling)
        self.how = f"every round lets {names} fall somewhere and rise nowhere, so there are no more rounds than entries"
        return ""

    def falls(self, flag: Any) -> bool:
        """Whether a flag never rises, and falls somewhere in every round."""
        following = after(self.rounds, flag)

        def rises(low: RoundStep) -> None:
            low.goes_on()
            fails(sp.Or(flag, sp.Not(following)), low)

        def stays(low: RoundStep) -> None:
            low.goes_on()
            low.never(sp.And(flag, sp.Not(following)))

        return self.refuted(rises, f"{flag} never rises") and self.refuted(
            stays, f"{flag} falls somewhere in every round", generations=FAR
        )

    # --- asking --------------------------------------------------------------------------------

    def refuted(
        self,
        say: Callable[[RoundStep], None],
        what: str,
        known: list[Any] | None = None,
        generations: tuple[int, ...] = GENERATIONS,
        rlimit: int = STEP_RLIMIT,
    ) -> bool:
        """Whether what `say` assumes cannot be; noted if so. First with few of the round's terms written
        out, then with more.
        """
        known = self.known if known is None else known
        for youngest in generations:
            if self.rlimit > self.most:
                return False
            low = RoundStep(self.obligation, self.rounds, known, youngest)
            try:
                say(low)
                low.close()
            except TooManyNames:
                break
            answer = solve(low.assertions, rlimit=rlimit, seed=self.budget.seed)
            self.rlimit += answer.rlimit
            if answer.status == "unsat":
                self.steps.append(f"{what}: {len(low.assertions)} ground instances, unsatisfiable")
                self.smt2.append((f"{self.obligation.rule.id}-{len(self.smt2)}", answer.text))
                return True
        return False

    def result(self) -> Result:
        kept = "; ".join(words(fact) for fact in self.known)
        return Result(
            "proved",
            f"by induction over the rounds, for any number of them: at first, and after every round if before"
            f" it, {kept}. With that, {self.how}",
            steps=tuple(self.steps),
            smt2=tuple(self.smt2),
            ties="any",
            rlimit=self.rlimit,
        )


def fails(fact: Any, low: RoundStep) -> None:
    """Assume that a fact does not hold of some agents and goods."""
    low.assume(negate(low.read(fact, low.somebody(fact))))


def _speaks_of_rounds(violation: Any) -> bool:
    return any(c.part == ROUNDS for c in violation.atoms(Computed))


def of_limit(violation: Any, rounds: Rounds) -> bool:
    """Whether a violation says that there are more rounds than declared."""
    found = inlined(unnamed(violation))
    if rounds.limit is None:
        return False
    excess = Computed(rounds, ROUNDS) - inlined(rounds.limit)
    return isinstance(found, sp.Gt) and found.lhs - found.rhs == excess


def _written(rounds: Rounds) -> list[Any]:
    """What is worked out in a round."""
    return [*(t.value for t in rounds.terms), *(s.update for s in rounds.states), rounds.guard]


__all__ = ["ID", "prove"]
