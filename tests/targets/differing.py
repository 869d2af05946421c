"""Second-price auctions that differ where bids are equal, and one that always does."""


def _order(bids, last=False):
    return sorted(range(len(bids)), key=lambda i: (-bids[i], -i if last else i))


def _second(bids, order):
    return bids[order[1]] if len(bids) > 1 else 0


def last_of_equals(bids):
    order = _order(bids, last=True)
    return order[0], _second(bids, order)


def free_at_ties(bids):
    order = _order(bids)
    tie = len(bids) > 1 and bids[order[0]] == bids[order[1]]
    return order[0], 0 if tie else _second(bids, order)


def unsold_at_ties(bids):
    order = _order(bids)
    if len(bids) > 1 and bids[order[0]] == bids[order[1]]:
        return None
    return order[0], _second(bids, order)


def first_price(bids):
    winner = _order(bids)[0]
    return winner, bids[winner]


def other_two(bids):
    """Two units for the third highest bid, to the last of equals."""
    order = _order(bids, last=True)
    return order[:2], bids[order[2]] if len(bids) > 2 else 0
