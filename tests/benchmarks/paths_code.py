"""Auctions as ordinary Python, for `bench_paths.py`; with contracts for CrossHair, over whole numbers."""

from itertools import product


def by_sorting(bids):
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    return order[0], bids[order[1]]


def by_max(bids):
    winner = bids.index(max(bids))
    return winner, max(bids[:winner] + bids[winner + 1 :])


def by_loops(bids):
    winner = 0
    for i in range(1, len(bids)):
        if bids[i] > bids[winner]:
            winner = i
    price = 0
    for i in range(len(bids)):
        if i != winner and bids[i] > price:
            price = bids[i]
    return winner, price


def knife_edge(bids):
    winner, price = by_sorting(bids)
    return winner, bids[winner] if 3 * bids[1] == bids[0] + 170001 else price


def mcafee(reports, buyers=3):
    """What each of the buyers and then of the sellers gets, and pays."""
    bids, asks = reports[:buyers], reports[buyers:]
    high = sorted(range(len(bids)), key=lambda i: -bids[i])
    low = sorted(range(len(asks)), key=lambda i: asks[i])
    k = 0
    while k < min(len(bids), len(asks)) and bids[high[k]] >= asks[low[k]]:
        k += 1
    gets, pays = [0] * len(reports), [0] * len(reports)
    number, bid, ask = k - 1, bids[high[k - 1]], asks[low[k - 1]]
    if k < min(len(bids), len(asks)):
        middle = (bids[high[k]] + asks[low[k]]) / 2
        if asks[low[k - 1]] <= middle <= bids[high[k - 1]]:
            number, bid, ask = k, middle, middle
    for t in range(number):
        gets[high[t]], pays[high[t]] = 1, bid
        gets[buyers + low[t]], pays[buyers + low[t]] = 1, -ask
    return gets, pays


def vcg(reports):
    """Two goods; each bidder reports a value for the first, the second and both."""
    value = lambda i, bundle: reports[i][bundle - 1] if bundle else 0  # noqa: E731

    def best(who):
        top, chosen = None, None
        for holders in product([None, *who], repeat=2):
            held = [
                sum(1 << g for g, h in enumerate(holders) if h == i) for i in range(len(reports))
            ]
            total = sum(value(i, held[i]) for i in who)
            if top is None or total > top:
                top, chosen = total, held
        return top, chosen

    everybody = range(len(reports))
    welfare, held = best(everybody)
    pays = [
        best([j for j in everybody if j != i])[0] - (welfare - value(i, held[i])) for i in everybody
    ]
    return [(h & 1, h >> 1) for h in held], pays


def max_gain_of_8(a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int, lie: int) -> int:
    """
    pre: min(a, b, c, d, e, f, g, h, lie) >= 0
    post: _ <= 0
    """
    return _gain(by_max, [a, b, c, d, e, f, g, h], lie)


def sorted_gain_of_3(a: int, b: int, c: int, lie: int) -> int:
    """
    pre: min(a, b, c, lie) >= 0
    post: _ <= 0
    """
    return _gain(by_sorting, [a, b, c], lie)


def sorted_gain_of_5(a: int, b: int, c: int, d: int, e: int, lie: int) -> int:
    """
    pre: min(a, b, c, d, e, lie) >= 0
    post: _ <= 0
    """
    return _gain(by_sorting, [a, b, c, d, e], lie)


def sorted_gain_of_6(a: int, b: int, c: int, d: int, e: int, f: int, lie: int) -> int:
    """
    pre: min(a, b, c, d, e, f, lie) >= 0
    post: _ <= 0
    """
    return _gain(by_sorting, [a, b, c, d, e, f], lie)


def knife_gain_of_2(a: int, b: int, lie: int) -> int:
    """
    pre: min(a, b, lie) >= 0
    post: _ <= 0
    """
    return _gain(knife_edge, [a, b], lie)


def mcafee_gain(a: int, b: int, c: int, x: int, y: int, z: int, lie: int) -> float:
    """
    pre: min(a, b, c, x, y, z, lie) >= 0
    post: _ <= 0
    """
    (gets, *_), (pays, *_) = mcafee([a, b, c, x, y, z])
    (then, *_), (paid, *_) = mcafee([lie, b, c, x, y, z])
    return (a * then - paid) - (a * gets - pays)


def vcg_gain(a: int, b: int, c: int, d: int, e: int, f: int, x: int, y: int, z: int) -> int:
    """
    pre: min(a, b, c, d, e, f, x, y, z) >= 0
    post: _ <= 0
    """
    worth = lambda got: (0, a, b, c)[got[0] + 2 * got[1]]  # noqa: E731
    (gets, _), (pays, _) = vcg([[a, b, c], [d, e, f]])
    (then, _), (paid, _) = vcg([[x, y, z], [d, e, f]])
    return (worth(then) - paid) - (worth(gets) - pays)


def _gain(rule, bids, lie):
    """What the first bidder gains by a misreport."""
    winner, price = rule(bids)
    then, paid = rule([lie, *bids[1:]])
    return (bids[0] - paid if then == 0 else 0) - (bids[0] - price if winner == 0 else 0)
