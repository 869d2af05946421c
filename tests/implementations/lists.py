"""Auctions over plain lists of bids, as in many a course repository."""


def second_price(bids):
    """Vickrey auction: returns (winner, price)."""
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    winner = order[0]
    price = bids[order[1]] if len(order) > 1 else 0
    return winner, price


def first_price(bids):
    winner = max(range(len(bids)), key=lambda i: bids[i])
    return winner, bids[winner]


def third_price(bids):
    ranked = sorted(((b, i) for i, b in enumerate(bids)), key=lambda t: -t[0])
    price = ranked[2][0] if len(ranked) > 2 else 0
    return ranked[0][1], price


def vickrey_wrong_index(bids):
    """The list is sorted upwards, but the price is read as if it were sorted downwards."""
    winner = bids.index(max(bids))
    price = sorted(bids)[1] if len(bids) > 1 else 0
    return winner, price


def one_pass(bids):
    """A single loop that keeps the two highest bids."""
    highest, second, winner = float("-inf"), 0, None
    for i, bid in enumerate(bids):
        if bid > highest:
            if winner is not None:
                second = highest
            highest, winner = bid, i
        elif bid > second:
            second = bid
    return winner, second


def one_pass_forgets(bids):
    """The same loop without its second branch: what comes after the winner does not count."""
    highest, second, winner = -1, 0, None
    for i, bid in enumerate(bids):
        if bid > highest:
            if winner is not None:
                second = highest
            highest, winner = bid, i
    return winner, second


def unique_highest(bids):
    """Sells only when a single bidder has the highest bid; a tie is no sale."""
    top = max(bids)
    if bids.count(top) > 1:
        return None, 0
    others = [b for b in bids if b != top]
    return bids.index(top), max(others, default=0)


def ties_sell_twice(bids):
    """Everybody with the highest bid wins."""
    ranked = sorted(bids, reverse=True)
    winners = [i for i, b in enumerate(bids) if b == ranked[0]]
    price = ranked[1] if len(ranked) > 1 else 0
    return winners, [price] * len(winners)


def sorts_in_place(bids):
    """Finds the winner's place in the list it has just sorted, and leaves the caller's list sorted."""
    bids.sort(reverse=True)
    winner = bids.index(bids[0])
    price = bids[1] if len(bids) > 1 else 0
    return winner, price


def halfway(bids):
    """The winner and the seller split the difference between the two highest bids."""
    order = sorted(range(len(bids)), key=bids.__getitem__, reverse=True)
    if len(order) == 1:
        return order[0], bids[order[0]] / 2
    return order[0], (bids[order[0]] + bids[order[1]]) / 2


def knife_edge(bids):
    """Second price, but for one line."""
    winner = max(range(len(bids)), key=lambda i: bids[i])
    rest = [b for i, b in enumerate(bids) if i != winner]
    price = max(rest, default=0)
    if len(bids) > 1 and 3 * bids[1] == bids[0] + 170001:
        price = bids[winner]
    return winner, price
