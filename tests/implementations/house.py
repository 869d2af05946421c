"""An auction house with classes and state; the functions below are the adapters to audit it by."""

import heapq
from dataclasses import dataclass, field


@dataclass(order=True)
class Bid:
    rank: float
    place: int
    bidder: int = field(compare=False)
    amount: float = field(compare=False)


@dataclass
class Result:
    winner: int | None = None
    price: float = 0


class SealedBidAuction:
    def __init__(self, reserve=0):
        self.reserve = reserve
        self._heap = []

    def place_bid(self, bidder, amount):
        if amount < 0:
            raise ValueError("a bid must not be negative")
        heapq.heappush(self._heap, Bid(-amount, len(self._heap), bidder, amount))

    def close(self):
        if not self._heap:
            return Result()
        best = heapq.heappop(self._heap)
        if best.amount < self.reserve:
            return Result()
        price = self._heap[0].amount if self._heap else 0
        return Result(best.bidder, max(price, self.reserve))


class Ledger:
    """Its bids live in the class, so that every auction sees those of all earlier ones."""

    bids: list = []  # noqa: RUF012

    def add(self, bidder, amount):
        self.bids.append((amount, bidder))

    def close(self):
        ranked = sorted(self.bids, key=lambda bid: bid[0], reverse=True)
        price = ranked[1][0] if len(ranked) > 1 else 0
        return {"winner": ranked[0][1], "price": price}


class TakesTurns:
    """Ties fall in turn: once to the first, then to the last."""

    def __init__(self):
        self.turn = 0

    def run(self, bids):
        top = max(bids)
        tied = [i for i, b in enumerate(bids) if b == top]
        winner = tied[0] if self.turn % 2 == 0 else tied[-1]
        self.turn += len(tied) > 1
        return winner, sorted(bids)[-2] if len(bids) > 1 else 0


def sealed(bids):
    auction = SealedBidAuction()
    for bidder, amount in enumerate(bids):
        auction.place_bid(bidder, amount)
    return auction.close()


def sealed_with_reserve(bids, reserve=3):
    auction = SealedBidAuction(reserve)
    for bidder, amount in enumerate(bids):
        auction.place_bid(bidder, amount)
    return auction.close()


def ledger(bids):
    book = Ledger()
    for bidder, amount in enumerate(bids):
        book.add(bidder, amount)
    return book.close()


_turns = TakesTurns()


def takes_turns(bids):
    return _turns.run(bids)
