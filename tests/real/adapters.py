"""Adapters to packages of other people: what an audit needs to know about their interfaces, and no more."""

from mechanism import Outcome


def _traders(buyers, sellers, n_buyers, n_sellers, price, back):
    """Who trades, in the order of buyers and then sellers, and what each pays."""
    gets = [int(i in buyers) for i in range(n_buyers)] + [
        int(j in sellers) for j in range(n_sellers)
    ]
    pays = [price if i in buyers else 0 for i in range(n_buyers)]
    return Outcome(gets, pays + [-back if j in sellers else 0 for j in range(n_sellers)])


# --- pymarket: multi-unit double auctions, each bid here for one unit ------------------------------


def _book(bids, asks):
    from pymarket.bids import BidManager

    book = BidManager()
    for user, price in enumerate([*bids, *asks]):
        book.add_bid(1, price, user, user < len(bids))
    return book.get_df()


def _transactions(transactions, fees, n_buyers, n):
    gets, pays = [0] * n, [fees[user] if len(fees) else 0 for user in range(n)]
    for row in transactions.get_df().itertuples():
        gets[row.bid] += row.quantity
        pays[row.bid] += row.quantity * row.price * (1 if row.bid < n_buyers else -1)
    return Outcome(gets, pays)


def huang(bids, asks):
    """The auction of Huang, Scheller-Wolf and Sycara (2002)."""
    from pymarket.mechanisms import HuangAuction

    transactions, _ = HuangAuction(_book(bids, asks)).run()
    return _transactions(transactions, (), len(bids), len(bids) + len(asks))


def muda(bids, asks, seed=1):
    """Segal-Halevi, Hassidim and Aumann's MUDA (2018), for one way to split the market."""
    import numpy as np
    from pymarket.mechanisms import MudaAuction

    random = np.random.RandomState(seed)
    transactions, extra = MudaAuction(_book(bids, asks), r=random).run()
    return _transactions(transactions, extra.get("fees", ()), len(bids), len(bids) + len(asks))


# --- freeride: clears a market, and gives the range of prices at which it clears -------------------


def _cleared(bids, asks, weight):
    from freeride.double_auction import DoubleAuction, UnitDemand, UnitSupply

    demand, supply = [UnitDemand(b) for b in bids], [UnitSupply(a) for a in asks]
    market = DoubleAuction(*demand, *supply)
    low, high = market.p
    price = low + weight * (high - low)
    buyers = [demand.index(agent) for agent, _ in market.demand[: market.q]]
    sellers = [supply.index(agent) for agent, _ in market.supply[: market.q]]
    return _traders(buyers, sellers, len(bids), len(asks), price, price)


def lowest_price(bids, asks):
    """At the lowest price at which the market clears."""
    return _cleared(bids, asks, 0)


def highest_price(bids, asks):
    """At the highest price at which the market clears."""
    return _cleared(bids, asks, 1)


def middle_price(bids, asks):
    """At the middle of the prices at which the market clears."""
    return _cleared(bids, asks, 0.5)


# --- stable matching -------------------------------------------------------------------------------


def stable_marriage(proposers, receivers):
    """`matching.games.StableMarriage`, best for the suitors."""
    from matching.games import StableMarriage

    # Players are told apart by their names, so those of the two sides must differ.
    suitors = {f"s{p}": [f"r{r}" for r in prefs] for p, prefs in enumerate(proposers)}
    reviewers = {f"r{r}": [f"s{p}" for p in prefs] for r, prefs in enumerate(receivers)}
    solution = StableMarriage.create_from_dictionaries(suitors, reviewers).solve()
    return {int(suitor.name[1:]): int(reviewer.name[1:]) for suitor, reviewer in solution.items()}


def gale_shapley(proposers, receivers):
    """`tryalgo.gale_shapley`, which returns the proposer of each receiver."""
    from tryalgo.gale_shapley import gale_shapley

    proposer_of = gale_shapley(proposers, receivers)
    return {p: r for r, p in enumerate(proposer_of)}
