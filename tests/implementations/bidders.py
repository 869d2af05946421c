"""An auction house that knows its bidders by name: dicts in, dicts out."""


def run_auction(bids):
    """bids: {name: amount}. Returns {"winner": name, "price": amount}."""
    if not bids:
        return {"winner": None, "price": 0}
    ranking = sorted(bids.items(), key=lambda item: item[1], reverse=True)
    winner, _ = ranking[0]
    price = ranking[1][1] if len(ranking) > 1 else 0
    return {"winner": winner, "price": price}


def run_auction_with_reserve(bids, reserve=10):
    qualified = {name: amount for name, amount in bids.items() if amount >= reserve}
    if not qualified:
        return {"winner": None, "price": 0}
    winner = max(qualified, key=qualified.get)
    others = [amount for name, amount in qualified.items() if name != winner]
    return {"winner": winner, "price": max([reserve, *others])}


def reserve_forgotten(bids, reserve=10):
    """The reserve decides who may win, and is forgotten when the price is set."""
    winner = max(bids, key=bids.get)
    if bids[winner] < reserve:
        return {"winner": None, "price": 0}
    others = sorted((amount for name, amount in bids.items() if name != winner), reverse=True)
    return {"winner": winner, "price": others[0] if others else 0}


def proxy_bidding(bids, increment=1):
    """As on an auction site: one step above the second bid, but not more than the winner's own."""
    ranking = sorted(bids, key=bids.get, reverse=True)
    winner = ranking[0]
    if len(ranking) == 1:
        return {"winner": winner, "price": 0}
    return {"winner": winner, "price": min(bids[winner], bids[ranking[1]] + increment)}


def all_pay(bids):
    """Everybody pays, the highest bid wins."""
    winner = max(bids, key=bids.get)
    return {"allocation": {n: int(n == winner) for n in bids}, "payments": dict(bids)}


def sealed_envelopes(bids):
    """The price is set for each bidder in a loop; the last one overwrites it for all."""
    winner = max(bids, key=bids.get)
    price = 0
    for name in bids:
        if name != winner:
            price = bids[name]
    return {"winner": winner, "price": price}
