"""Adapter to tryalgo's Gale-Shapley, which returns the proposer of each receiver; a set of pairs is plain."""

from tryalgo.gale_shapley import gale_shapley as run


def gale_shapley(proposers, receivers):
    return {(p, r) for r, p in enumerate(run(proposers, receivers))}
