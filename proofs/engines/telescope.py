"""The engine for any number of slots: induction over the rank at which an agent stands.

What an agent pays for a slot is a sum over the slots below, and a misreport moves it by any number of
ranks. So the violation is followed along the ranks in between: it does not hold at a base, where nothing
has moved, and moving on by one rank does not bring it about. One rank more or less changes each sum by
one term, which leaves one product of two unknowns in each step.

References
----------
G. Aggarwal, A. Goel, R. Motwani, Truthful Auctions for Pricing Search Keywords, EC 2006.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import z3

from proofs.engines.engine import Budget, Result
from proofs.engines.ranked import REASON, Work, argue
from proofs.lowering.ranked import ByRank
from proofs.lowering.ranked_orders import Ahead
from proofs.lowering.ranked_terms import condition, occurs
from properties.property import Obligation

ID = "induction over ranks"
HOW = (
    REASON
    + "the violation does not hold where an agent stands at the rank it has anyway (or below the last "
    "slot), and by induction a step to the next rank never brings it about"
)
STEP = z3.Int("m")


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show by induction over ranks that no number of agents and slots gives a violation."""
    return argue(obligation, budget, by_induction, HOW)


def by_induction(work: Work, case: Any, obligation: Obligation, fixed_ties: bool) -> ByRank | None:
    """Refute the violation in one case by following one rank from a base."""
    for unfold in (False, True):
        low = ByRank(obligation, case, work.shows, fixed_ties, unfold)
        if low.impossible or (
            low.tables and _follow(work, str(case), low, condition(low.violation))
        ):
            return low
    return (
        low if low.tables and _by_whom_is_ahead(work, case, obligation, fixed_ties, low) else None
    )


def _by_whom_is_ahead(
    work: Work, case: Any, obligation: Obligation, fixed_ties: bool, low: ByRank
) -> bool:
    """Of two agents that change something together, the violation asks something of both: refute it for
    one of them, depending on who stands ahead of whom in the last world.
    """
    world = list(obligation.worlds)[-1]
    agents = sorted({agent for _, agent in case.agents})
    if len(agents) != 2 or not z3.is_and(condition(low.violation)):
        return False
    return all(
        _one_part(work, case, obligation, fixed_ties, (world, *pair))
        for pair in (agents, agents[::-1])
    )


def _one_part(
    work: Work, case: Any, obligation: Obligation, fixed_ties: bool, ahead: Ahead
) -> bool:
    low = ByRank(obligation, case, work.shows, fixed_ties, True, ahead)
    low.sums.relate(low.premises)
    words = f"{case}, {ahead[0]}: {low.orders.name[ahead[1]]} before {low.orders.name[ahead[2]]}"
    return any(_follow(work, words, low, part) for part in low.violation.children())


def _follow(work: Work, words: str, low: ByRank, violation: Any) -> bool:
    for rank, base, where in _bases(low):
        if not occurs(rank, violation):
            continue
        at = lambda place, rank=rank: z3.simplify(z3.substitute(violation, (rank, place)))  # noqa: E731
        here, following = at(STEP), at(STEP + 1)
        up = [base <= STEP, STEP < rank, z3.Not(here), following]
        down = [rank <= STEP, STEP < base, z3.Not(following), here]
        if (
            work.shows(f"{words}: no violation {where}", low.assertions(at(base)))
            and work.shows(f"{words}: nor one rank further down", low.assertions(*up))
            and work.shows(f"{words}: nor one rank further up", low.assertions(*down))
        ):
            return True
    return False


def _bases(low: ByRank) -> Iterator[tuple[Any, Any, str]]:
    """The rank to follow, a rank to start from, and what that is."""
    ranks = low.orders.ranks()
    for rank in reversed(ranks):
        for other in ranks:
            if other is not rank:
                yield rank, other, f"at {other}"
        for table in low.tables.values():
            yield rank, table.count + 1, "below the last slot"
