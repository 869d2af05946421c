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

from collections.abc import Iterable, Iterator
from typing import Any

import z3

from proofs.engines.engine import Budget, Result
from proofs.engines.ranked import REASON, Work, argue, sums_over_agents
from proofs.lowering.ranked import ByRank
from proofs.lowering.ranked_cases import Case
from proofs.lowering.ranked_terms import condition, occurs
from properties.property import Obligation

ID = "telescope"
HOW = (
    REASON
    + "the violation does not hold where an agent stands at the rank it has anyway (or below the last "
    "slot), and by induction a step to the next rank never brings it about"
)
STEP = z3.Int("m")

Walk = tuple[Any, Any, str]  # a rank to follow, a place to start from, and what that place is


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show by induction over ranks that no number of agents and slots gives a violation."""
    if "slot" not in obligation.rule.sizes:
        return Result("not-accepted", "there are no slots, and so no sums over them")
    if not obligation.roles or sums_over_agents(obligation):
        return Result("not-accepted", "a total over all agents does not move with one agent's rank")
    return argue(obligation, budget, by_induction, HOW)


def by_induction(work: Work, case: Case, obligation: Obligation, fixed_ties: bool) -> ByRank | None:
    """Refute the violation in one case, where payments are sums over slots."""
    for unfold in (False, True):
        low = ByRank(obligation, case, work.shows, fixed_ties, unfold)
        if low.impossible:
            return low
        if not low.sums.prefixes:
            return None
        if len(low.orders.name) == 2 and z3.is_and(condition(low.violation)):
            shown = _jointly(work, case, obligation, fixed_ties)
            return low if shown else None
        if _follow(work, str(case), low, condition(low.violation), _walks(low)):
            return low
    return None


def _jointly(work: Work, case: Case, obligation: Obligation, fixed_ties: bool) -> bool:
    """Where the violation asks something of both of two agents, it is enough to refute it for one: for
    the one that stands behind the other, whatever the other does is a higher report of an opponent.
    """
    world = list(obligation.worlds)[-1]
    for first, second in ((0, 1), (1, 0)):
        low = ByRank(obligation, case, work.shows, fixed_ties, True, (world, first, second))
        low.sums.relate(low.premises)
        names = low.orders.name
        words = f"{case}, {names[first]} before {names[second]} in '{world}'"
        parts = condition(low.violation).children()
        likely = [*parts[second:], *parts[:second]]  # what is asked of the one behind
        if not any(_follow(work, words, low, part, _moves(low, second)) for part in likely):
            return False
    return True


def _follow(work: Work, words: str, low: ByRank, violation: Any, walks: Iterable[Walk]) -> bool:
    """Whether the violation is refuted by following some rank from some base."""
    for rank, base, where in walks:
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


def _walks(low: ByRank) -> Iterator[Walk]:
    ranks = low.orders.ranks()
    for rank in reversed(ranks):
        for other in ranks:
            if other is not rank:
                yield rank, other, f"at {other}"
        for table in low.tables.values():
            yield rank, table.count + 1, "below the last slot"


def _moves(low: ByRank, agent: int) -> Iterator[Walk]:
    """From where an agent stands in one world to where it stands in another."""
    worlds = low.obligation.worlds.values()
    orders = [low.orders.standing(low.case.sides[agent], world) for world in worlds]
    ranks = [order.ranks[agent] for order in orders if agent in order.ranks]
    for rank in ranks:
        for other in ranks:
            if other is not rank:
                yield rank, other, f"at {other}"
