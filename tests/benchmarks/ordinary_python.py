"""Second price and McAfee as ordinary Python, with contracts: what the alternatives are given.

Bids are whole numbers and McAfee counts in half units, which is easier on the other tools than
fractions or floats. Equal bids are ordered by place, as in the catalogue.
"""


def second_price(bids: list[int], who: int) -> tuple[bool, int]:
    """Whether an agent wins, and what it pays."""
    if bids.index(max(bids)) != who:
        return False, 0
    return True, max(bids[:who] + bids[who + 1 :])


def with_a_knife_edge(bids: list[int], who: int) -> tuple[bool, int]:
    """The same, with a discount to those who bid exactly so much."""
    wins, price = second_price(bids, who)
    return wins, price - 1 if wins and 3 * price == bids[who] + 170001 else price


def gain(rule, values: list[int], who: int, lie: int) -> int:
    """What an agent gains by a misreport."""
    said = [*values[:who], lie, *values[who + 1 :]]
    wins, pays = rule(values, who)
    then_wins, then_pays = rule(said, who)
    return (values[who] * then_wins - then_pays) - (values[who] * wins - pays)


def mcafee(bids: list[int], asks: list[int], who: int) -> tuple[bool, int]:
    """Whether an agent trades, and twice what it pays; the sellers are counted after the buyers."""
    high, low = sorted(bids, reverse=True), sorted(asks)
    k = sum(1 for bid, ask in zip(high, low) if bid >= ask)
    number, bid, ask = k - 1, 2 * high[k - 1], 2 * low[k - 1]
    if k < len(bids) and k < len(asks):
        middle = high[k] + low[k]
        if 2 * low[k - 1] <= middle <= 2 * high[k - 1]:
            number, bid, ask = k, middle, middle
    if who < len(bids):
        ahead = [b > bids[who] or (b == bids[who] and n < who) for n, b in enumerate(bids)]
        return (True, bid) if sum(ahead) < number else (False, 0)
    me = who - len(bids)
    ahead = [a < asks[me] or (a == asks[me] and n < me) for n, a in enumerate(asks)]
    return (True, -ask) if sum(ahead) < number else (False, 0)


def mcafee_gain(values: list[int], buyers: int, who: int, lie: int) -> int:
    """Twice what an agent gains by a misreport."""
    said = [*values[:who], lie, *values[who + 1 :]]
    worth = values[who] if who < buyers else -values[who]
    wins, pays = mcafee(values[:buyers], values[buyers:], who)
    then_wins, then_pays = mcafee(said[:buyers], said[buyers:], who)
    return (2 * worth * then_wins - then_pays) - (2 * worth * wins - pays)


def second_price_of_3(a: int, b: int, c: int, who: int, lie: int) -> int:
    """
    pre: min(a, b, c, lie) >= 0 and 0 <= who < 3
    post: _ <= 0
    """
    return gain(second_price, [a, b, c], who, lie)


def second_price_of_4(a: int, b: int, c: int, d: int, who: int, lie: int) -> int:
    """
    pre: min(a, b, c, d, lie) >= 0 and 0 <= who < 4
    post: _ <= 0
    """
    return gain(second_price, [a, b, c, d], who, lie)


def second_price_of_5(a: int, b: int, c: int, d: int, e: int, who: int, lie: int) -> int:
    """
    pre: min(a, b, c, d, e, lie) >= 0 and 0 <= who < 5
    post: _ <= 0
    """
    return gain(second_price, [a, b, c, d, e], who, lie)


def knife_edge_of_3(a: int, b: int, c: int, who: int, lie: int) -> int:
    """
    pre: min(a, b, c, lie) >= 0 and 0 <= who < 3
    post: _ <= 0
    """
    return gain(with_a_knife_edge, [a, b, c], who, lie)


def mcafee_of_3_and_3(a: int, b: int, c: int, x: int, y: int, z: int, who: int, lie: int) -> int:
    """
    pre: min(a, b, c, x, y, z, lie) >= 0 and 0 <= who < 6
    post: _ <= 0
    """
    return mcafee_gain([a, b, c, x, y, z], 3, who, lie)
