"""That an auction of several rounds ends: flags that only fall, and in every round somewhere.

It depends on the rule alone, so it is shown once, whatever is then concluded from it.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import sympy as sp

from mechanism.definedness import defined
from mechanism.language import Rounds
from mechanism.rule import Rule
from proofs.engines.round_invariants import Induction, fails, invariants
from proofs.lowering.round_step import RoundStep, after

FAR = (0, 1, 2)  # generations where somebody is to be found who wins


class Ending(NamedTuple):
    """Why there may be more rounds than declared (empty if there are not), what was shown, and how."""

    why: str
    induction: Induction
    how: str


_SHOWN: dict[tuple[Rounds, int], Ending] = {}


def endless(rule: Rule, seed: int) -> str:
    """Why the auction may have more rounds than declared; empty if it has not, or has no rounds."""
    return "" if rule.rounds is None else ending(rule, rule.rounds, seed).why


def ending(rule: Rule, rounds: Rounds, seed: int) -> Ending:
    """Whether there are no more rounds than declared."""
    if (rounds, seed) not in _SHOWN:
        known = invariants(rule, rounds, seed)
        induction = known.on(known.obligation)
        why = _endless(rounds, induction)
        names = " and ".join(str(flag) for flag in rounds.falling)
        how = f"every round lets {names} fall somewhere and rise nowhere, so there are no more rounds than entries"
        _SHOWN[rounds, seed] = Ending(why, induction, how)
    return _SHOWN[rounds, seed]


def _endless(rounds: Rounds, induction: Induction) -> str:
    if rounds.limit is None:
        return "no bound on the number of rounds is declared"
    if not all(_falls(rounds, flag, induction) for flag in rounds.falling):
        return "it is not shown that the flags fall"
    written = sp.And(*(defined(expr) for expr in _written(rounds)))
    if not induction.refuted(partial(fails, written), "everything in a round has a value"):
        return "it is not shown that everything in a round has a value"
    return ""


def _falls(rounds: Rounds, flag: Any, induction: Induction) -> bool:
    """Whether a flag never rises, and falls somewhere in every round."""
    following = after(rounds, flag)

    def rises(low: RoundStep) -> None:
        low.goes_on()
        fails(sp.Or(flag, sp.Not(following)), low)

    def stays(low: RoundStep) -> None:
        low.goes_on()
        low.never(sp.And(flag, sp.Not(following)))

    return induction.refuted(rises, f"{flag} never rises") and induction.refuted(
        stays, f"{flag} falls somewhere in every round", generations=FAR
    )


def _written(rounds: Rounds) -> list[Any]:
    """What is worked out in a round."""
    return [*(t.value for t in rounds.terms), *(s.update for s in rounds.states), rounds.guard]
