"""What one call of foreign code came to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mechanism.outcome import Outcome

RAISED, REFUSED, UNREAD, LATE, DIED = "raised", "refused", "unread", "late", "died"
UNASKED = "unasked"


@dataclass(frozen=True)
class Answer:
    """One answer.

    Parameters
    ----------
    outcome : Outcome or None
        With Fractions and floats as they came; None where there is none.
    trouble : str
        Why there is none: the code ``raised`` an error, ``refused`` the reports by a ``raise`` of its own, returned
        what is ``unread``, did not answer in time (``late``), or took its process down (``died``);
        or it was not asked (``unasked``), since none of many such reports had an answer.
    told : str
        The trouble in words, with the line.
    mutated : bool
        The arguments were not what they had been before the call.
    """

    outcome: Outcome | None = None
    trouble: str = ""
    told: str = ""
    mutated: bool = False


def died(how: str) -> Answer:
    """A call took its process down."""
    return Answer(None, DIED, f"the call ended its process ({how})")


def late(seconds: float, meanwhile: str = "") -> Answer:
    """A call did not answer in time."""
    return Answer(None, LATE, f"no answer within {seconds:g} s{meanwhile}")


def words(error: BaseException, megabytes: int) -> str:
    """An error in words; one about memory has none of its own."""
    text = str(error)
    if isinstance(error, MemoryError) and not text:
        text = f"more than the {megabytes} MB that it may take, see --memory"
    kind = type(error).__name__
    return f"{kind}: {text}" if text else kind


def differ(one: Answer, other: Answer) -> bool:
    """Whether two calls came to different ends; the words of an error do not count."""
    return (one.outcome, one.trouble) != (other.outcome, other.trouble)


def light(value: Any) -> Any:
    """The same with whole numbers as integers, which travel between processes much faster than Fractions."""
    if isinstance(value, tuple):
        return tuple(map(light, value))
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def exactly(value: Any) -> Any:
    """The same with integers as Fractions."""
    if isinstance(value, tuple):
        return tuple(map(exactly, value))
    return Fraction(value) if type(value) is int else value
