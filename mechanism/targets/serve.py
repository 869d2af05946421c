"""The worker's side: import foreign code and call it, behind limits; answers go back through a pipe.

Run as ``python -m mechanism.targets.serve FD``, or in a forked child.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from mechanism.errors import StrategyproofError
from mechanism.outcome import Outcome
from mechanism.targets.answer import (
    RAISED,
    REFUSED,
    UNREAD,
    Answer,
    died,
    exactly,
    late,
    light,
)
from mechanism.targets.apart import Ended, Late, apart, die_with_parent
from mechanism.targets.callee import Callee
from mechanism.targets.clock import Clock, ringing
from mechanism.targets.place import folder_of
from mechanism.targets.program import STARTING, Program, Refusal
from mechanism.targets.reader import Reader, Unreadable
from mechanism.targets.recognise import Unrecognised, recognise
from mechanism.targets.target import Target

TOGETHER = 64  # answers in one message
HANGS = 3  # calls that may hang while the form is looked for
SILENT = 0.1  # seconds after which answers are sent, few as they may be
_ATOMS = (int, float, str, bool, Fraction, type(None))
KEPT = 2000  # characters of what the code prints


class Printed(io.TextIOBase):
    """Keeps the beginning of what is printed."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        if len(self.text) < KEPT:
            self.text += text[:KEPT]
        return len(text)


def serve(pipe: Connection, target: Target) -> None:
    """Answer requests until the pipe is closed.

    A request is ``(verb, ...)``; see `VERBS`. The first message back says whether the code was found.
    """
    _limit(target.megabytes)
    place = target.place.rpartition(":")[0]
    if place and not target.place.startswith("exec:"):
        sys.path.insert(0, str(folder_of(place)))
    try:
        with _captured():
            callee = Callee(target)
        pipe.send(("ready", None))
    except BaseException as error:  # noqa: BLE001  (handed to the parent, which tells the user)
        pipe.send(("failed", _told(error)))
        return
    while True:
        try:
            verb, *rest = pipe.recv()
        except (EOFError, OSError):
            return
        with _captured():
            for message in VERBS[verb](callee, *rest):
                pipe.send(message)


def _told(error: BaseException) -> str:
    return (
        str(error) if isinstance(error, StrategyproofError) else f"{type(error).__name__}: {error}"
    )


# --- requests ----------------------------------------------------------------------------------


def _recognised(callee: Callee, careful: bool) -> Iterator[tuple[str, Any]]:
    hangs = 0

    def call(function: Any, *args: Any, **keywords: Any) -> Any:
        nonlocal hangs
        try:
            if careful:
                apart(partial(_tried, callee, function, args, keywords), callee.target.seconds)
            return within(callee, function, args, keywords)
        except Late:
            hangs += 1
            if hangs > HANGS or isinstance(function, Program):
                raise
            raise TimeoutError(f"no answer within {callee.target.seconds:g} s") from None

    try:
        yield "reading", (recognise(callee, call), callee.agents)
    except (Unrecognised, StrategyproofError) as error:
        yield "failed", str(error)
    except Late:
        yield (
            "failed",
            f"no answer within {callee.target.seconds:g} s, so that its form is not known",
        )


def _tried(callee: Callee, function: Any, args: Any, keywords: Any) -> None:
    """Only to see whether it ends the process."""
    with contextlib.suppress(Exception, SystemExit):
        within(callee, function, args, keywords)


def _calls(
    callee: Callee, target: Target, requests: list[tuple], seed: int | None, careful: bool
) -> Iterator[tuple[str, Any]]:
    """The answers, in order, some in one message; `seed` None leaves the random state alone.

    With `careful`, each call is made in a child of this process and its answer sent at once, so that what
    ends its process is told from what does not.
    """
    callee.target = target
    made: list[Answer] = []
    since = time.monotonic()
    for reports in requests:
        asked = partial(_light, callee, exactly(reports), seed)
        if careful and not isinstance(callee.function, Program):
            made.append(_apart(asked, target.seconds))
        else:
            made.append(asked())
        if careful or len(made) >= TOGETHER or time.monotonic() - since > SILENT:
            yield "answers", made
            made, since = [], time.monotonic()
    if made:
        yield "answers", made


def _apart(asked: Callable[[], Answer], seconds: float) -> Answer:
    try:
        return apart(asked, seconds)
    except Ended as error:
        return died(str(error))
    except Late:
        return late(seconds)


def _light(callee: Callee, reports: tuple, seed: int | None) -> Answer:
    found = answer(callee, reports, seed)
    if found.outcome is None:
        return found
    return replace(
        found, outcome=Outcome(light(found.outcome.allocation), light(found.outcome.payments))
    )


VERBS: dict[str, Callable[..., Iterator[tuple[str, Any]]]] = {
    "recognise": _recognised,
    "calls": _calls,
}


def answer(callee: Callee, reports: tuple, seed: int | None = None) -> Answer:
    """Call once."""
    if seed is not None:
        callee.reseed(seed)
    args, keywords, names = callee.prepared(reports)
    before = _copied((args, keywords))
    try:
        result = within(callee, callee.function, args, keywords)
    except Late:
        return late(callee.target.seconds)
    except BaseException as error:  # noqa: BLE001  (the finding)
        trouble = REFUSED if _deliberate(error, callee) else RAISED
        return Answer(None, trouble, f"{type(error).__name__}: {error}{_line(error, callee)}"[:500])
    mutated = before is not None and not _same(before, (args, keywords))
    try:
        outcome = Reader(callee.target.kind, names).read(result, callee.target.reading.result)  # type: ignore[union-attr]
    except (Unreadable, ValueError, TypeError, ArithmeticError) as error:
        return Answer(
            None, UNREAD, f"the result {_short(result)} is not read: {error}"[:500], mutated
        )
    return Answer(outcome, mutated=mutated)


def _short(value: Any) -> str:
    try:
        return repr(value)[:200]
    except Exception as error:  # noqa: BLE001  (somebody else's __repr__)
        return f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"


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


def _deliberate(error: BaseException, callee: Callee) -> bool:
    """Whether the code itself refused: the error comes from a ``raise`` or ``assert`` of its own."""
    if isinstance(error, Refusal):
        return True
    frames = _frames(error, callee)
    if not frames or not isinstance(error, Exception) or frames[-1].tb_next is not None:
        return False
    import linecache

    line = linecache.getline(frames[-1].tb_frame.f_code.co_filename, frames[-1].tb_lineno).strip()
    return line.startswith(("raise", "assert")) or " raise " in f" {line} " or ": raise" in line


# --- limits ------------------------------------------------------------------------------------


def within(callee: Callee, function: Any, args: Any, keywords: Any) -> Any:
    """Call the code; raise `Late` in it when its time is up. What ignores that is killed from outside."""
    seconds, program = callee.target.seconds, callee.function
    helper: Callable[[], int | None] = lambda: None  # noqa: E731
    if isinstance(program, Program):
        helper = program.pid
        seconds *= STARTING if program.silent else 1

    def ring() -> None:
        raise Late

    with ringing(seconds, Clock(helper=helper), ring):
        return function(*args, **keywords)


@contextlib.contextmanager
def _captured() -> Iterator[Printed]:
    printed = Printed()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        yield printed


def _limit(megabytes: int) -> None:
    """No more memory than that, no core files, and no life after the parent's."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        resource.setrlimit(kind, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    die_with_parent()


def detach() -> None:
    """Away from the terminal: nothing comes in, nothing goes out."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def main() -> None:
    """The worker of one target."""
    from mechanism.targets.target import target_of

    pipe = Connection(int(sys.argv[1]))
    serve(pipe, target_of(pipe.recv()))


if __name__ == "__main__":
    main()
