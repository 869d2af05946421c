"""A process that runs one target: started, asked, killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Connection, Pipe
from typing import Any

from mechanism.errors import InputError
from mechanism.targets.apart import ended
from mechanism.targets.callee import OBJECTS
from mechanism.targets.clock import awaited
from mechanism.targets.target import Target

START = 30.0  # seconds to import the code
SPENT = "takes longer than the budget, so that nothing can be audited; give it more by --budget"


class Worker:
    """One process.

    Parameters
    ----------
    target : Target
    hash_seed : str
        ``PYTHONHASHSEED`` of the process.
    until : float
        When `time.monotonic` is there, it has to be started.
    """

    def __init__(self, target: Target, hash_seed: str = "0", until: float = float("inf")) -> None:
        ours, theirs = Pipe()
        self.pipe: Connection = ours
        self.process: subprocess.Popen | None = None
        if target.place in OBJECTS:
            self.pid = _forked(target, theirs, ours)
        else:
            environment = {
                **os.environ,
                "PYTHONHASHSEED": hash_seed,
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            command = [sys.executable, "-m", "mechanism.targets.serve", str(theirs.fileno())]
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()], env=environment, start_new_session=True,
            )  # fmt: skip
            self.pid = self.process.pid
            self.pipe.send(target.text())
        theirs.close()
        limit = max(START, target.seconds)
        try:
            if not awaited(self.pipe.poll, limit, self.pid, until):
                if time.monotonic() >= until:
                    raise InputError(f"{target.place}: importing it {SPENT}")
                raise InputError(f"{target.place}: importing it takes more than {limit:g} s")
            status, told = self.pipe.recv()
        except EOFError:
            raise InputError(
                f"{target.place}: importing it ended the process ({self.end(True)})"
            ) from None
        except InputError:
            self.end()
            raise
        if status == "failed":
            self.end()
            raise InputError(told)

    def receive(self, seconds: float, until: float = float("inf")) -> Any:
        """The next message; TimeoutError when there is none in time, EOFError when the process is gone."""
        if not awaited(self.pipe.poll, seconds, self.pid, until):
            raise TimeoutError
        return self.pipe.recv()

    def end(self, by_itself: bool = False) -> str:
        """Kill the process and all it started; how it ended, if that was by itself."""
        if by_itself and self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(START)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.process is not None and self.process.poll() is not None:
                return ended(self.process.returncode)
            os.killpg(self.pid, signal.SIGKILL)
        self.pipe.close()
        if self.process is not None:
            return ended(self.process.wait())
        with contextlib.suppress(ChildProcessError):
            return ended(os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]))
        return "it is gone"


def _forked(target: Target, theirs: Connection, ours: Connection) -> int:
    """A child that has the functions given as objects."""
    pid = os.fork()
    if pid:
        return pid
    from mechanism.targets import serve

    try:
        os.setsid()
        ours.close()
        serve.detach()
        serve.serve(theirs, target)
    finally:
        os._exit(0)
