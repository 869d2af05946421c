"""What the surviving text of the paper leaves open, as named choices.

The copies of Zhou et al. 2026 at hand carry its prose and none of its formulas. *Quoted* below is what
the prose says; *reconstructed* is a reading of it. The first option of each choice is the default: the
one reading under which simulations reproduce the orderings reported in Figures 2, 3 and 4 together.
"""

from __future__ import annotations

from collections.abc import Mapping

from mechanism.choice import Choice
from mechanism.errors import InputError

CLOSURE = Choice(
    "closure",
    {
        "close-task": "a task closes when it has its first agent (reconstructed)",
        "keep-open": "a task takes one more agent in each round until every task has one (reconstructed; "
        "quoted: 'a task can be assigned to multiple agents')",
    },
)
RAISE_FORM = Choice(
    "raise_form",
    {
        "convex": "b + mu (E - b): by a share of what is left of the expected profit (reconstructed; "
        "quoted: 'increasing it appropriately', 'the actual profit is reduced')",
        "multiplicative": "(1 + mu) b: by a share of the bid (reconstructed)",
        "additive": "b + mu E: by a share of the expected profit (reconstructed)",
        "none": "bids are not raised, as in the first-price and second-price auctions it is compared with",
    },
)
CAP = Choice(
    "cap",
    {
        "none": "nothing keeps a raised bid below the expected profit (the text has no such limit)",
        "expected-profit": "no bid is raised beyond the expected profit (a repair, not in the text)",
    },
)
RAISE_SCOPE = Choice(
    "raise_scope",
    {
        "agent": "who loses raises its bids on all tasks (reconstructed)",
        "task": "who loses raises its bid on the task it lost (reconstructed)",
    },
)
PRICE = Choice(
    "price",
    {
        "next-lower-bid": "the highest other bid that is not above the winner's (quoted: 'second only to "
        "the winning bid', 'immediately below the current winning buyer bid')",
        "second-highest-bid": "the second of all bids, highest first (quoted: 'the second highest bid')",
        "highest-losing-bid": "the highest bid of those who do not win (reconstructed)",
        "runner-up-bid": "the bid of the agent with the second highest cost-effectiveness (reconstructed)",
        "critical-value": "the lowest bid with which the winner would still have won this round (a repair)",
        "own-bid": "the winner's own bid, as in a first-price auction",
    },
)
LONE_BIDDER = Choice(
    "lone_bidder",
    {
        "own-bid": "a winner for whom the list holds no bid to take as the price, above all a lone bidder, "
        "pays its own bid (reconstructed)",
        "nothing": "it pays nothing (reconstructed)",
    },
)
CHOSEN_BY = Choice(
    "chosen_by",
    {
        "cost-effectiveness": "w1 bid + w2 fitness (quoted as a weighted sum; that 0.3 weighs the bid and "
        "0.7 the fitness is reconstructed from the order of Table 2)",
        "fitness": "the fitness alone, as in the variant it is compared with",
        "bid": "the bid alone, as in the rivals it is compared with",
    },
)
FIRST_BID = Choice(
    "first_bid",
    {
        "half": "half of the expected profit (quoted)",
        "whole": "the expected profit itself (a variant)",
    },
)
CHOICES = (CLOSURE, RAISE_FORM, CAP, RAISE_SCOPE, PRICE, LONE_BIDDER, CHOSEN_BY, FIRST_BID)


def options(chosen: Mapping[str, str]) -> dict[str, str]:
    """An option for every choice: what is chosen, and defaults for the rest.

    Raises
    ------
    InputError
        For a choice or an option that there is not.
    """
    if unknown := chosen.keys() - {choice.name for choice in CHOICES}:
        names = ", ".join(choice.name for choice in CHOICES)
        raise InputError(f"FMMRA has no choice '{min(unknown)}'; its choices are {names}")
    return {c.name: c.check(chosen.get(c.name, c.default)) for c in CHOICES}
