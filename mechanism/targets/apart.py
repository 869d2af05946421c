"""A call in a child of this process: what ends the child, or never comes back, costs that call only."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Pipe
from typing import Any

from mechanism.targets.clock import awaited

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
    with ours:
        try:
            if not awaited(ours.poll, seconds + GRACE, pid):
                raise Late
            returned, value = ours.recv()
        except EOFError:
            raise Ended(ended(_gone(pid))) from None
        finally:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
    if not returned:
        raise Late
    return value


def _gone(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


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
