"""A call in a child of this process: what ends the child, or never comes back, costs that call only."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Pipe
from typing import Any

from mechanism.targets.clock import awaited

PAUSE = 0.0005  # seconds between looks at a child that is ending
GRACE = 1.0  # what a call may take over its limit before it is killed


class Late(BaseException):
    """A call takes too long. Not an `Exception`, so that the code does not swallow it."""


class Ended(Exception):
    """A call ended its process; the message says how."""


def possible() -> bool:
    """Whether processes can be forked."""
    return hasattr(os, "fork")


def apart(call: Callable[[], Any], seconds: float) -> Any:
    """What a call returns, made in a child of this process.

    Parameters
    ----------
    call : callable
        Without arguments; what it returns is pickled.
    seconds : float
        The limit that it keeps itself; killed a little later.

    Raises
    ------
    Ended
        When the child ends before it has answered.
    Late
        When the call raised that, or was killed.
    """
    ours, theirs = Pipe(duplex=False)
    pid = os.fork()
    if not pid:
        try:
            die_with_parent()
            theirs.send((True, call()))
        except Late:
            theirs.send((False, None))
        finally:
            os._exit(0)
    theirs.close()
    told: tuple[bool, Any] | None = None
    with ours, contextlib.suppress(EOFError):
        told = ours.recv() if awaited(ours.poll, seconds + GRACE, pid) else (False, None)
    code = _over(pid, GRACE if told is None else 0)
    if told is None:
        raise Ended(ended(code))
    returned, value = told
    if not returned:
        raise Late
    return value


def _over(pid: int, seconds: float) -> int:
    """The exit code of a child, which is killed if it does not end in time."""
    until = time.monotonic() + seconds
    while True:
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            os.kill(pid, signal.SIGKILL)
            until = float("inf")
        time.sleep(PAUSE)


def ended(code: int) -> str:
    """How a process ended, in words."""
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def die_with_parent() -> None:
    """On Linux, be killed when the parent ends, however it ends."""
    if sys.platform != "linux":
        return
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
