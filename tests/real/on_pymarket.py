"""Adapters to pymarket's double auctions of many units; each bid here is for one."""

import numpy as np
from pymarket.bids import BidManager
from pymarket.mechanisms import HuangAuction, MudaAuction

from mechanism import Outcome


def book(bids, asks):
    manager = BidManager()
    for user, price in enumerate([*bids, *asks]):
        manager.add_bid(1, price, user, user < len(bids))
    return manager.get_df()


def settled(transactions, fees, n_buyers, n):
    gets, pays = [0] * n, [fees[user] if len(fees) else 0 for user in range(n)]
    for row in transactions.get_df().itertuples():
        gets[row.bid] += row.quantity
        pays[row.bid] += row.quantity * row.price * (1 if row.bid < n_buyers else -1)
    return Outcome(gets, pays)


def huang(bids, asks):
    """The auction of Huang, Scheller-Wolf and Sycara (2002)."""
    transactions, _ = HuangAuction(book(bids, asks)).run()
    return settled(transactions, (), len(bids), len(bids) + len(asks))


def muda(bids, asks, seed=1):
    """Segal-Halevi, Hassidim and Aumann's MUDA (2018), for one way to split the market in two."""
    random = np.random.RandomState(int(seed))
    transactions, extra = MudaAuction(book(bids, asks), r=random).run()
    return settled(transactions, extra.get("fees", ()), len(bids), len(bids) + len(asks))
