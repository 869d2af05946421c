"""The engine for any number of agents whose reports count only through their order.

Double auctions, several units, slots: the agents a property does not name become sorted sequences of any
length, the named ones ranks in them (`proofs.lowering.ranked`), and each of the finitely many cases of
who is whom is a question without quantifiers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mechanism.language import Sum
from proofs.engines.engine import Budget, NotAccepted, Result
from proofs.lowering.ranked import ByRank
from proofs.lowering.ranked_cases import Case, cases
from proofs.lowering.ranked_hints import concrete
from proofs.lowering.ranked_products import without_products
from proofs.solver import Answer, solve, solve_text, text_of
from properties.property import Obligation

ID = "ranks"
REASON = (
    "the agents that the property does not name form one sorted sequence on each side, of any length and the "
    "same in every world, and a named agent is a rank in it; "
)
# Z3's older simplex is several times as fast on linear questions about order, and counts its work in
# smaller units. What it does with products is a matter of luck, so it is not given long.
SIMPLEX, SIMPLEX_UNITS, LUCK = 2, 4, 4_000_000
PRODUCT = re.compile(r"\(\* (?!\d|\(- \d|\(/ |\(to_real \d)")


@dataclass
class Work:
    """What has been shown on the way to a proof."""

    budget: Budget
    name: str
    steps: dict[str, None] = field(default_factory=dict)
    smt2: list[tuple[str, str]] = field(default_factory=list)
    rlimit: int = 0
    status: str = ""
    trouble: str = ""

    def shows(self, words: str, assertions: list[Any]) -> bool:
        """Whether a conjunction is unsatisfiable; if so it is kept as a step."""
        text = text_of(assertions)
        linear = PRODUCT.search(text) is None
        signs = text if linear else text_of(without_products(assertions))
        answer = self._solve(signs, SIMPLEX_UNITS * self.budget.rlimit)
        if answer.status != "unsat" and not linear:
            answer = self._solve(text, min(self.budget.rlimit, LUCK))
        else:
            text = signs
        self.status, self.trouble = answer.status, answer.reason
        if answer.status != "unsat":
            return False
        self.steps[words] = None
        self.smt2.append((f"{self.name}-{len(self.smt2)}", text))
        return True

    def _solve(self, text: str, rlimit: int) -> Answer:
        answer = solve_text(text, rlimit=rlimit, seed=self.budget.seed, simplex=SIMPLEX)
        self.rlimit += answer.rlimit
        return answer


Argument = Callable[[Work, Case, Obligation, bool], "ByRank | None"]


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show that no number of agents gives a violation, or say why that was not shown.

    Equal reports are put in any order first, anew in each world, which covers every tie policy; where
    that is too much, they stand in a fixed order of the agents.
    """
    return argue(
        obligation,
        budget,
        directly,
        REASON
        + "in every case of who is whom the violation contradicts where the ranks, the sequences and the"
        " bounds of the sums stand",
    )


def argue(obligation: Obligation, budget: Budget, argument: Argument, reason: str) -> Result:
    """Prove an obligation case by case.

    Parameters
    ----------
    argument : callable
        Shows that one case has no violation, and returns its lowering, or None.
    reason : str
        The argument in words.
    """
    result = Result("unknown")
    for fixed_ties in (False,) if obligation.rule.ties == "any" else (False, True):
        work = Work(budget, f"{obligation.rule.id}-{obligation.property.id}")
        try:
            failed, shown = _cases(work, obligation, argument, fixed_ties)
        except NotAccepted as node:
            return Result("not-accepted", str(node), rlimit=result.rlimit + work.rlimit)
        rlimit = result.rlimit + work.rlimit
        if not failed:
            if not any(_possible(work, low) for low in shown):
                return Result(
                    "unknown", "the premises were not shown to be satisfiable", rlimit=rlimit
                )
            ties = obligation.rule.ties if fixed_ties else "any"
            steps, texts = tuple(work.steps), tuple(work.smt2)
            return Result("proved", reason, steps=steps, smt2=texts, ties=ties, rlimit=rlimit)
        result = Result("unknown", failed, rlimit=rlimit)
    return result


def _cases(
    work: Work, obligation: Obligation, argument: Argument, fixed_ties: bool
) -> tuple[str, list]:
    shown: list[Any] = []
    for case in cases(obligation):
        low = argument(work, case, obligation, fixed_ties)
        if low is None:
            why = "this argument leaves a case open" if work.status != "unknown" else work.trouble
            return f"{why}: {case}", shown
        if not low.impossible:
            shown.append(low)
    return "", shown


def directly(work: Work, case: Case, obligation: Obligation, fixed_ties: bool) -> ByRank | None:
    """Refute the violation outright, if need be after comparing sums term by term.

    Sums over the sequence of everybody in a world are tried first, then sums over the others alone.
    """
    words = f"no violation where {case}"
    for unfold in (False, True):
        low = ByRank(obligation, case, work.shows, fixed_ties, unfold)
        if low.impossible or work.shows(words, low.assertions(low.violation)):
            return low
        if not low.sums.prefixes:
            return None
        related = sums_over_agents(obligation) and low.sums.relate(low.premises)
        if related and work.shows(words, low.assertions(low.violation)):
            return low
    return None


def sums_over_agents(obligation: Obligation) -> bool:
    """Whether the violation is about a total, and not only about what single agents get and pay."""
    return any(node.var.sort == "agent" for node in obligation.violation.atoms(Sum))


def _possible(work: Work, low: ByRank) -> bool:
    """Whether the premises hold somewhere, with numbers in place of the sequences."""
    answer = solve(
        concrete(low, low.assertions()), rlimit=work.budget.rlimit, seed=work.budget.seed
    )
    work.rlimit += answer.rlimit
    return answer.status == "sat"
