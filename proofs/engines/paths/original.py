"""The function itself, on numbers: what it returns or raises, and whether that is what a leaf says."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction
from typing import Any

from mechanism.outcome import Outcome
from proofs.engines.paths.leaves import Crash

TOLERANCE = 1e-6  # relative; a wrong leaf is wrong by much more than doubles round
ROUNDED = 0.51  # where decimals were rounded: half a unit of a whole number, at most


def spelled(point: Mapping[int, Any]) -> Iterator[list[Any]]:
    """A profile in fractions, in doubles and, where it is whole, in ints."""
    values = list(point.values())
    yield [Fraction(v) for v in values]
    yield [float(v) for v in values]
    if all(Fraction(v).denominator == 1 for v in values):
        yield [int(v) for v in values]


def run_original(call: Callable, reports: list[Any]) -> Outcome | BaseException:
    """The outcome, or the exception."""
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return call(reports)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - it is compared with what a leaf says
        return error


def agrees(
    answers: list[Outcome | BaseException],
    expected: Outcome | None,
    crash: Crash | None,
    loose: bool,
) -> bool:
    """Whether the function does what the leaf says: in some kind of number, and otherwise in none.

    Code that cannot compute with fractions, say, may raise on them; it may not return something else.
    """
    returned = [a for a in answers if not isinstance(a, BaseException)]
    if expected is None:
        kinds = {type(a).__name__ for a in answers}
        return not returned and crash is not None and crash.kind in kinds
    tolerance = ROUNDED if loose else TOLERANCE
    return bool(returned) and all(
        _close(a.allocation, expected.allocation, TOLERANCE)
        and _close(a.payments, expected.payments, tolerance)
        for a in returned
    )


def _close(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, (list, tuple)) or isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(_close(a, b, tolerance) for a, b in zip(one, other))
    return abs(float(one) - float(other)) <= tolerance * max(1.0, abs(float(other)))
