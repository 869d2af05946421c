"""Adapters to `schools`: a dict from numbers to numbers does not say which side it is by; pairs do."""

import schools


def deferred_acceptance(proposers, receivers):
    return list(schools.deferred_acceptance(proposers, receivers).items())


def immediate_acceptance(proposers, receivers):
    return list(schools.immediate_acceptance(proposers, receivers).items())


def serial_dictatorship(proposers, receivers):
    return list(schools.serial_dictatorship(proposers, receivers).items())
