"""VCG in a few lines each: goods to bidders, bundles to bidders, a public decision."""

from itertools import product


def best(values, bidders):
    """The best total and who gets which good, one each: values[i][g]."""
    found = (0, dict.fromkeys(bidders))
    goods = range(len(values[0]))
    for chosen in product([None, *goods], repeat=len(bidders)):
        given = [g for g in chosen if g is not None]
        if len(set(given)) == len(given):
            total = sum(values[i][g] for i, g in zip(bidders, chosen, strict=True) if g is not None)
            if total > found[0]:
                found = total, dict(zip(bidders, chosen, strict=True))
    return found


def assignment(values):
    """Returns (the good of each bidder or None, payments)."""
    everybody = range(len(values))
    total, chosen = best(values, list(everybody))
    payments = []
    for i in everybody:
        others = [j for j in everybody if j != i]
        without, _ = best(values, others)
        own = values[i][chosen[i]] if chosen[i] is not None else 0
        payments.append(without - (total - own))
    return [chosen[i] for i in everybody], payments


def assignment_pays_marginal(values):
    """Takes what a bidder adds to the total for what it costs the others."""
    everybody = range(len(values))
    total, chosen = best(values, list(everybody))
    payments = []
    for i in everybody:
        without, _ = best(values, [j for j in everybody if j != i])
        payments.append(total - without)
    return [chosen[i] for i in everybody], payments


def pivotal(values):
    """A public decision: values[i][k] for outcome k; returns (outcome, taxes)."""
    outcomes = range(len(values[0]))
    totals = [sum(v[k] for v in values) for k in outcomes]
    decision = totals.index(max(totals))
    taxes = []
    for i, own in enumerate(values):
        without = [sum(v[k] for j, v in enumerate(values) if j != i) for k in outcomes]
        taxes.append(max(without) - (totals[decision] - own[decision]))
    return decision, taxes


def majority_with_equal_shares(values, cost=2):
    """The project (outcome 1) if the reports cover its cost, which all share equally."""
    gains = [v[1] - v[0] for v in values]
    if sum(gains) >= cost:
        return 1, [cost / len(values)] * len(values)
    return 0, [0] * len(values)
