"""SIGTERM, as whoever watches over jobs sends it, ends the program as Ctrl-C does: with what was found."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

INTERRUPTED, TERMINATED = 130, 143


class Terminated(KeyboardInterrupt):
    """SIGTERM has arrived."""


@contextmanager
def terminable() -> Iterator[None]:
    """Raise `Terminated` where SIGTERM arrives."""
    if threading.current_thread() is not threading.main_thread():  # no other may handle signals
        yield
        return
    before = signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        # None: whatever handled it was not Python's.
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


def exit_code(end: BaseException) -> int:
    """What the program exits with."""
    return TERMINATED if isinstance(end, Terminated) else INTERRUPTED


def _raise(*_: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # `timeout` sends it twice; saving goes on
    raise Terminated


def _die_again() -> None:
    """Of the processes of an audit, only the first has something to save."""
    if signal.getsignal(signal.SIGTERM) is _raise:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_die_again)
