"""Code that takes only some numbers."""

import os
import sys


def procure(costs, cap=10):
    order = sorted(range(len(costs)), key=lambda i: costs[i])
    if costs[order[0]] > cap:
        return None
    return order[0], min(cap, costs[order[1]] if len(costs) > 1 else cap)


def second(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], bids[order[1]] if len(bids) > 1 else 0


def refuses(bids):
    if any(b > 3 for b in bids):
        raise ValueError("too high")
    return second(bids)


def shares(bids):
    if any(b > 1 for b in bids):
        raise ValueError("not a probability")
    return second(bids)


def millions(bids):
    if min(bids) < 1_000_000:
        raise ValueError("too low")
    return second(bids)


def exits(bids):
    if max(bids) > 5:
        sys.exit(3)
    return second(bids)


def dies(bids):
    if max(bids) > 5:
        os._exit(3)
    return second(bids)


def cents(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], round(float(sorted(bids)[-2]), 2)


def as_text(b):
    winner = max(range(len(b)), key=lambda i: f"{float(b[i]):.2f}")
    return winner, max(b[i] for i in range(len(b)) if i != winner)


def single_precision(bids):
    import array

    kept = array.array("f", map(float, bids))
    winner = max(range(len(kept)), key=kept.__getitem__)
    return winner, max(b for i, b in enumerate(bids) if i != winner)


def double_precision(bids):
    import array

    kept = array.array("d", map(float, bids))
    winner = max(range(len(kept)), key=kept.__getitem__)
    return winner, sum(kept) - kept[winner] if len(kept) == 2 else sorted(kept)[-2]


def thirty_two_bits(bids):
    kept = [(int(b) + 2**31) % 2**32 - 2**31 for b in bids]
    winner = max(range(len(kept)), key=kept.__getitem__)
    return winner, max(b for i, b in enumerate(bids) if i != winner)


def no_three(bids):
    if len(bids) == 3:
        raise ValueError("three is a crowd")
    return second(bids)
