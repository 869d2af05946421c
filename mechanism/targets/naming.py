"""The names under which the parts of a result are usually found."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Names of prices that are paid for each click.
PER_CLICK = ("price_per_click", "prices_per_click", "ppc", "cpc", "cost_per_click", "pay_per_click", "per_click",
             "cpcs")  # fmt: skip
# Words in names of what is paid in all.
IN_ALL = ("pay", "paid", "total", "charge")
# The usual names, the most telling first.
NAMES: dict[str, tuple[str, ...]] = {
    "who": (
        "winner", "winner_id", "winner_index", "winner_idx", "winning_bidder", "winner_name", "highest_bidder",
        "sold_to", "buyer", "assigned_to", "bidder", "who", "idx", "index",
        "winners", "winner_ids", "winning_bidders", "winning_ids", "selected", "accepted",
        "allocation", "allocations", "alloc", "assignment", "assignments", "quantities", "quantity", "qty", "x", "won",
        "wins", "is_winner", "allocated", "slots", "ranking", "positions", "slot", "position",
        "item", "items", "goods", "good", "bundle", "bundles", "decision", "outcome", "choice", "chosen",
    ),
    "money": (
        "price", "payment", "clearing_price", "winning_price", "sale_price", "final_price", "price_paid",
        "amount", "amount_paid", "cost", "paid", "pays", "pay", "to_pay", "charge", "fee", "second_price", "p",
        "transfer", "payments", "prices", "charges", "transfers", "costs", "amounts", "taxes", "tax",
        *PER_CLICK,
    ),
    "sales": ("winners", "sales", "sold", "awards", "awarded"),
    "buyers": ("buyers", "winning_buyers", "buyer_winners", "buyer_ids", "matched_buyers", "buy", "buyer_allocation"),
    "sellers": ("sellers", "winning_sellers", "seller_winners", "seller_ids", "matched_sellers", "sell",
                "seller_allocation"),
    "trade price": ("price", "clearing_price", "trade_price", "market_price", "p"),
    "buyers pay": ("buyer_price", "buy_price", "price_buyers", "buyers_price", "bid_price", "buyer_payments",
                   "buyers_pay", "price_buy"),
    "sellers get": ("seller_price", "sell_price", "price_sellers", "sellers_price", "ask_price", "seller_payments",
                    "sellers_receive", "seller_revenue", "price_sell"),
    "trades": ("trades", "matches", "pairs", "transactions", "deals"),
    "traders": ("trades", "matches", "pairs", "matched", "matched_pairs"),
    "partner": ("matching", "matches", "match", "assignment", "pairs", "result", "allocation"),
}  # fmt: skip

_MONEY = frozenset((
    "price", "prices", "payment", "payments", "pay", "pays", "paid", "due", "owed", "charge", "charged",
    "charges", "fee", "fees", "cost", "costs", "amount", "amounts", "transfer", "transfers", "tax", "taxes",
))  # fmt: skip
_WINS = frozenset((
    "winner", "winners", "winning", "supplier", "suppliers", "contractor", "contractors", "vendor", "vendors",
    "provider", "providers", "recipient", "recipients", "awardee", "awardees", "awarded", "successful",
    "holder", "holders", "purchaser",
))  # fmt: skip
_GOT = frozenset((
    "gets", "receives", "received", "revenue", "income", "proceeds",
))  # fmt: skip
# Words that tell of something else: a bid, a limit, a total, a number of winners.
_OTHER = frozenset((
    "bid", "bids", "ask", "asks", "offer", "offers", "reserve", "start", "starting", "opening", "min", "max",
    "minimum", "maximum", "floor", "ceiling", "total", "sum", "avg", "average", "mean", "n", "num", "number",
    "count", "click", "clicks", "per", "expected", "welfare", "surplus", "utility", "utilities", "value",
    "values", "type", "status", "second", "runner", "losing", "loser", "losers", "rule", "base", "list",
    "listing", "original", "initial", "old", "previous", "last", "next", "current", "estimate", "estimated",
    "suggested", "limit", "target", "buyout", "asking",
))  # fmt: skip
_BUYER, _SELLER = frozenset(("buyer", "buyers")), frozenset(("seller", "sellers"))
# Of other names: of each set a word, and none of the last set.
WORDS: dict[str, tuple[tuple[frozenset[str], ...], frozenset[str]]] = {
    "who": ((_WINS,), _MONEY | _OTHER),
    "money": ((_MONEY,), _OTHER | _SELLER | frozenset(("auctioneer", "platform"))),
    "buyers": ((_BUYER,), _MONEY | _OTHER | _GOT),
    "sellers": ((_SELLER,), _MONEY | _OTHER | _GOT),
    "trade price": ((_MONEY,), _OTHER | _BUYER | _SELLER | _GOT),
    "buyers pay": ((_BUYER, _MONEY), _OTHER | _SELLER),
    "sellers get": ((_SELLER, _MONEY | _GOT), _OTHER | _BUYER),
}


def found(role: str, fields: Iterable[object]) -> list[str]:
    """The fields that are called like a part of a result: by one of the usual names, else by the words in it.

    Examples
    --------
    >>> found("money", ["winner", "amountDue", "reserve_price"])
    ['amountDue']
    >>> found("money", ["winning_bid", "base_price", "total_paid"])
    []
    """
    told = [f for f in fields if isinstance(f, str)]
    if usual := [name for name in NAMES[role] if name in told]:
        return usual
    if role not in WORDS:
        return []
    needed, barred = WORDS[role]
    return [
        name
        for name in told
        if (words := _words(name)).isdisjoint(barred) and not any(map(words.isdisjoint, needed))
    ]


def per_click(place: str) -> bool:
    """Whether a part is called like a price for each click."""
    return place.lstrip("*") in PER_CLICK


def in_all(place: str) -> bool:
    """Whether a part is called like what somebody pays in all."""
    return not per_click(place) and any(word in place.lower() for word in IN_ALL)


def _words(name: str) -> frozenset[str]:
    """The words of a name, in either spelling."""
    return frozenset(w.lower() for w in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name))
