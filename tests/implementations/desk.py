"""Odds and ends of a trading desk."""

import random
import sys
from collections import namedtuple
from operator import itemgetter

Outcome = namedtuple("Outcome", "winner price")


def three_brokers(*, alice, bob, carol):
    """For exactly these three."""
    offers = {"alice": alice, "bob": bob, "carol": carol}
    (name, _), (_, second), _ = sorted(offers.items(), key=itemgetter(1), reverse=True)
    return {"winner": name, "price": second}


def two_brokers(first, second):
    if first >= second:
        return 0, second
    return 1, first


def scored(bids, quality=(1, 2, 3)):
    """The highest quality-weighted bid wins and pays the least with which it would have won."""
    scores = [b * q for b, q in zip(bids, quality, strict=False)]
    winner = scores.index(max(scores))
    runner_up = max((s for i, s in enumerate(scores) if i != winner), default=0)
    return Outcome(winner, runner_up / quality[winner])


def scored_pays_score(bids, quality=(1, 2, 3)):
    """Pays the second score, and forgets to divide it by the winner's quality."""
    scores = [b * q for b, q in zip(bids, quality, strict=False)]
    winner = scores.index(max(scores))
    runner_up = max((s for i, s in enumerate(scores) if i != winner), default=0)
    return Outcome(winner, runner_up)


def procure(costs, ceiling=100):
    """A contract to the lowest cost up to the ceiling, at the second lowest one or the ceiling."""
    order = sorted(range(len(costs)), key=lambda i: costs[i])
    if costs[order[0]] > ceiling:
        return None, 0
    return order[0], min(ceiling, *(costs[i] for i in order[1:2])) if len(order) > 1 else ceiling


def procure_pays_ask(costs):
    """A contract to the lowest cost, which is what it pays."""
    winner = min(range(len(costs)), key=lambda i: costs[i])
    return winner, costs[winner]


def first_come(bids, price=4):
    """A posted price: the first one who is ready to pay it."""
    for i, bid in enumerate(bids):
        if bid >= price:
            return i, price
    return None, 0


def posted_to_the_highest(bids, price=4):
    """A posted price; of those who would pay it, the highest bid gets the good."""
    ready = [(bid, -i) for i, bid in enumerate(bids) if bid >= price]
    return (-max(ready)[1], price) if ready else (None, 0)


def open_to_all(bids, price=4):
    """Unlimited supply: who bids the price or more, buys."""
    bought = [int(b >= price) for b in bids]
    return bought, [price * x for x in bought]


def rounds_to_cents(bids):
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    return order[0], round(bids[order[1]], 2) if len(order) > 1 else 0


def lottery_on_ties(bids):
    top = max(bids)
    winner = random.choice([i for i, b in enumerate(bids) if b == top])
    return winner, max((b for i, b in enumerate(bids) if i != winner), default=0)


def clock(bids, step=1):
    """An ascending clock; when the last two drop out together, it never stops."""
    price = 0
    while True:
        active = [i for i, b in enumerate(bids) if b >= price]
        if len(active) == 1:
            return active[0], price
        price += step


def leaves(bids):
    """A script made into a function: it ends the program when something is odd."""
    if len(bids) < 2:
        sys.exit("need at least two bids")
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    return order[0], bids[order[1]]


def divides(bids):
    """Normalises first, which fails when all bids are zero."""
    shares = [b / sum(bids) for b in bids]
    winner = shares.index(max(shares))
    return winner, max((b for i, b in enumerate(bids) if i != winner), default=0)
