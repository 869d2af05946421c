"""Double auctions: bids and asks in, who trades and at which prices out."""


def mcafee(bids, asks):
    """McAfee (1992). Returns (buyers, sellers, price to pay, price to get)."""
    b = sorted(range(len(bids)), key=lambda i: -bids[i])
    s = sorted(range(len(asks)), key=lambda j: asks[j])
    k = 0
    while k < min(len(b), len(s)) and bids[b[k]] >= asks[s[k]]:
        k += 1
    if k == 0:
        return [], [], 0, 0
    if k < len(b) and k < len(s):
        price = (bids[b[k]] + asks[s[k]]) / 2
        if asks[s[k - 1]] <= price <= bids[b[k - 1]]:
            return b[:k], s[:k], price, price
    return b[: k - 1], s[: k - 1], bids[b[k - 1]], asks[s[k - 1]]


def trade_reduction(bids, asks):
    """Drops the last profitable pair, whose bid and ask are the prices."""
    b = sorted(range(len(bids)), key=lambda i: -bids[i])
    s = sorted(range(len(asks)), key=lambda j: asks[j])
    k = sum(bids[i] >= asks[j] for i, j in zip(b, s, strict=False))
    if k == 0:
        return [], [], 0, 0
    return b[: k - 1], s[: k - 1], bids[b[k - 1]], asks[s[k - 1]]


def midpoint(bids, asks):
    """All profitable pairs trade at the middle of the last one."""
    b = sorted(range(len(bids)), key=lambda i: -bids[i])
    s = sorted(range(len(asks)), key=lambda j: asks[j])
    k = sum(bids[i] >= asks[j] for i, j in zip(b, s, strict=False))
    if k == 0:
        return [], [], 0, 0
    price = (bids[b[k - 1]] + asks[s[k - 1]]) / 2
    return b[:k], s[:k], price, price


def never_reduces(bids, asks):
    """McAfee's rule without its second case: the next pair's middle whatever it is, else the last one's."""
    b = sorted(range(len(bids)), key=lambda i: -bids[i])
    s = sorted(range(len(asks)), key=lambda j: asks[j])
    k = sum(bids[i] >= asks[j] for i, j in zip(b, s, strict=False))
    if k == 0:
        return [], [], 0, 0
    n = min(k, len(b) - 1, len(s) - 1)
    price = (bids[b[n]] + asks[s[n]]) / 2
    return b[:k], s[:k], price, price
