"""Functions whose conduct is wrong, one thing in each."""

import itertools
import random

counter = itertools.count()
seen = []


def mutating(bids):
    bids.sort(reverse=True)
    return 0, bids[1]


def lottery(bids):
    top = max(bids)
    w = random.choice([i for i, b in enumerate(bids) if b == top])
    return w, max(b for i, b in enumerate(bids) if i != w)


def stateful(bids):
    seen.append(max(bids))
    w = bids.index(max(bids))
    return w, min(max(b for i, b in enumerate(bids) if i != w), max(seen[:-1], default=10**9))


def counting(bids):
    w = bids.index(max(bids))
    return w, next(counter)


def tiring(bids):
    w = bids.index(max(bids))
    tired = next(counter) > 200
    return w, max((b for i, b in enumerate(bids) if tired or i != w), default=0)


def hashy(bids):
    w = {f"bidder{i}": b for i, b in enumerate(bids)}
    top = max(w.values())
    who = next(iter({n for n, b in w.items() if b == top}))
    i = int(who[6:])
    return i, max(b for k, b in enumerate(bids) if k != i)


def zero(bids):
    tot = sum(bids)
    sh = [b / tot for b in bids]
    w = sh.index(max(sh))
    return w, max([b for i, b in enumerate(bids) if i != w] or [0])


def refusing(bids):
    if len(bids) < 2:
        raise ValueError("two bidders please")
    if max(bids) == 0:
        raise ValueError("nobody bids")
    w = bids.index(max(bids))
    return w, max(b for i, b in enumerate(bids) if i != w)
