"""The forms in which bids are handed over: a list, a dict by id, an array, arguments, records, ...

Every form comes with the ids by which a result may name the agents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from types import SimpleNamespace
from typing import Any

from mechanism.targets.kinds import Kind

MANY_ROWS, ONE_ROW = (
    "rows",
    "one row",
)  # profiles as rows: many at a time; one, since rows change each other
PLAIN = ("list", "tuple", "array", MANY_ROWS)  # forms of bids without any id
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
    "bid-first numbered pairs": (False, lambda ids, bids: list(zip(bids, ids))),
    "records": (True, lambda ids, bids: [record(*p) for p in zip(ids, bids)]),
    "objects": (True, lambda ids, bids: [SimpleNamespace(**record(*p)) for p in zip(ids, bids)]),
    "named list": (True, lambda ids, bids: bids),
    "series": (True, _series),
    "frame": (True, _frame),
    MANY_ROWS: (False, lambda ids, bids: _array(ids, [bids])),
    ONE_ROW: (False, lambda ids, bids: _array(ids, [bids])),
}
TOLD = {
    "list": "as a list", "tuple": "as a tuple", "array": "as a numpy array", "dict": "as a dict by id",
    "numbered dict": "as a dict by number", "pairs": "as a list of (id, bid)",
    "numbered pairs": "as a list of (number, bid)", "bid-first pairs": "as a list of (bid, id)",
    "bid-first numbered pairs": "as a list of (bid, number)",
    "records": "as a list of dicts", "objects": "as a list of objects", "named list": "as a list beside the ids",
    "series": "as a pandas Series", "frame": "as a pandas frame",
    MANY_ROWS: "as rows of a numpy array", ONE_ROW: "as the only row of a numpy array",
    "arguments": "as arguments",
    "named arguments": "as arguments", "*": "as arguments", "**": "as keyword arguments",
}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What agents and goods are called in a form.

    Parameters
    ----------
    agents : list
    goods : list
        Of goods, or of the outcomes of a public decision.
    split : int or None
        Of two sides, how many agents are on the first.
    """

    agents: list[Any]
    goods: list[Any]
    split: int | None = None


def named(style: str) -> bool:
    """Whether agents have names in a form."""
    own = style.partition("/")[0]
    return own == "**" or (own in FORMS and FORMS[own][0])


def names_of(style: str, kind: Kind, n: int, split: int | None = None) -> Names:
    """What agents and goods are called in a form.

    Parameters
    ----------
    style : str
        The form of the bids, and after ``/`` that of one agent's row.
    n, split : int
        How many agents there are; of two sides, how many on the first.
    """
    goods = list(kind.names) if kind.names else list(range(kind.count))
    if kind.id in ("assignment", "combinatorial") and style.endswith("letters"):
        goods = list(kind.names) if kind.names else letters(kind.count)
    if split is None:
        return Names(letters(n) if named(style) else list(range(n)), goods)
    if named(style):
        return Names([*letters(split), *letters(n - split, "N")], goods, split)
    return Names([*range(split), *range(n - split)], goods, split)


def handed(value: Any, numbers: str) -> Any:
    """A number as it is handed over; anything that is not exact goes as it is."""
    if isinstance(value, (list, tuple)):
        return [handed(v, numbers) for v in value]
    if not isinstance(value, Fraction):
        return value
    if numbers == "float":
        return float(value)
    return int(value) if numbers == "int" and value.denominator == 1 else value


def formed(style: str, bids: Sequence[Any], ids: list[Any], goods: list[Any]) -> Any:
    """The bids in a form."""
    own, _, row = style.partition("/")
    rows = [ROWS[row](goods, bid) for bid in bids] if row else list(bids)
    return FORMS[own][1](ids, rows)


# --- one agent's row ---------------------------------------------------------------------------


def _bundles(goods: list[Any], row: list[Any]) -> list[tuple[tuple[Any, ...], Any]]:
    every = [c for r in range(1, len(goods) + 1) for c in combinations(goods, r)]
    return list(zip(every, row))


ROWS: dict[str, Callable[[list[Any], list[Any]], Any]] = {
    "list": lambda goods, row: row,
    "dict": lambda goods, row: dict(zip(goods, row)),
    "dict, letters": lambda goods, row: dict(zip(goods, row)),
    "frozensets": lambda goods, row: {frozenset(t): v for t, v in _bundles(goods, row)},
    "tuples": lambda goods, row: dict(_bundles(goods, row)),
    "offers": lambda goods, row: [(set(t), v) for t, v in _bundles(goods, row)],
    "texts, letters": lambda goods, row: {"".join(t): v for t, v in _bundles(goods, row)},
    "all bundles": lambda goods, row: row,
}


def rows_of(kind: Kind) -> tuple[str, ...]:
    """The forms that one agent's row may have."""
    if kind.id == "combinatorial":
        return ("frozensets", "tuples", "offers", "texts, letters", "all bundles")
    if kind.names:
        return ("dict", "list")
    return ("list", "dict", "dict, letters") if kind.row else ()


def styles_of(kind: Kind) -> list[str]:
    """The forms that are tried, the usual first."""
    if kind.id == "matching":
        return ["list", "numbered dict", "dict"]
    rows = rows_of(kind)
    if rows:
        return [
            f"{style}/{row}" for row in rows for style in FORMS if style not in (MANY_ROWS, ONE_ROW)
        ]
    return [style for style in FORMS if style != ONE_ROW]
