"""A combinatorial auction with XOR bids: for each bidder, {frozenset of goods: value}."""

from itertools import product


def winners(bids, left_out=None):
    """The best feasible choice of at most one bundle for each bidder."""
    offers = [
        [(frozenset(), 0), *sorted(b.items(), key=lambda item: sorted(item[0]))] for b in bids
    ]
    if left_out is not None:
        offers[left_out] = offers[left_out][:1]
    best_value, best_choice = None, None
    for choice in product(*offers):
        taken = [good for bundle, _ in choice for good in bundle]
        if len(taken) == len(set(taken)):
            value = sum(v for _, v in choice)
            if best_value is None or value > best_value:
                best_value, best_choice = value, choice
    return best_value, best_choice


def vcg_bundles(bids):
    total, choice = winners(bids)
    payments = []
    for i in range(len(bids)):
        without, _ = winners(bids, left_out=i)
        payments.append(without - (total - choice[i][1]))
    return [bundle for bundle, _ in choice], payments


def pay_your_bid(bids):
    _, choice = winners(bids)
    return [bundle for bundle, _ in choice], [value for _, value in choice]
