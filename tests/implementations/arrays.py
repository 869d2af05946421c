"""Auctions in numpy."""

import numpy as np


def vickrey(bids):
    """Returns (index of the winner, price)."""
    bids = np.asarray(bids)
    winner = int(np.argmax(bids))
    price = np.max(np.delete(bids, winner)) if bids.size > 1 else 0
    return winner, price


def vickrey_masked(bids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns (allocation, payments), a 0-1 vector and a vector of prices."""
    n = len(bids)
    allocation = np.zeros(n)
    payments = np.zeros(n)
    winner = bids.argmax()
    mask = np.ones(n, dtype=bool)
    mask[winner] = False
    allocation[winner] = 1
    payments[winner] = bids[mask].max() if n > 1 else 0.0
    return allocation, payments


def uniform_price(bids, k=2):
    """k equal units to the k highest bids, all at the highest losing bid."""
    bids = np.array(bids)
    order = np.argsort(-bids, kind="stable")
    winners = order[:k]
    price = bids[order[k]] if len(bids) > k else 0
    return winners.tolist(), [price] * len(winners)


def lowest_winning_price(bids, k=2):
    """k equal units, all at the lowest winning bid."""
    bids = np.array(bids)
    order = np.argsort(-bids, kind="stable")
    winners = order[:k]
    return winners.tolist(), [bids[winners[-1]]] * len(winners)


def discriminatory(bids, k=2):
    """k equal units, each winner pays what it bid."""
    bids = np.array(bids)
    x = np.zeros(len(bids), dtype=int)
    x[np.argsort(-bids, kind="stable")[:k]] = 1
    return x, x * bids


def redistribution(bids):
    """Vickrey's auction, then everybody gets back a share of the second highest bid of the others."""
    bids = np.asarray(bids)
    n = len(bids)
    winner = int(np.argmax(bids))
    allocation = [int(i == winner) for i in range(n)]
    payments = [0] * n
    if n > 1:
        payments[winner] = np.max(np.delete(bids, winner))
    for i in range(n):
        others = np.sort(np.delete(bids, i))
        if len(others) > 1:
            payments[i] = payments[i] - others[-2] / n
    return allocation, payments


def above_threshold(bids):
    """Everything at or above the highest bid is marked as won."""
    bids = np.asarray(bids)
    top = np.sort(bids)[::-1]
    allocation = (bids >= top[0]).astype(int)
    price = top[1] if len(top) > 1 else 0
    return allocation, allocation * price
