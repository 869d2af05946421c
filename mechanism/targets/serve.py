"""The worker's side: import foreign code and call it, behind limits; answers go back through a pipe.

Run as ``python -m mechanism.targets.serve FD``, or in a forked child.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from mechanism.errors import StrategyproofError
from mechanism.outcome import Outcome
from mechanism.targets.answer import (
    Answer,
    died,
    exactly,
    late,
    light,
)
from mechanism.targets.apart import Ended, Late, apart, die_with_parent
from mechanism.targets.batches import batches, stacked
from mechanism.targets.callee import Callee
from mechanism.targets.calling import answer, within
from mechanism.targets.forms import MANY_ROWS
from mechanism.targets.place import folder_of
from mechanism.targets.program import Program
from mechanism.targets.reader import Reader
from mechanism.targets.target import Target

TOGETHER = 64  # answers in one message
HANGS = 3  # calls that may hang while the form is looked for
SILENT = 0.1  # seconds after which answers are sent, few as they may be
KEPT = 2000  # characters of what the code prints


class Printed(io.TextIOBase):
    """Keeps the beginning of what is printed, and counts the rest."""

    def __init__(self) -> None:
        self.text, self.count = "", 0

    def write(self, text: str) -> int:
        self.count += len(text)
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
    # Most processes are never asked this, and each has to start.
    from mechanism.targets.recognise import Unrecognised, recognise

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
    reading = target.reading
    many = (
        reading is not None
        and reading.style == MANY_ROWS
        and not (target.randomised or target.varies)
    )
    if many and not careful and len(requests) > 1:
        for batch in batches(requests):
            yield "answers", _together(callee, batch, seed)
        return
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


def _together(callee: Callee, requests: list[tuple], seed: int | None) -> list[Answer]:
    """The answers to profiles that are called together; one by one where that does not work."""
    if seed is not None:
        callee.reseed(seed)
    reading = callee.target.reading
    assert reading is not None
    call = lambda function, *args, **keywords: within(callee, function, args, keywords)  # noqa: E731
    exact = list(map(exactly, requests))
    try:
        results = stacked(callee, call, exact, reading.style, reading.numbers)
        names = callee.prepared(exact[0])[2]
        reader = Reader(callee.target.kind, names)
        found = [reader.read(result, reading.result) for result in results]
    except (Exception, SystemExit, Late):  # noqa: BLE001  (then it is seen which one it is)
        return [_light(callee, reports, seed) for reports in exact]
    return [Answer(Outcome(light(o.allocation), light(o.payments))) for o in found]


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


# --- limits ------------------------------------------------------------------------------------


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
