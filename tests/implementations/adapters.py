"""Adapters for results that do not say what they are: which of two prices, or which side a dict of numbers is by."""

import exchange
import schools


def mcafee(bids, asks):
    buyers, sellers, pays, gets = exchange.mcafee(bids, asks)
    return {"buyers": buyers, "sellers": sellers, "buyer_price": pays, "seller_price": gets}


def trade_reduction(bids, asks):
    buyers, sellers, pays, gets = exchange.trade_reduction(bids, asks)
    return {"buyers": buyers, "sellers": sellers, "buyer_price": pays, "seller_price": gets}


def deferred_acceptance(proposers, receivers):
    return set(schools.deferred_acceptance(proposers, receivers).items())


def immediate_acceptance(proposers, receivers):
    return set(schools.immediate_acceptance(proposers, receivers).items())
