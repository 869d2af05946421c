"""The step rule of FMMRA, the multi-round auction of Zhou et al. 2026.

In every round each agent without a task bids on the one open task that promises it the largest expected
final profit, the expected profit minus its bid. Each task holder chooses among its bidders and sets a
price by the list of bids. Who loses raises its bids. The auction ends when nobody bids any more; tasks
that nobody bid on stay without an agent.

An agent that cannot do a task expects no profit from it (``E = 0``) and does not bid on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import And, Eq, Implies, Integer, Ne, Not, Or, true

from mechanism.fmmra import choices as c
from mechanism.language import (
    ArgMax,
    Cases,
    Exists,
    Highest,
    KthHighest,
    Max,
    Min,
    Rounds,
    Sum,
    agents,
    goods,
    parameter,
    report,
    state,
)

i, j = agents("i j")
t, s = goods("t s")
E = report("E", over=("agent", "good"))
fitness = parameter("fitness", over=("agent", "good"), at_least=0)
w1, w2 = parameter("w1", above=0), parameter("w2", above=0)
mu = parameter("mu", above=0, at_most=1)

# Remembered from round to round.
bid = state("bid", over=("agent", "good"))
open_ = state("open", over="good", boolean=True)
free = state("free", over="agent", boolean=True)
has = state("has", over=("agent", "good"), boolean=True)
paid = state("paid", over=("agent", "good"))
# Worked out in a round.
bids = state("bids", over=("agent", "good"), boolean=True)
wins = state("wins", over=("agent", "good"), boolean=True)
price = state("price", over=("agent", "good"))


def fmmra(**chosen: str) -> Rounds:
    """The multi-round auction in one of its readings.

    Parameters
    ----------
    **chosen : str
        An option for some of `mechanism.fmmra.choices.CHOICES`; the others take their defaults.

    Examples
    --------
    >>> [str(term.entry) for term in fmmra(price="own-bid").terms]
    ['bids[i, t]', 'wins[i, t]', 'price[i, t]']
    """
    option = c.options(chosen)
    merit = merit_of(option["chosen_by"])
    keep_open = option["closure"] == "keep-open"
    somebody = Exists(Exists(bids[i, t], i), t)
    return Rounds(
        i,
        t,
        states=(
            *remembered(option),
            (open_[t], True, true if keep_open else And(open_[t], Not(Exists(wins[i, t], i)))),
        ),
        terms=(
            (bids[i, t], places_bid(lambda task: open_[task])),
            (wins[i, t], And(bids[i, t], Eq(i, ArgMax(merit(j), j, bids[j, t])))),
            (price[i, t], price_of(option["price"], option["lone_bidder"], merit)),
        ),
        # With a task that closes, nobody bids any more when all have one.
        guard=And(somebody, Exists(Not(Exists(has[i, t], i)), t)) if keep_open else somebody,
        allocation=ALLOCATION,
        payment=PAYMENT,
        falling=(free[i],) if keep_open else (free[i], open_[t]),
        invariants=(*invariants(), *((open_[t],) if keep_open else while_open(option))),
        telling=TELLING,
    )


ALLOCATION = Cases((1, has[i, t]), (0, True))
PAYMENT = Sum(paid[i, t], t)
TELLING = (
    ("agent {agent} bids {number} on task {good}", bids[i, t], bid[i, t]),
    ("agent {agent} wins task {good} and pays {number}", wins[i, t], price[i, t]),
    ("agent {agent} raises its bid on task {good} to {number}", bid[i, t], bid[i, t]),
)


def remembered(option: Mapping[str, str]) -> tuple[tuple[Any, Any, Any], ...]:
    """What is remembered of the agents."""
    return (
        (bid[i, t], first_bid(option["first_bid"]), next_bid(option)),
        (free[i], True, And(free[i], Not(Exists(wins[i, t], t)))),
        (has[i, t], False, Or(has[i, t], wins[i, t])),
        (paid[i, t], 0, Cases((price[i, t], wins[i, t]), (paid[i, t], True))),
    )


def places_bid(available: Callable[[Any], Any]) -> Any:
    """Whether agent i bids on task t: of those available, the one that promises it the most."""
    wanted = lambda task: And(available(task), E[i, task] > 0)  # noqa: E731
    favourite = ArgMax(E[i, s] - bid[i, s], s, wanted(s))
    return And(free[i], Eq(t, favourite), wanted(t))


def first_bid(first_bid: str) -> Any:
    """Agent i's bid on task t in the first round."""
    return E[i, t] / 2 if first_bid == "half" else E[i, t]


def merit_of(chosen_by: str) -> Any:
    """What task t chooses its agent by."""
    return {
        "cost-effectiveness": lambda k: w1 * bid[k, t] + w2 * fitness[k, t],
        "fitness": lambda k: fitness[k, t],
        "bid": lambda k: bid[k, t],
    }[chosen_by]


def next_bid(option: Mapping[str, str]) -> Any:
    """Agent i's bid on task t after a round; who loses raises it."""
    raised = {
        "convex": bid[i, t] + mu * (E[i, t] - bid[i, t]),
        "multiplicative": (1 + mu) * bid[i, t],
        "additive": bid[i, t] + mu * E[i, t],
        "none": bid[i, t],
    }[option["raise_form"]]
    if option["cap"] == "expected-profit":
        raised = Min(E[i, t], raised)
    lost = {
        "agent": Exists(And(bids[i, s], Not(wins[i, s])), s),
        "task": And(bids[i, t], Not(wins[i, t])),
    }[option["raise_scope"]]
    return Cases((raised, lost), (bid[i, t], True))


def price_of(reading: str, lone_bidder: str, merit: Any) -> Any:
    """What agent i pays for task t if it wins it."""
    rivals = And(bids[j, t], Ne(j, i))
    otherwise = bid[i, t] if lone_bidder == "own-bid" else Integer(0)
    alone = Not(Exists(bids[j, t], j, Ne(j, i)))
    if reading == "own-bid":
        return bid[i, t]
    if reading == "next-lower-bid":
        return Highest(bid[j, t], j, And(rivals, bid[j, t] <= bid[i, t]), otherwise)
    if reading == "highest-losing-bid":
        return Highest(bid[j, t], j, rivals, otherwise)
    found = {
        "second-highest-bid": KthHighest(2, bid[j, t], j, bids[j, t]),
        "runner-up-bid": bid[ArgMax(merit(j), j, rivals), t],
        "critical-value": Max(0, threshold(merit, rivals)),
    }[reading]
    return Cases((otherwise, alone), (found, True))


def threshold(merit: Any, rivals: Any) -> Any:
    """The bid with which agent i is as good for task t as the best of the others."""
    best = Highest(merit(j), j, rivals)
    weight = merit(i).coeff(bid[i, t])
    return Integer(0) if weight == 0 else (best - merit(i) + weight * bid[i, t]) / weight


def invariants() -> tuple[Any, ...]:
    """What is claimed of every round; a proof uses of it what it can show."""
    return (
        bid[i, t] >= 0,
        bid[i, t] <= E[i, t],
        Implies(has[i, t], Not(free[i])),
        Implies(And(has[i, t], has[i, s]), Eq(t, s)),
        paid[i, t] >= 0,
        Implies(Not(has[i, t]), Eq(paid[i, t], 0)),
        paid[i, t] <= E[i, t],
        Or(free[i], Exists(has[i, s], s)),
    )


def while_open(option: Mapping[str, str]) -> tuple[Any, ...]:
    """What is claimed, besides, where a task closes with its first agent."""
    one_agent = (
        Implies(has[i, t], Not(open_[t])),
        Implies(And(has[i, t], has[j, t]), Eq(i, j)),
        Or(open_[t], Exists(has[j, t], j)),
    )
    if option["raise_scope"] == "agent":
        return one_agent
    # A task that was lost has closed: its raised bid is never placed.
    return (*one_agent, Implies(open_[t], Eq(bid[i, t], first_bid(option["first_bid"]))))
