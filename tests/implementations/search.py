"""Sponsored search: slots with click rates; allocation[i] is the slot of bidder i, or None."""


def gsp(bids, ctr=(1, 0.5)):
    """Each slot at the next bid, for each click."""
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    slots, payments = [None] * len(bids), [0] * len(bids)
    for slot, bidder in enumerate(order[: len(ctr)]):
        following = bids[order[slot + 1]] if slot + 1 < len(order) else 0
        slots[bidder] = slot
        payments[bidder] = following * ctr[slot]
    return slots, payments


def vcg(bids, ctr=(1, 0.5)):
    """Each slot at what its holder costs the ones below."""
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    rates = [*ctr, 0]
    slots, payments = [None] * len(bids), [0] * len(bids)
    for slot, bidder in enumerate(order[: len(ctr)]):
        slots[bidder] = slot
        for lower in range(slot, len(ctr)):
            if lower + 1 < len(order):
                displaced = bids[order[lower + 1]]
                payments[bidder] += displaced * (rates[lower] - rates[lower + 1])
    return slots, payments


def vcg_own_bid(bids, ctr=(1, 0.5)):
    """The loop starts one too early, so that what is added up is the holder's own bid."""
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    rates = [*ctr, 0]
    slots, payments = [None] * len(bids), [0] * len(bids)
    for slot, bidder in enumerate(order[: len(ctr)]):
        slots[bidder] = slot
        for lower in range(slot, len(ctr)):
            if lower < len(order):
                payments[bidder] += bids[order[lower]] * (rates[lower] - rates[lower + 1])
    return slots, payments
