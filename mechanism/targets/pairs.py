"""Bids as pairs: which of the two is the bid is told by an annotation, else by what decides who wins."""

from __future__ import annotations

import re
from collections.abc import Sequence

ID_FIRST = ("pairs", "numbered pairs")
BID_FIRST = ("bid-first pairs", "bid-first numbered pairs")
PAIR = re.compile(r"tuple\[([^,\[\]]+),([^,\[\]]+)\]", re.I)
TEXT, AMOUNT = ("str",), ("float", "Fraction", "Decimal", "Number", "Real", "Money")


def excluded(annotations: Sequence[str]) -> tuple[str, ...]:
    """The forms that an annotation such as ``list[tuple[float, str]]`` rules out.

    Examples
    --------
    >>> excluded(["list[tuple[float, str]]"])
    ('pairs', 'numbered pairs')
    >>> excluded(["list[tuple[int, int]]"])
    ()
    """
    for text in annotations:
        if found := PAIR.search(text):
            first, second = map(_like_an_amount, found.groups())
            if first != second:
                return ID_FIRST if first > second else BID_FIRST
    return ()


def _like_an_amount(name: str) -> int:
    own = name.strip().rpartition(".")[2]
    return 0 if own in TEXT else 2 if own in AMOUNT else 1


def rivals(style: str) -> tuple[str, ...]:
    """The forms in which the bid stands in the other place, of a form with the id first."""
    own, slash, row = style.partition("/")
    return tuple(f"{s}{slash}{row}" for s in BID_FIRST) if own in ID_FIRST else ()
