"""How foreign code behaves, beside what it computes: crashes, changed inputs, answers that vary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from mechanism.targets.answer import REFUSED, UNASKED, Answer, differ
from mechanism.targets.session import Session

CRASHES, MUTATES = "crashes", "mutates"
VARIES, REMEMBERS, RANDOMISED, HASHES = "varies", "remembers", "randomised", "hashes"
ACROSS = (VARIES, REMEMBERS, RANDOMISED, HASHES)  # what shows only between calls, or processes
SEEDS = (1, 2, 3)
COUNTED, MANY = 12, 512  # calls in a row, for code that counts them; where they are affordable
LOOKED, SHOWN = 2.0, 10.0  # seconds that so many may take, to see something and to tell it for sure


def _crashed(answer: Answer) -> bool:
    """No outcome, and not because the code refuses such reports by an error of its own, or was not asked."""
    return answer.outcome is None and answer.trouble not in (REFUSED, UNASKED)


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
    if what == REMEMBERS:
        return any(differ(once, other) for other in _later(session, reports))
    return any(differ(once, answers[0]) for answers in _elsewhere(session, what, [reports]))


def _later(session: Session, reports: tuple) -> Iterator[Answer]:
    """The answers to the same reports after other calls, the few ones first."""
    for before in histories(reports):
        yield session.first([*before, reports])[-1]
    yield from session.first([reports] * COUNTED)
    if session.affordable(SHOWN) >= MANY:
        yield from session.first([reports] * MANY)


def suspects(session: Session, what: str, requests: list[tuple]) -> list[int]:
    """On which reports a few processes that are asked for all of them disagree; `observe` tells for sure."""
    if what == VARIES:
        twice = session.first([r for r in requests for _ in (0, 1)])
        pairs = list(zip(twice[::2], twice[1::2]))
    elif what == REMEMBERS:
        other = session.first(requests[::-1])[::-1]
        rounds = MANY // len(requests) if session.affordable(LOOKED) >= MANY else 1
        answers = session.first(requests * max(rounds, 1))
        once = answers[: len(requests)]
        pairs = list(zip(once * max(rounds, 1), answers)) + list(zip(once, other))
    else:
        once = session.first(requests)
        pairs = [pair for other in _elsewhere(session, what, requests) for pair in zip(once, other)]
    count = len(requests)
    return sorted({n % count for n, (one, other) in enumerate(pairs) if differ(one, other)})


def _elsewhere(session: Session, what: str, requests: list[tuple]) -> Iterator[list[Answer]]:
    """The answers under other seeds, each from a process of its own."""
    for seed in SEEDS:
        if what == RANDOMISED:
            yield session.first(requests, seed=seed)
        else:
            yield session.first(requests, hash_seed=str(seed))


def histories(reports: tuple) -> list[list[tuple]]:
    """Calls to make first: nothing but zeros; the same reports turned round, and much higher ones."""
    low, high = _each(reports, lambda r: Fraction(0)), _each(reports, lambda r: r + 100)
    turned = reports if isinstance(reports[0], tuple) else reports[::-1]
    return [[low], [turned, high, turned]]


def _each(reports: Any, change: Callable[[Fraction], Fraction]) -> Any:
    if isinstance(reports, tuple):
        return tuple(_each(r, change) for r in reports)
    return change(reports)
