"""How foreign code behaves, beside what it computes: crashes, changed inputs, answers that vary."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from mechanism.targets.answer import REFUSED, Answer
from mechanism.targets.session import Session

CRASHES, MUTATES = "crashes", "mutates"
VARIES, REMEMBERS, RANDOMISED, HASHES = "varies", "remembers", "randomised", "hashes"
SEEDS = (1, 2, 3)


def _crashed(answer: Answer) -> bool:
    """No outcome, and not because the code refuses such reports by an error of its own."""
    return answer.outcome is None and answer.trouble != REFUSED


# What a single call shows.
SEEN: dict[str, Callable[[Answer], bool]] = {
    CRASHES: _crashed,
    MUTATES: lambda answer: answer.mutated,
}


def observe(session: Session, what: str, reports: tuple) -> bool:
    """Whether the code does something on some reports.

    Parameters
    ----------
    session : Session
    what : str
        ``crashes``; ``mutates`` its arguments; ``varies`` between two calls in a row; ``remembers`` earlier
        calls; is ``randomised`` by the global random state; ``hashes``: depends on PYTHONHASHSEED.
    """
    if what in SEEN:
        return SEEN[what](session.answers([reports])[0])
    once, again = session.first([reports, reports])
    if what == VARIES or differ(once, again):
        return what == VARIES and differ(once, again)
    if what == RANDOMISED:
        others = [a for seed in SEEDS for a in session.fresh([reports], seed)]
    elif what == REMEMBERS:
        others = session.first([*earlier(reports), reports])[-1:]
    else:
        others = [a for seed in SEEDS for a in session.first([reports], hash_seed=str(seed))]
    return any(differ(once, other) for other in others)


def differ(one: Answer, other: Answer) -> bool:
    """Whether two calls came to different ends; the words of an error do not count."""
    return (one.outcome, one.trouble) != (other.outcome, other.trouble)


def earlier(reports: tuple) -> list[tuple]:
    """Calls to make first: the same reports turned round, and much higher ones."""
    if reports and isinstance(reports[0], tuple):
        return [reports[::-1]] if len(set(map(len, reports))) == 1 else [reports]
    return [reports[::-1], tuple(r + Fraction(100) for r in reports), reports[::-1]]
