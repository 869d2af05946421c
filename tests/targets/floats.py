"""Second-price auctions in floats, with the rounding errors that come of it; the last one cheats."""

from decimal import Decimal


def decimals(bids):
    """The doubles that come in, to their last digit."""
    exact = [Decimal(b) for b in bids]
    winner = max(range(len(bids)), key=lambda i: exact[i])
    return winner, max((b for i, b in enumerate(exact) if i != winner), default=Decimal(0))


def rounded_share(bids):
    shares = [float(b) / (float(sum(bids)) or 1.0) for b in bids]
    winner = shares.index(max(shares))
    rest = [s for i, s in enumerate(shares) if i != winner]
    return winner, max(rest, default=0.0) * float(sum(bids))


def tenths(bids):
    scaled = [float(b) * 0.1 for b in bids]
    winner = scaled.index(max(scaled))
    return winner, max((s for i, s in enumerate(scaled) if i != winner), default=0.0) / 0.1


def thirds(bids):
    parts = [float(b) / 3 for b in bids]
    winner = max(range(len(bids)), key=lambda i: parts[i])
    second = max((p for i, p in enumerate(parts) if i != winner), default=0.0)
    return winner, second + second + second


def cheats(bids):
    winner, price = thirds(bids)
    return winner, price + 0.001
