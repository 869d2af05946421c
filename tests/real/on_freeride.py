"""Adapters to freeride, which clears a market and gives the range of prices at which it clears."""

from freeride.double_auction import DoubleAuction, UnitDemand, UnitSupply


def cleared(bids, asks, price_in):
    demand, supply = [UnitDemand(b) for b in bids], [UnitSupply(a) for a in asks]
    market = DoubleAuction(*demand, *supply)
    buyers = [demand.index(agent) for agent, _ in market.demand[: market.q]]
    sellers = [supply.index(agent) for agent, _ in market.supply[: market.q]]
    return buyers, sellers, price_in(*market.p)


def lowest_price(bids, asks):
    return cleared(bids, asks, lambda low, high: low)


def highest_price(bids, asks):
    return cleared(bids, asks, lambda low, high: high)


def middle_price(bids, asks):
    return cleared(bids, asks, lambda low, high: (low + high) / 2)
