"""What the code under audit would do to the process that runs it on symbols: end it, or fill its memory.

That happens on some path, and is an answer like an exception. What ends the process in C is not held back;
then the question is asked again without symbols.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mechanism.outcome import Outcome
from mechanism.targets.apart import ended
from mechanism.targets.target import MEGABYTES
from proofs.engines.paths.memory import audited


class EndsProcess(SystemExit):
    """Raised where the code ends its process; ``except`` clauses of the code do not count."""


class Guard:
    """Code that may be called while this is entered.

    Parameters
    ----------
    call : callable
    files : frozenset of str
        Its source files; names that they import from `os` are replaced, too.
    """

    def __init__(self, call: Callable[[list[Any]], Outcome], files: frozenset[str]) -> None:
        self.call, self.files = call, files
        self.met: EndsProcess | None = None
        self.undo: list[tuple[dict[str, Any], str, Any]] = []
        self.memory: tuple[int, int] | None = None

    def __enter__(self) -> Guard:
        instead = {
            (os, "_exit"): lambda code=0: self._ends(code),
            (os, "abort"): lambda: self._ends(-signal.SIGABRT),
            (os, "kill"): self._killing(os.kill, (0, -1, os.getpid())),
            (os, "killpg"): self._killing(os.killpg, (0, os.getpgrp())),
            (signal, "raise_signal"): lambda number: self._ends(-number),
        }
        known = {
            id(getattr(owner, name)): new
            for (owner, name), new in instead.items()
            if hasattr(owner, name)
        }
        for owner in (os, signal, *audited(self.files)):
            names = vars(owner)
            for name, value in list(names.items()):
                if id(value) in known:
                    self.undo.append((names, name, value))
                    names[name] = known[id(value)]
        self.memory = _room()
        return self

    def __exit__(self, *error: Any) -> None:
        for names, name, value in reversed(self.undo):
            names[name] = value
        self.undo.clear()

    def _ends(self, code: int) -> None:
        self.met = self.met or EndsProcess(ended(code))
        raise self.met

    def _killing(self, original: Callable, own: tuple[int, ...]) -> Callable:
        def kill(pid: int, number: int) -> None:
            if number and pid in own:
                self._ends(-number)
            original(pid, number)

        return kill

    def __call__(self, reports: list[Any]) -> Outcome:
        self.met = None
        with _limited(self.memory):
            try:
                outcome = self.call(reports)
            except BaseException:
                if self.met is None:
                    raise
        if self.met is not None:
            raise self.met
        return outcome


@contextmanager
def _limited(limits: tuple[int, int] | None) -> Iterator[None]:
    """So much memory and no more, for a while."""
    if limits is None:
        yield
        return
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, limits)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (limits[1], limits[1]))


def _room() -> tuple[int, int] | None:
    """The limits that leave the code as much as a worker has; None where that cannot be told."""
    with suppress(ImportError, OSError, ValueError, StopIteration):
        import resource

        lines = Path("/proc/self/status").read_text().splitlines()
        used = next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmData"))
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        wanted = used + (MEGABYTES << 20)
        if hard == resource.RLIM_INFINITY or wanted < hard:
            return wanted, hard
    return None
