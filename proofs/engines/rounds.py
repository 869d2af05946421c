"""The engine for auctions of several rounds: induction over the rounds, for any number of agents and goods.

What is to be proved has to follow from the invariants (`proofs.engines.round_invariants`) in any state in
which the auction may end. That there is an end is shown by flags that only fall, and in every round
somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sympy as sp

from mechanism.language import Computed, Rounds
from mechanism.language.procedure import ROUNDS
from mechanism.language.sums import inlined
from mechanism.writing.words import words
from proofs.engines.engine import Budget, NotAccepted, Result
from proofs.engines.round_end import ending
from proofs.engines.round_invariants import Induction, invariants
from proofs.lowering.final_states import of_last_states, pointwise, unnamed
from proofs.lowering.round_step import RoundStep, going_on
from properties.property import Obligation

ID = "rounds"


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show by induction that no number of agents, goods and rounds gives a violation."""
    try:
        rounds = _procedure(obligation)
    except NotAccepted as reason:
        return Result("not-accepted", str(reason))
    attempt = _attempt(obligation, rounds, budget)
    try:
        why = attempt.open()
    except NotAccepted as reason:
        return Result("not-accepted", str(reason))
    return Result("unknown", why, rlimit=attempt.induction.rlimit) if why else attempt.result()


def _attempt(obligation: Obligation, rounds: Rounds, budget: Budget) -> Attempt:
    known = invariants(obligation.rule, rounds, budget.seed)
    return Attempt(obligation, rounds, known.on(obligation))


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
    """One try, and how it went."""

    obligation: Obligation
    rounds: Rounds
    induction: Induction
    how: str = ""

    def open(self) -> str:
        """Why the obligation is not proved; empty when it is."""
        if _speaks_of_rounds(self.obligation.violation):
            return self.open_end()
        violation = pointwise(of_last_states(self.obligation.violation))

        def violated(low: RoundStep) -> None:
            for fact in (*self.obligation.premises, *self.obligation.rule.assumptions):
                low.assume(low.read(of_last_states(fact)))
            low.assume(low.borne_out(violation, low.roles))

        def violated_at_the_end(example: Any, low: RoundStep) -> None:
            low.never(example)
            violated(low)

        if self.induction.refuted(violated, "no violation in a state of which that holds"):
            self.how = "a state of which that holds has no violation"
            return ""
        self.how = "a state of which that holds, and in which nobody goes on, has no violation"
        ways = [partial(violated_at_the_end, example) for example in going_on(self.rounds)]
        if self.excluded(ways):
            return ""
        self.induction = self.induction.with_existence()
        return (
            ""
            if self.excluded(ways)
            else "the invariants that were shown do not exclude a violation at the end"
        )

    def excluded(self, ways: Sequence[Callable[[RoundStep], None]]) -> bool:
        """Whether an auction that may end in some ways ends in none of them."""
        return all(self.induction.refuted(way, "no violation where nobody goes on") for way in ways)

    # --- the end -------------------------------------------------------------------------------

    def open_end(self) -> str:
        """Why it is not shown that the auction ends within the declared number of rounds."""
        if not of_limit(self.obligation.violation, self.rounds):
            return "only the declared bound on the number of rounds is shown by falling flags"
        why, self.induction, self.how = ending(
            self.obligation.rule, self.rounds, self.induction.seed
        )
        return why

    def result(self) -> Result:
        kept = "; ".join(words(fact) for fact in self.induction.known)
        return Result(
            "proved",
            f"by induction over the rounds, for any number of them: at first, and after every round if before"
            f" it, {kept}. With that, {self.how}",
            steps=tuple(self.induction.steps),
            smt2=tuple(self.induction.smt2),
            ties="any",
            rlimit=self.induction.rlimit,
        )


def _speaks_of_rounds(violation: Any) -> bool:
    return any(c.part == ROUNDS for c in violation.atoms(Computed))


def of_limit(violation: Any, rounds: Rounds) -> bool:
    """Whether a violation says that there are more rounds than declared."""
    found = inlined(unnamed(violation))
    if rounds.limit is None:
        return False
    excess = Computed(rounds, ROUNDS) - inlined(rounds.limit)
    return isinstance(found, sp.Gt) and found.lhs - found.rhs == excess


__all__ = ["ID", "prove"]
