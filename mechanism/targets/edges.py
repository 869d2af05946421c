"""What foreign code does on the edge of its domain, and beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from mechanism.targets.answer import REFUSED, Answer
from mechanism.targets.constants import given
from mechanism.targets.target import Target


def told(answer: Answer) -> str:
    """What an answer is, in words."""
    if answer.outcome is not None:
        return "an outcome"
    return f"refused, {answer.told}" if answer.trouble == REFUSED else answer.told


def cases(target: Target, fixed: int | None) -> Iterator[tuple[str, tuple]]:
    """Names and reports."""
    n = fixed or max(target.min_agents, 2)
    if fixed is None and not target.kind.sides[0]:
        yield "no bidders", ()
        yield "one bidder", _all(target, 1, Fraction(7))
    yield "ties", _all(target, n, Fraction(7))
    yield "zeros", _all(target, n, Fraction(0))
    for number in dict.fromkeys(given(target)):
        yield f"bids of {number}", _all(target, n, number)
    yield "very large", _all(target, n, Fraction(10**18))
    yield "fractions", _all(target, n, Fraction(1, 3))
    yield "negative", _all(target, n, Fraction(-3))


def _all(target: Target, n: int, bid: Fraction) -> tuple[Any, ...]:
    row: Any = (bid,) * target.kind.row if target.kind.row else bid
    return (row,) * n
