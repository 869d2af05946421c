"""The forms in which bids are handed over: a list, a dict by id, an array, arguments, records, ...

Every form comes with the ids by which a result may name the agents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

# The usual names of the fields of a bid: a record has all of them, whichever the code reads.
WHO = (
    "id",
    "bidder",
    "name",
    "bidder_id",
    "agent",
    "user",
    "player",
    "buyer",
    "seller",
    "bidder_name",
)
SAYS = ("bid", "amount", "value", "price", "valuation", "bid_amount", "offer", "cost", "ask")


def letters(n: int, first: str = "A") -> list[str]:
    """Names in alphabetical order, so that ties by name fall as ties by place do."""
    return [chr(ord(first) + k) if k < 13 else f"{chr(ord(first) + 12)}{k:02}" for k in range(n)]


def record(who: Any, says: Any) -> dict[str, Any]:
    """One bid with every usual field."""
    return {**dict.fromkeys(WHO, who), **dict.fromkeys(SAYS, says)}


def _array(ids: list[Any], bids: list[Any]) -> Any:
    import numpy as np

    kinds = {type(b) for row in bids for b in (row if isinstance(row, list) else [row])}
    return np.array(bids, dtype=None if kinds <= {int} or kinds <= {float} else object)


def _series(ids: list[Any], bids: list[Any]) -> Any:
    import pandas as pd

    return pd.Series(bids, index=ids)


def _frame(ids: list[Any], bids: list[Any]) -> Any:
    import pandas as pd

    return pd.DataFrame([record(who, says) for who, says in zip(ids, bids)])


# The form, whether agents have names in it, and how it is made.
FORMS: dict[str, tuple[bool, Callable[[list[Any], list[Any]], Any]]] = {
    "list": (False, lambda ids, bids: bids),
    "tuple": (False, lambda ids, bids: tuple(bids)),
    "array": (False, _array),
    "dict": (True, lambda ids, bids: dict(zip(ids, bids))),
    "numbered dict": (False, lambda ids, bids: dict(zip(ids, bids))),
    "pairs": (True, lambda ids, bids: list(zip(ids, bids))),
    "numbered pairs": (False, lambda ids, bids: list(zip(ids, bids))),
    "bid-first pairs": (True, lambda ids, bids: list(zip(bids, ids))),
    "records": (True, lambda ids, bids: [record(*p) for p in zip(ids, bids)]),
    "objects": (True, lambda ids, bids: [SimpleNamespace(**record(*p)) for p in zip(ids, bids)]),
    "named list": (True, lambda ids, bids: bids),
    "series": (True, _series),
    "frame": (True, _frame),
}
TOLD = {
    "list": "as a list", "tuple": "as a tuple", "array": "as a numpy array", "dict": "as a dict by id",
    "numbered dict": "as a dict by number", "pairs": "as a list of (id, bid)",
    "numbered pairs": "as a list of (number, bid)", "bid-first pairs": "as a list of (bid, id)",
    "records": "as a list of dicts", "objects": "as a list of objects", "named list": "as a list beside the ids",
    "series": "as a pandas Series", "frame": "as a pandas frame",
    "*": "as arguments", "**": "as keyword arguments",
}  # fmt: skip


def ids_of(style: str, n: int, first: str = "A") -> list[Any]:
    """What the agents are called in a form."""
    named = style == "**" or (style in FORMS and FORMS[style][0])
    return letters(n, first) if named else list(range(n))


def handed(value: Any, numbers: str) -> Any:
    """A number as it is handed over; anything that is not exact goes as it is."""
    if isinstance(value, (list, tuple)):
        return [handed(v, numbers) for v in value]
    if not isinstance(value, Fraction):
        return value
    if numbers == "float":
        return float(value)
    return int(value) if numbers == "int" and value.denominator == 1 else value


def formed(style: str, bids: Sequence[Any], ids: list[Any]) -> Any:
    """The bids in a form."""
    return FORMS[style][1](ids, list(bids))
