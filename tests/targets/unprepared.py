"""Auctions in the styles people write them, made before the forms that are recognised were looked at."""

from dataclasses import dataclass
from itertools import combinations, permutations, product
from typing import NamedTuple

import numpy as np


def name_to_price(bids: dict[str, float]) -> dict[str, float]:
    if not bids:
        return {}
    ranked = sorted(bids, key=lambda name: bids[name], reverse=True)
    price = bids[ranked[1]] if len(ranked) > 1 else 0
    return {ranked[0]: price}


def bid_and_name(offers: list[tuple[float, str]]):
    best, second = None, 0
    for amount, who in offers:
        if best is None or amount > best[0]:
            if best is not None:
                second = best[0]
            best = (amount, who)
        elif amount > second:
            second = amount
    return None if best is None else (best[1], second)


def untyped_bid_and_name(offers):
    offers = sorted(offers, key=lambda o: -o[0])
    _amount, name = offers[0]
    return name, offers[1][0] if len(offers) > 1 else 0


def amount_due(bids):
    order = sorted(bids, key=lambda b: b[1], reverse=True)
    winner_id, _ = order[0]
    return {"winner": winner_id, "amount_due": order[1][1] if len(order) > 1 else 0}


@dataclass
class Offer:
    bidder_id: str
    value: float


@dataclass
class Sale:
    sold_to: str | None
    hammer_price: float


def sale_object(offers: list[Offer], reserve: float = 0) -> Sale:
    live = [o for o in offers if o.value >= reserve]
    if not live:
        return Sale(None, 0)
    live.sort(key=lambda o: o.value, reverse=True)
    return Sale(live[0].bidder_id, max(reserve, live[1].value if len(live) > 1 else 0))


class Award(NamedTuple):
    winner: int
    amount_due: float


def award_tuple(bids):
    idx = max(range(len(bids)), key=lambda i: bids[i])
    rest = [b for i, b in enumerate(bids) if i != idx]
    return Award(idx, max(rest, default=0))


def frame_in_frame_out(df):
    out = df.copy()
    out["won"] = False
    out["pays"] = 0.0
    order = out["bid"].sort_values(ascending=False, kind="stable").index
    out.loc[order[0], "won"] = True
    if len(order) > 1:
        out.loc[order[0], "pays"] = df["bid"][order[1]]
    return out


class AddsBids:
    def __init__(self, reserve=0):
        self.reserve = reserve
        self.bids = {}

    def add_bid(self, bidder, amount):
        self.bids[bidder] = amount

    def run(self):
        ok = {k: v for k, v in self.bids.items() if v >= self.reserve}
        if not ok:
            return None
        w = max(ok, key=ok.get)
        rest = [v for k, v in ok.items() if k != w]
        return w, max([*rest, self.reserve])


class LeavesItInside:
    def __init__(self):
        self._bids = []
        self.winner = None
        self.price = None

    def place_bid(self, who, amount):
        self._bids.append((amount, who))

    def close(self):
        self._bids.sort(key=lambda t: t[0], reverse=True)
        if self._bids:
            self.winner = self._bids[0][1]
            self.price = self._bids[1][0] if len(self._bids) > 1 else 0


def whole_record(bids):
    bids = sorted(bids, key=lambda r: r["bid"], reverse=True)
    return {"winner": bids[0], "price": bids[1]["bid"] if len(bids) > 1 else 0}


def camel_case(bids):
    b = sorted(bids, key=lambda x: x["price"], reverse=True)
    return {"winnerId": b[0]["id"], "pricePaid": b[1]["price"] if len(b) > 1 else 0}


def marks_the_bidder(bidders):
    ordered = sorted(bidders, key=lambda b: b.valuation, reverse=True)
    ordered[0].won = True
    ordered[0].payment = ordered[1].valuation if len(ordered) > 1 else 0
    return ordered[0]


class SubmitsRecords:
    def __init__(self, reserve):
        self.reserve = reserve
        self.bids = []

    def submit(self, bid):
        self.bids.append(bid)

    def winner_and_price(self):
        ok = sorted(
            [b for b in self.bids if b["amount"] >= self.reserve], key=lambda b: -b["amount"]
        )
        return (
            (ok[0]["bidder"], max(self.reserve, ok[1]["amount"] if len(ok) > 1 else 0))
            if ok
            else None
        )


class PriceFirst:
    def __init__(self):
        self.book = []

    def register_bid(self, price, name):
        self.book.append((price, name))

    def settle(self):
        self.book.sort(key=lambda e: -e[0])
        return {"winner": self.book[0][1], "price": self.book[1][0] if len(self.book) > 1 else 0}


def quantity_and_price(bids, k=2):
    order = sorted(bids, key=bids.get, reverse=True)
    price = bids[order[k]] if len(order) > k else 0
    return {name: ((1, price) if name in order[:k] else (0, 0)) for name in bids}


def prices_of_winners(bids, k=2):
    order = sorted(bids, key=bids.get, reverse=True)
    price = bids[order[k]] if len(order) > k else 0
    return dict.fromkeys(order[:k], price)


def lines_of_sales(bids, units=2):
    ranked = sorted(range(len(bids)), key=lambda i: -bids[i])
    price = bids[ranked[units]] if len(ranked) > units else 0
    return [(i, 1, price) for i in ranked[:units]]


@dataclass
class UniformResult:
    successful_bidders: list
    cutoff_price: float


def uniform_result(bids, supply):
    ranked = sorted(bids.items(), key=lambda kv: kv[1], reverse=True)
    cutoff = ranked[supply][1] if len(ranked) > supply else 0
    return UniformResult([n for n, _ in ranked[:supply]], cutoff)


def four_parts(buyers, sellers):
    b = sorted(buyers.items(), key=lambda t: -t[1])
    s = sorted(sellers.items(), key=lambda t: t[1])
    k = 0
    while k < min(len(b), len(s)) and b[k][1] >= s[k][1]:
        k += 1
    if k == 0:
        return []
    return [(b[i][0], s[i][0], b[k - 1][1], s[k - 1][1]) for i in range(k - 1)]


def trades_and_price(buy_bids, sell_bids):
    bi = sorted(range(len(buy_bids)), key=lambda i: -buy_bids[i])
    si = sorted(range(len(sell_bids)), key=lambda i: sell_bids[i])
    k = 0
    while k < min(len(bi), len(si)) and buy_bids[bi[k]] >= sell_bids[si[k]]:
        k += 1
    if k == 0:
        return {"trades": [], "price": None}
    p = (buy_bids[bi[k - 1]] + sell_bids[si[k - 1]]) / 2
    return {"trades": list(zip(bi[:k], si[:k])), "price": p}


@dataclass
class Trade:
    buyer_idx: int
    seller_idx: int
    buyer_pays: float
    seller_receives: float


def trade_objects(bids, asks):
    b = sorted(range(len(bids)), key=lambda i: -bids[i])
    s = sorted(range(len(asks)), key=lambda i: asks[i])
    k = 0
    while k < min(len(b), len(s)) and bids[b[k]] >= asks[s[k]]:
        k += 1
    return [Trade(b[i], s[i], bids[b[k - 1]], asks[s[k - 1]]) for i in range(k - 1)]


def bundles_by_id(bids):
    names = list(bids)

    def best(who):
        top, arg = 0, {}
        opts = [[(frozenset(), 0), *list(bids[n].items())] for n in who]
        for combo in product(*opts):
            seen = set()
            ok = True
            for S, _ in combo:
                if seen & set(S):
                    ok = False
                    break
                seen |= set(S)
            if ok:
                tot = sum(v for _, v in combo)
                if not arg or tot > top:
                    top, arg = tot, {n: S for n, (S, _) in zip(who, combo)}
        return top, arg

    W, A = best(names)
    pays = {}
    for n in names:
        w_wo, _ = best([m for m in names if m != n])
        own = bids[n].get(A[n], 0) if A[n] else 0
        pays[n] = w_wo - (W - own)
    return A, pays


def zero_one_matrix(values):
    V = np.asarray(values)
    n, m = V.shape

    def solve(rows):
        best, arg = 0, {}
        for r in range(min(len(rows), m) + 1):
            for sub in combinations(rows, r):
                for goods in permutations(range(m), r):
                    t = sum(V[i][g] for i, g in zip(sub, goods))
                    if t > best:
                        best, arg = t, dict(zip(sub, goods))
        return best, arg

    W, a = solve(list(range(n)))
    X = np.zeros((n, m), dtype=int)
    p = [0] * n
    for i, g in a.items():
        X[i, g] = 1
        wo, _ = solve([j for j in range(n) if j != i])
        p[i] = wo - (W - V[i][g])
    return X, p


def good_and_price(bids):
    names = list(bids)
    goods = list(next(iter(bids.values())))
    left = list(goods)
    out = {}
    for n in names:  # serial dictatorship free
        if left:
            g = max(left, key=lambda g: bids[n][g])
            left.remove(g)
            out[n] = (g, 0)
    return out


def supplier(costs):
    w = min(costs, key=costs.get)
    rest = [c for s, c in costs.items() if s != w]
    return {"supplier": w, "payment": min(rest) if rest else costs[w]}


def either_order(bids):
    """Whoever makes the last one gets it for nothing, whichever of the two in it is the bid."""
    one, other = bids[-1]
    return {"winner": other if isinstance(one, (int, float)) else one, "price": 0}


def winning_bid_only(bids):
    winner = max(bids, key=bids.get)
    return {"winner": winner, "winning_bid": bids[winner]}


def units_by_winner(bids):
    return {max(bids, key=bids.get): 1}


def sellers_first(bids, asks):
    """Of these, the third is what the seller gets."""
    buyer, seller = max(bids, key=bids.get), min(asks, key=asks.get)
    return [(buyer, seller, asks[seller], bids[buyer])] if bids[buyer] >= asks[seller] else []


class Unnamed:
    """What the two arguments are is not told by their names."""

    def __init__(self):
        self.heap = []

    def add(self, a, b):
        self.heap.append((a, b))

    def run(self):
        ranked = sorted(self.heap, key=lambda pair: pair[0], reverse=True)
        return {"winner": ranked[0][1], "price": ranked[1][0] if len(ranked) > 1 else 0}
