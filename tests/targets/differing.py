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


def with_reserve(bids):
    winner = _order(bids)[0]
    if bids[winner] < 5:
        return None
    return winner, max(5, _second(bids, _order(bids)))


def no_idle_trade(bids, asks):
    """All pay the average of the last bid and ask that trade; who gains nothing does not trade."""
    buyers = _order(bids)
    sellers = sorted(range(len(asks)), key=lambda j: asks[j])
    k = sum(bids[i] > asks[j] for i, j in zip(buyers, sellers))
    price = (bids[buyers[k - 1]] + asks[sellers[k - 1]]) / 2 if k else 0
    return buyers[:k], sellers[:k], price
