"""A dozen functions as strangers would write them."""

from __future__ import annotations

import operator
from collections import namedtuple
from dataclasses import dataclass

import numpy as np


# 1 ebay style: dict of name->amount, increments; returns dict with strings
def ebay(bids: dict[str, float], increment: float = 1.0) -> dict:
    ranked = sorted(bids.items(), key=operator.itemgetter(1), reverse=True)
    (name, top), rest = ranked[0], ranked[1:]
    price = min(top, rest[0][1] + increment) if rest else increment
    return {"winner": name, "final_price": price, "num_bidders": len(bids)}


# 2 list of dataclass bids defined here
@dataclass
class Bid:
    bidder_id: int
    amount: float


def vickrey_from_objects(bids: list[Bid]):
    if not bids:
        return None
    best = max(bids, key=lambda b: b.amount)
    others = [b.amount for b in bids if b is not best]
    return best, (max(others) if others else 0)


# 3 numpy with argsort & partition
def np_vickrey(values: np.ndarray):
    order = np.argsort(values)[::-1]
    x = np.zeros(len(values))
    p = np.zeros(len(values))
    x[order[0]] = 1
    p[order[0]] = values[order[1]]
    return x, p


# 4 class with run and internal result object
class AuctionResult:
    def __init__(self, winner, price):
        self.winner = winner
        self.price = price

    def __repr__(self):
        return f"<{self.winner} pays {self.price}>"


class FirstPriceAuction:
    def __init__(self, reserve_price=0):
        self.reserve_price = reserve_price

    def resolve(self, bids):
        eligible = {k: v for k, v in bids.items() if v >= self.reserve_price}
        if not eligible:
            return AuctionResult(None, 0)
        w = max(eligible, key=lambda k: eligible[k])
        return AuctionResult(w, eligible[w])


# 5 multi unit uniform price, returns list of winners and clearing price
def uniform(bids, k):
    idx = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    winners = idx[:k]
    clearing = bids[idx[k]] if len(bids) > k else 0
    return winners, clearing


# 6 GSP ad slots, dict by advertiser -> (slot, cpc)
def gsp(bids, ctrs):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    alloc = [None] * len(bids)
    pay = [0] * len(bids)
    for s, i in enumerate(order[: len(ctrs)]):
        alloc[i] = s
        nxt = bids[order[s + 1]] if s + 1 < len(order) else 0
        pay[i] = nxt * ctrs[s]
    return alloc, pay


# 7 assignment by brute force permutations, VCG payments, matrix of values
from itertools import permutations


def vcg_assign(values):
    n, m = len(values), len(values[0])

    def best(agents):
        top, arg = -1, None
        slots = list(range(m)) + [None] * len(agents)
        for perm in set(permutations(slots, len(agents))):
            w = sum(values[a][g] for a, g in zip(agents, perm) if g is not None)
            if w > top:
                top, arg = w, perm
        return top, arg

    total, choice = best(list(range(n)))
    pay = []
    for i in range(n):
        wo, _ = best([j for j in range(n) if j != i])
        mine = values[i][choice[i]] if choice[i] is not None else 0
        pay.append(wo - (total - mine))
    return list(choice), pay


# 8 second price where validity of types is checked and prices rounded to cents
def checked(bids: list[float]):
    for b in bids:
        if not isinstance(b, (int, float)):
            raise TypeError("bids must be numbers")
        if b < 0:
            raise ValueError("negative bid")
    s = sorted(bids, reverse=True)
    return bids.index(s[0]), s[1] if len(s) > 1 else 0.0


# 9 english auction with integer increments
def english(valuations):
    price = 0
    active = list(range(len(valuations)))
    while len(active) > 1:
        price += 1
        still = [i for i in active if valuations[i] >= price]
        if not still:
            return active[0], price - 1
        active = still
    return active[0], price


# 10 returns winner name, prints stuff; tuple list input, Decimal internals
def chatty(bids: list[tuple[str, float]]):
    print("=== AUCTION ===")
    for n, b in bids:
        print(n, "bids", b)
    s = sorted(bids, key=lambda t: t[1])
    winner, _ = s[-1]
    price = s[-2][1] if len(s) > 1 else 0
    print("winner", winner)
    return winner, price


# 11 all pay lottery contest style? proportional share
def proportional(bids):
    t = sum(bids)
    return {"allocation": [b / t if t else 0 for b in bids], "payments": list(bids)}


# 12 double auction: buyers & sellers dicts, midpoint
def clear(buyers: dict[str, float], sellers: dict[str, float]):
    b = sorted(buyers.items(), key=lambda kv: -kv[1])
    s = sorted(sellers.items(), key=lambda kv: kv[1])
    trades = []
    for (bn, bv), (sn, sv) in zip(b, s):
        if bv >= sv:
            trades.append((bn, sn, (bv + sv) / 2))
    return trades


# 13 procurement reverse auction
def reverse_auction(offers: dict):
    lo = min(offers, key=offers.get)
    rest = [c for s, c in offers.items() if s != lo]
    return {"winner": lo, "payment": min(rest) if rest else offers[lo]}


# 14 public good: pivot mechanism
def pivotal(values):
    m = len(values[0])
    n = len(values)
    tot = [sum(v[o] for v in values) for o in range(m)]
    d = tot.index(max(tot))
    taxes = []
    for i in range(n):
        others = [tot[o] - values[i][o] for o in range(m)]
        taxes.append(max(others) - others[d])
    return d, taxes


# 15 namedtuple bids; winner counted from 1
Offer = namedtuple("Offer", "who price")


def one_based(bids):
    best = 0
    for i in range(1, len(bids)):
        if bids[i] > bids[best]:
            best = i
    second = sorted(bids)[-2]
    return {"winning_bidder": best + 1, "price": second}


# 16 combinatorial greedy
def greedy_combi(bids):
    offers = [(v, sorted(s), i) for i, b in enumerate(bids) for s, v in b.items() if v > 0]
    offers.sort(key=lambda t: (-t[0], t[1], t[2]))
    taken, got, pay, done = set(), [set() for _ in bids], [0] * len(bids), set()
    for v, s, i in offers:
        if i in done or taken & set(s):
            continue
        taken |= set(s)
        got[i] = set(s)
        pay[i] = v
        done.add(i)
    return got, pay
