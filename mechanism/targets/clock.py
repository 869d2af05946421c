"""How long a call has taken by itself: a busy machine, on which it stands in line, is not its fault."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# What computes has its limit; what waits, for a lock or a sleep, has this many times as much, and more where
# the system does not tell how long a process stood in line.
WAITING = 2.0 if sys.platform == "linux" else 10.0
AGAIN = 0.05  # seconds at least until a call is looked at again


class Clock:
    """Started when made.

    Parameters
    ----------
    pid : int, optional
        Of the process that is timed, its first thread; this one by default.
    helper : callable, optional
        The process id of a program that this one waits for; None while there is none.
    """

    def __init__(
        self, pid: int | None = None, helper: Callable[[], int | None] = lambda: None
    ) -> None:
        self.pid, self.helper = pid, helper
        self.began = time.monotonic()
        self.before: dict[int | None, tuple[float, float]] = {}
        self._read()

    def _read(self) -> tuple[float, float]:
        """Seconds of computing, and of standing in line for a processor, since the start."""
        computed = waited = 0.0
        for pid in dict.fromkeys((self.pid, self.helper() or self.pid)):
            now = _spent(pid)
            old = self.before.setdefault(pid, now)
            computed, waited = computed + now[0] - old[0], waited + now[1] - old[1]
        return computed, waited

    def left(self, seconds: float) -> float:
        """How long a call that has so many seconds can go on at least; not positive when they are over."""
        computed, waited = self._read()
        own = time.monotonic() - self.began - waited
        return min(seconds - computed, WAITING * seconds - own)


def _spent(pid: int | None) -> tuple[float, float]:
    """Seconds of computing and of standing in line; 0 where the system does not tell."""
    try:
        text = Path(f"/proc/{pid or 'self'}/schedstat").read_text().split()
        computed, waited = int(text[0]) / 1e9, int(text[1]) / 1e9
    except (OSError, ValueError, IndexError):
        computed = waited = 0.0
    return (time.thread_time() if pid is None else computed), waited


@contextmanager
def ringing(seconds: float, clock: Clock, ring: Callable[[], None]) -> Iterator[None]:
    """Call `ring` in the code that runs when its seconds are over; only in the first thread, where there is SIGALRM."""
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def look(*_: Any) -> None:
        left = clock.left(seconds)
        if left <= 0:
            ring()
        signal.setitimer(signal.ITIMER_REAL, max(left, AGAIN))

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def awaited(
    poll: Callable[[float], Any], seconds: float, pid: int, until: float = float("inf")
) -> Any:
    """What a process sends: poll for it as long as the process has seconds left; falsy when they are over.

    Parameters
    ----------
    poll : callable
        Waits for so many seconds.
    seconds : float
    pid : int
    until : float
        Where `time.monotonic` is then, it is over in any case.
    """
    clock, left = Clock(pid), seconds
    while left > 0 and (rest := until - time.monotonic()) > 0:
        if found := poll(min(max(left, AGAIN), rest)):
            return found
        left = clock.left(seconds)
    return poll(0)


__all__ = ["Clock", "awaited", "ringing"]
