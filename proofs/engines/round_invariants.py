"""What every round of an auction keeps: the declared invariants, guessed and checked.

Those are kept that hold at first and that no round breaks. They depend on the rule alone, so they are
shown once, whatever is then concluded from them.

References
----------
Flanagan, Leino, Houdini, an Annotation Assistant for ESC/Java, FME 2001.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sympy as sp

from mechanism.language import Exists, Rounds
from mechanism.rule import Rule
from mechanism.writing.words import words
from proofs.lowering.names import TooManyNames
from proofs.lowering.round_step import RoundStep, after, at_first
from proofs.lowering.terms import negate
from proofs.solver import solve
from properties.property import Check, Obligation, Property

STEP_RLIMIT = 400_000  # all invariants at once take most of this, if they are true
ONE_RLIMIT = 100_000  # and one of them a fifth of this
MOST = 3_000_000  # for the invariants, and again for what follows from them
GENERATIONS = (0, 1)  # of whom the terms of a round are written out
ANY_ROUND = Property(
    id="any-round",
    title="One round",
    statement="What holds before a round holds after it.",
    define=lambda terms: Check(sp.S.Zero),
)


@dataclass
class Induction:
    """What is known of the states before a round, and how that was shown.

    Choices among equals are left open, which covers every tie policy.
    """

    obligation: Obligation
    rounds: Rounds
    seed: int
    known: list[Any] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    smt2: list[tuple[str, str]] = field(default_factory=list)
    rlimit: int = 0
    most: int = MOST

    def on(self, obligation: Obligation) -> Induction:
        """The same for a question about the same rule: what was shown so far is known there."""
        other = copy(self)
        other.obligation, other.known = obligation, list(self.known)
        other.steps, other.smt2 = list(self.steps), list(self.smt2)
        other.most = self.rlimit + MOST
        return other

    def with_existence(self) -> Induction:
        """With what is known to exist, too."""
        more = invariants(self.obligation.rule, self.rounds, self.seed, existence=True)
        return more.on(self.obligation)

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
            answer = solve(low.assertions, rlimit=rlimit, seed=self.seed)
            self.rlimit += answer.rlimit
            if answer.status == "unsat":
                self.steps.append(f"{what}: {len(low.assertions)} ground instances, unsatisfiable")
                self.smt2.append((f"{self.obligation.rule.id}-{len(self.smt2)}", answer.text))
                return True
        return False

    def kept(self, facts: list[Any]) -> list[Any]:
        """Those of some facts that hold at first, and after a round if all of them did before it."""
        left = self.shown(facts, at_first, "at first", [])
        while (again := self.shown(left, after, "after a round", left)) != left:
            left = again
        return left

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


_SHOWN: dict[tuple[Rounds, int, bool], Induction] = {}


def invariants(rule: Rule, rounds: Rounds, seed: int, existence: bool = False) -> Induction:
    """The declared invariants that hold at first and that no round breaks, with their proofs.

    Those that assert that there is somebody are shown on their own, and only if wanted (`existence`): with
    them, whoever is named leads to others.
    """
    key = rounds, seed, existence
    if key not in _SHOWN:
        any_round = ANY_ROUND.on(rule)
        if existence:
            induction = invariants(rule, rounds, seed).on(any_round)
        else:
            induction = Induction(any_round, rounds, seed)
        declared = [fact for fact in rounds.invariants if fact.has(Exists) == existence]
        induction.known += induction.kept(declared)
        _SHOWN[key] = induction
    return _SHOWN[key]


def fails(fact: Any, low: RoundStep) -> None:
    """Assume that a fact does not hold of some agents and goods."""
    low.assume(negate(low.read(fact, low.somebody(fact))))
