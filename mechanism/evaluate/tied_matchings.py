"""Among all optimal assignments, the one that a tie policy picks, without enumerating them.

With competitive prices and the agents' utilities at hand, an assignment is optimal if and only if every
agent that gets a good is indifferent to it (value = utility + price), every agent with a utility above
0 gets one, and every good with a price above 0 is sold (complementary slackness). So goods are given
away one after the other, each to the first agent in the policy's order with whom the rest can still be
completed; whether it can is a matter of one alternating path for the agent and one for the good that
this leaves behind.

References
----------
.. [1] N. S. Mendelsohn, A. L. Dulmage, "Some generalizations of the problem of distinct
   representatives", Canadian Journal of Mathematics 10 (1958) 230-241.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from operator import mul
from typing import Any

from mechanism.assignment import Assignment, vcg_assignment
from mechanism.outcome import Outcome
from mechanism.rule import Rule

Match = dict[int, int]
Choices = dict[int, list[int]]


Table = Sequence[Sequence[Fraction]]


def run(rule: Rule, tables: Mapping[str, Any]) -> Outcome:
    """Run ``vcg-assignment``, for many agents and goods."""
    return Outcome(*decided(rule, tables["v"], tables["v"]))


def decided(rule: Rule, values: Table, offers: Table) -> tuple[tuple, tuple]:
    """The allocation that is best by `values`, and payments by which each agent keeps, of what it
    offers for its good, what its presence adds to the total value.
    """
    found = vcg_assignment(values)
    holders = first_optimum(values, found, last=rule.ties == "highest-index")
    agents = range(len(values))
    gets = tuple(tuple(Fraction(holder == a) for holder in holders) for a in agents)
    bids = (sum(map(mul, gets[a], offers[a])) for a in agents)
    return gets, tuple(bid - left for bid, left in zip(bids, found.utilities))


def first_optimum(values: Sequence[Sequence[Any]], found: Assignment, last: bool = False) -> tuple:
    """The first optimal assignment in the order of the sort ``matching``.

    Parameters
    ----------
    values : sequence of sequence of Fraction
        By agent and good.
    found : Assignment
        Any optimal assignment, with its prices and utilities.
    last : bool
        Pick the last one instead.

    Returns
    -------
    tuple
        For each good its agent, or None.

    Examples
    --------
    >>> from mechanism.assignment import vcg_assignment
    >>> values = [[1, 1], [1, 1], [0, 1]]
    >>> first_optimum(values, vcg_assignment(values))
    (0, 1)
    """
    search = _Search(values, found)
    goods = range(len(found.prices))
    for good in goods:
        candidates: list[int | None] = [*range(len(values)), None]
        for agent in reversed(candidates) if last else candidates:
            if search.give(good, agent):
                break
    return tuple(search.agent_of.get(good) for good in goods)


class _Search:
    """An optimal assignment under change; what was given away by `give` stays."""

    def __init__(self, values: Sequence[Sequence[Any]], found: Assignment) -> None:
        self.good_of: Match = {a: g for a, g in enumerate(found.goods) if g is not None}
        self.agent_of: Match = {g: a for a, g in self.good_of.items()}
        self.must_get = {a for a, utility in enumerate(found.utilities) if utility > 0}
        self.must_go = {g for g, price in enumerate(found.prices) if price > 0}
        self.wants: Choices = {a: [] for a in range(len(values))}
        self.wanted: Choices = {g: [] for g in range(len(found.prices))}
        for a, row in enumerate(values):
            for g, price in enumerate(found.prices):
                if row[g] == found.utilities[a] + price:
                    self.wants[a].append(g)
                    self.wanted[g].append(a)
        self.served: set[int] = set()
        self.given: set[int] = set()

    def give(self, good: int, agent: int | None) -> bool:
        """Give a good away, or leave it unsold, if the rest can be completed; else change nothing."""
        if agent is None:
            possible = good not in self.must_go
        else:
            possible = agent not in self.served and agent in self.wanted[good]
        if not possible:
            return False
        before = dict(self.good_of), dict(self.agent_of)
        loser = self.agent_of.pop(good, None)
        if loser is not None:
            del self.good_of[loser]
        left = None
        if agent is not None:
            left = self.good_of.pop(agent, None)
            if left is not None:
                del self.agent_of[left]
            self.good_of[agent], self.agent_of[good] = good, agent
            self.served.add(agent)
        self.given.add(good)
        if self.consoled(loser) and self.sold(left):
            return True
        self.good_of, self.agent_of = before
        self.given.discard(good)
        if agent is not None:
            self.served.discard(agent)
        return False

    def consoled(self, agent: int | None) -> bool:
        """Whether an agent without a good can get another one, if it must."""
        if agent is None or agent not in self.must_get or agent in self.good_of:
            return True
        return _cover(agent, self.wants, self.good_of, self.agent_of, self.must_get, self.given)

    def sold(self, good: int | None) -> bool:
        """Whether a good without an agent can be sold to another one, if it must."""
        if good is None or good not in self.must_go or good in self.agent_of:
            return True
        return _cover(good, self.wanted, self.agent_of, self.good_of, self.must_go, self.served)


def _cover(
    start: int, choices: Choices, mine: Match, theirs: Match, must: set, closed: set
) -> bool:
    """Match `start` along an alternating path that uncovers nobody who must be matched.

    `mine` is the match of its own side and `theirs` that of the other; `closed` are out of reach.
    """
    reached: dict[int, int] = {}  # the other side, and from where
    queue = [start]
    for one in queue:
        for other in choices[one]:
            if other in closed or other in reached:
                continue
            reached[other] = one
            rival = theirs.get(other)
            if rival is not None and rival in must:
                queue.append(rival)
                continue
            if rival is not None:
                del mine[rival]
            while True:
                one = reached[other]
                previous = mine.get(one, -1)  # the start has none
                mine[one], theirs[other] = other, one
                if one == start:
                    return True
                other = previous
    return False
