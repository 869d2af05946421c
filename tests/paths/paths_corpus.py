"""Ordinary auction code in the styles people write, right and wrong, with what is true of it.

Each entry of CORPUS: the function, what it returns made an outcome, and whether it is DSIC and individually
rational for 2 and 3 bidders.
"""

import heapq
import math
import statistics
from collections import Counter, OrderedDict, defaultdict, namedtuple
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import itemgetter

import numpy as np
from paths_rules import winner_pays


def loop_with_sentinels(bids):
    best, second, winner = -1, 0, None
    for i, bid in enumerate(bids):
        if bid > best:
            if winner is not None:
                second = best
            best, winner = bid, i
        elif bid > second:
            second = bid
    return winner, second


def loop_forgets_second(bids):
    best, second, winner = -1, 0, None
    for i, bid in enumerate(bids):
        if bid > best:
            second, best, winner = best, bid, i
    return winner, max(second, 0)


def sorted_pairs(bids):
    ranked = sorted(((b, i) for i, b in enumerate(bids)), reverse=True)
    return ranked[0][1], ranked[1][0]


def sorted_in_place(bids):
    order = list(range(len(bids)))
    order.sort(key=lambda i: bids[i], reverse=True)
    return order[0], bids[order[1]]


def first_price(bids):
    winner = bids.index(max(bids))
    return winner, bids[winner]


def pays_lowest(bids):
    return max(range(len(bids)), key=bids.__getitem__), sorted(bids)[0]


def second_of_all_bids(bids):
    return bids.index(max(bids)), sorted(bids, reverse=True)[1]


def dict_of_bidders(bids):
    book = {f"bidder{i}": b for i, b in enumerate(bids)}
    winner = max(book, key=book.get)
    del book[winner]
    return int(winner[6:]), max(book.values(), default=0)


def numpy_argmax(bids):
    a = np.array(bids, dtype=float)
    winner = int(np.argmax(a))
    return winner, float(np.delete(a, winner).max())


def numpy_argsort(bids):
    order = np.argsort(-np.asarray(bids))
    return int(order[0]), bids[int(order[1])]


def numpy_mask(bids):
    a = np.array(bids, dtype=float)
    winner = a.argmax()
    mask = np.ones(len(a), dtype=bool)
    mask[winner] = False
    return int(winner), a[mask].max()


def partition_of_numpy(bids):
    a = np.array(bids, dtype=float)
    return int(np.argmax(a)), np.sort(a)[-2]


@dataclass
class Bid:
    amount: float
    bidder: int = field(default=0)


def dataclasses_sorted(bids):
    book = sorted((Bid(b, i) for i, b in enumerate(bids)), key=lambda x: (-x.amount, x.bidder))
    return book[0].bidder, book[1].amount


@dataclass(order=True)
class Ordered:
    amount: float
    place: int


def ordered_dataclasses(bids):
    book = [Ordered(b, -i) for i, b in enumerate(bids)]
    best = max(book)
    book.remove(best)
    return -best.place, max(book).amount


class Auctioneer:
    def __init__(self, reserve=1):
        self.reserve, self.bids = reserve, []

    def place(self, who, amount):
        if amount >= self.reserve:
            self.bids.append((who, amount))

    def close(self):
        if not self.bids:
            return None, 0
        ordered = sorted(self.bids, key=itemgetter(1), reverse=True)
        price = ordered[1][1] if len(ordered) > 1 else self.reserve
        return ordered[0][0], price


def class_with_state(bids):
    auctioneer = Auctioneer()
    for i, b in enumerate(bids):
        auctioneer.place(i, b)
    return auctioneer.close()


def reserve_forgotten_in_price(bids, reserve=1):
    able = [(i, b) for i, b in enumerate(bids) if b >= reserve]
    if not able:
        return None, 0
    able.sort(key=lambda pair: -pair[1])
    return able[0][0], able[1][1] if len(able) > 1 else 0


def reserve_by_max(bids, reserve=Fraction(3, 2)):
    top = max(bids)
    if top < reserve:
        return None, 0
    winner = bids.index(top)
    return winner, max([reserve, *bids[:winner], *bids[winner + 1 :]])


def posted_price(bids, price=2):
    for i, b in enumerate(bids):
        if b >= price:
            return i, price
    return None, 0


def heap(bids):
    top = heapq.nlargest(2, [(b, -i) for i, b in enumerate(bids)])
    return -top[0][1], top[1][0]


def reduce_fold(bids):
    best = reduce(lambda a, b: a if a[1] >= b[1] else b, enumerate(bids))
    rest = [b for i, b in enumerate(bids) if i != best[0]]
    return best[0], reduce(lambda a, b: a if a > b else b, rest, 0)


def recursion(bids):
    def top(values, start):
        if start == len(values) - 1:
            return start
        later = top(values, start + 1)
        return start if values[start] >= values[later] else later

    winner = top(bids, 0)
    others = bids[:winner] + bids[winner + 1 :]
    return winner, others[top(others, 0)]


def average_of_others(bids):
    winner = max(range(len(bids)), key=lambda i: bids[i])
    return winner, (sum(bids) - bids[winner]) / (len(bids) - 1)


def average_of_the_top_two(bids):
    a, b = sorted(bids)[-2:]
    return bids.index(b), (a + b) / 2


def ten_percent_off(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], 0.9 * bids[order[1]]


def weights(bids):
    scores = [w * b for w, b in zip((3, 2, 1), bids)]
    order = sorted(range(len(bids)), key=scores.__getitem__, reverse=True)
    return order[0], Fraction(scores[order[1]]) / (3, 2, 1)[order[0]] if False else scores[
        order[1]
    ] / (3, 2, 1)[order[0]]


def weights_forgotten_in_price(bids):
    scores = [w * b for w, b in zip((3, 2, 1), bids)]
    order = sorted(range(len(bids)), key=scores.__getitem__, reverse=True)
    return order[0], bids[order[1]]


def early_return_on_tie(bids):
    if len(set(map(float, bids))) < len(bids):
        return None, 0
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], bids[order[1]]


def counts_ties(bids):
    top = max(bids)
    if sum(b == top for b in bids) > 1:
        return None, 0
    return bids.index(top), sorted(bids)[-2]


def raises_on_tie(bids):
    top = max(bids)
    if bids.count(top) > 1:
        raise ValueError("tie")
    return bids.index(top), max(b for b in bids if b != top)


def named_tuples(bids):
    Offer = namedtuple("Offer", "amount who")
    ordered = sorted([Offer(b, i) for i, b in enumerate(bids)], key=lambda o: o.amount)
    return ordered[-1].who, ordered[-2].amount


def ordered_dict(bids):
    book = OrderedDict(sorted(enumerate(bids), key=lambda kv: kv[1], reverse=True))
    (winner, _), (_, price), *_ = book.items()
    return winner, price


def tolerance_on_ties(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    if math.isclose(bids[order[0]], bids[order[1]], rel_tol=0, abs_tol=1e-9):
        return min(order[:2]), bids[order[1]]
    return order[0], bids[order[1]]


def validated_input(bids):
    for b in bids:
        if not isinstance(b, (int, float)) or b < 0 or math.isnan(b):
            raise ValueError("bids are numbers that are not negative")
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    return order[0], float(bids[order[1]])


def median_price(bids):
    return bids.index(max(bids)), statistics.median(bids)


def walrus_and_match(bids):
    match sorted(enumerate(bids), key=lambda p: -p[1]):
        case [(winner, _), (_, price), *_]:
            return winner, price
    return None, 0


def knife_edge(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    price = bids[order[1]]
    return order[0], bids[order[0]] if 3 * bids[1] == bids[0] + 170001 else price


def capped(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], min(bids[order[1]], 2)


def groups_of_bidders(bids):
    groups = defaultdict(list)
    for i, b in enumerate(bids):
        groups["high" if b >= 2 else "low"].append(i)
    pool = groups["high"] or groups["low"]
    pool = sorted(pool, key=lambda i: -bids[i])
    rest = [bids[i] for i in range(len(bids)) if i != pool[0]]
    return pool[0], max(rest)


def bubble_sort(bids):
    order = list(range(len(bids)))
    for a in range(len(order)):
        for c in range(len(order) - 1 - a):
            if bids[order[c]] < bids[order[c + 1]]:
                order[c], order[c + 1] = order[c + 1], order[c]
    return order[0], bids[order[1]]


def while_loop(bids):
    i, winner, second = 1, 0, 0
    while i < len(bids):
        if bids[i] > bids[winner]:
            second = max(second, bids[winner])
            winner = i
        else:
            second = max(second, bids[i])
        i += 1
    return winner, second


def price_from_the_wrong_index(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], bids[1]


def message_beside_the_answer(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    text = f"bidder {order[0]} pays {bids[order[1]]:.2f}"
    print(text)
    return order[0], bids[order[1]]


def geometric_mean(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], math.sqrt(bids[order[0]] * bids[order[1]])


def share_of_the_total(bids):
    total = sum(bids)
    if total == 0:
        return 0, 0
    winner = bids.index(max(bids))
    return winner, bids[winner] * (total - bids[winner]) / total


def counter_of_votes(bids):
    wins = Counter()
    for i, a in enumerate(bids):
        for j, b in enumerate(bids):
            wins[i] += (a, -i) > (b, -j)
    winner = wins.most_common(1)[0][0]
    return winner, max(b for j, b in enumerate(bids) if j != winner)


# The function, and whether it is DSIC and individually rational, for 2 and for 3 bidders.
CORPUS = [
    (loop_with_sentinels, True, True), (loop_forgets_second, False, True), (sorted_pairs, True, True),
    (sorted_in_place, True, True), (first_price, False, True), (second_of_all_bids, True, True),
    (dict_of_bidders, True, True), (numpy_argmax, True, True), (numpy_argsort, True, True),
    (numpy_mask, True, True), (partition_of_numpy, True, True), (dataclasses_sorted, True, True),
    (ordered_dataclasses, True, True), (class_with_state, True, True),
    (reserve_forgotten_in_price, False, True), (reserve_by_max, True, True), (posted_price, True, True),
    (heap, True, True), (reduce_fold, True, True), (recursion, True, True),
    (average_of_the_top_two, False, True), (ten_percent_off, False, True), (weights, True, True),
    (weights_forgotten_in_price, False, False), (counts_ties, True, True), (raises_on_tie, True, True),
    (named_tuples, True, True), (ordered_dict, True, True),
    (walrus_and_match, True, True), (knife_edge, False, True), (capped, False, True),
    (groups_of_bidders, True, True), (bubble_sort, True, True), (while_loop, True, True),
    (price_from_the_wrong_index, False, True), (message_beside_the_answer, True, True),
    (share_of_the_total, False, True), (counter_of_votes, True, True),
]  # fmt: skip
ADAPTED = {f.__name__: winner_pays(f) for f, *_ in CORPUS}
