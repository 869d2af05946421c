"""One call of foreign code in this process, within its time: what it came to, and whether it changed its arguments."""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mechanism.targets.answer import RAISED, REFUSED, UNREAD, Answer, late, words
from mechanism.targets.apart import Late
from mechanism.targets.batches import single
from mechanism.targets.callee import Callee
from mechanism.targets.clock import Clock, ringing
from mechanism.targets.program import STARTING, Program, Refusal
from mechanism.targets.reader import Reader, Unreadable
from mechanism.targets.values import shown

FLOOD = 1_000_000  # characters printed by a call that is told to print without end
_FLOODED = f"more than {FLOOD:,} characters printed"
_ATOMS = (int, float, str, bool, Fraction, type(None))


def within(callee: Callee, function: Any, args: Any, keywords: Any) -> Any:
    """Call the code; raise `Late` in it when its time is up. What ignores that is killed from outside."""
    seconds, program = callee.target.seconds, callee.function
    helper: Callable[[], int | None] = lambda: None  # noqa: E731
    if isinstance(program, Program):
        helper = program.pid
        seconds *= 1 if program.answers else STARTING

    def ring() -> None:
        raise Late

    with ringing(seconds, Clock(helper=helper), ring):
        return function(*args, **keywords)


def answer(callee: Callee, reports: tuple, seed: int | None = None) -> Answer:
    """Call once."""
    if seed is not None:
        callee.reseed(seed)
    args, keywords, names = callee.prepared(reports)
    before, printed = _copied((args, keywords)), _printed()
    try:
        result = within(callee, callee.function, args, keywords)
        result = single(callee.target.reading.style, result)  # type: ignore[union-attr]
    except Late:
        many = _printed() - printed > FLOOD
        return late(callee.target.seconds, f", with {_FLOODED}" if many else "")
    except BaseException as error:  # noqa: BLE001  (the finding)
        trouble = REFUSED if deliberate(error, callee) else RAISED
        return Answer(
            None, trouble, f"{words(error, callee.target.megabytes)}{_line(error, callee)}"[:500]
        )
    mutated = before is not None and not _same(before, (args, keywords))
    try:
        outcome = Reader(callee.target.kind, names).read(result, callee.target.reading.result)  # type: ignore[union-attr]
    except (Unreadable, ValueError, TypeError, ArithmeticError) as error:
        return Answer(
            None, UNREAD, f"the result {shown(result)} is not read: {error}"[:500], mutated
        )
    return Answer(outcome, mutated=mutated)


def _printed() -> int:
    """How much the code has printed so far, where that is counted."""
    return getattr(sys.stdout, "count", 0)


def _copied(value: Any) -> Any:
    """A deep copy; plain lists of numbers are most of what is copied, and quick."""
    if type(value) in _ATOMS:
        return value
    if type(value) in (list, tuple):
        return type(value)(map(_copied, value))
    if type(value) is dict:
        return {k: _copied(v) for k, v in value.items()}
    try:
        return copy.deepcopy(value)
    except Exception:  # noqa: BLE001  (what cannot be copied cannot be compared)
        return None


def _same(one: Any, other: Any) -> bool:
    if hasattr(one, "equals"):
        return bool(one.equals(other))
    if hasattr(one, "dtype"):
        return one.shape == other.shape and one.dtype == other.dtype and bool((one == other).all())
    if isinstance(one, dict):
        return list(one) == list(other) and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def _frames(error: BaseException, callee: Callee) -> list[Any]:
    """The frames of an error that lie in the audited code, the outermost first."""
    own = set(callee.sources) | {getattr(callee.module, "__file__", "")}
    found, trace = [], error.__traceback__
    while trace is not None:
        if (
            trace.tb_frame.f_code.co_filename in own
            or os.path.realpath(trace.tb_frame.f_code.co_filename) in own
        ):
            found.append(trace)
        trace = trace.tb_next
    return found


def _line(error: BaseException, callee: Callee) -> str:
    frames = _frames(error, callee)
    if not frames:
        return ""
    return f" ({os.path.basename(frames[-1].tb_frame.f_code.co_filename)}, line {frames[-1].tb_lineno})"


def deliberate(error: BaseException, callee: Callee) -> bool:
    """Whether the code itself refused: the error comes from a ``raise`` or ``assert`` of its own."""
    if isinstance(error, Refusal):
        return True
    frames = _frames(error, callee)
    if not frames or not isinstance(error, Exception) or frames[-1].tb_next is not None:
        return False
    import linecache

    line = linecache.getline(frames[-1].tb_frame.f_code.co_filename, frames[-1].tb_lineno).strip()
    return line.startswith(("raise", "assert")) or " raise " in f" {line} " or ": raise" in line
