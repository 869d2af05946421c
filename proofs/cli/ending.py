"""Signals that end the program with what was found: Ctrl-C, SIGTERM (whoever watches over jobs sends it), and
SIGHUP, when the terminal is closed.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INTERRUPTED = 130
AT_ONCE = 1.0  # seconds in which a second signal is the same wish again; `timeout` sends it twice
HANDLED = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
TOLD = {130: "Interrupted.", 143: "Terminated.", 129: "Hung up."}


class Ended(KeyboardInterrupt):
    """A signal has arrived."""

    def __init__(self, number: int) -> None:
        self.code = 128 + number


class _Handler:
    """Raises `Ended` at the first signal, and again only when that was some time ago."""

    def __init__(self) -> None:
        self.last = float("-inf")

    def __call__(self, number: int, frame: Any) -> None:
        before, self.last = self.last, time.monotonic()
        if self.last - before > AT_ONCE:
            raise Ended(number)


@contextmanager
def terminable() -> Iterator[None]:
    """Raise `Ended` where one of the signals arrives that the program was not started to ignore."""
    if threading.current_thread() is not threading.main_thread():  # no other may handle signals
        yield
        return
    handler = _Handler()
    before = {n: signal.getsignal(n) for n in HANDLED if signal.getsignal(n) != signal.SIG_IGN}
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            # None: whatever handled it was not Python's.
            signal.signal(number, signal.SIG_DFL if old is None else old)


def exit_code(end: BaseException) -> int:
    """What the program exits with."""
    return end.code if isinstance(end, Ended) else INTERRUPTED


def _as_usual() -> None:
    """Of the processes of an audit, only the first has something to save."""
    for number in HANDLED:
        if isinstance(signal.getsignal(number), _Handler):
            usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, usual)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_as_usual)
