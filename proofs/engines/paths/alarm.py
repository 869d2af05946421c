"""A time limit for code that never compares two reports: an endless loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mechanism.targets.clock import Clock, ringing

if TYPE_CHECKING:
    from proofs.engines.paths.path import Path


@contextmanager
def alarm(seconds: float, path: Path) -> Iterator[None]:
    """Stop the path after some seconds; only in the main thread of a system that has SIGALRM."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring() -> None:
        raise path.stop("bound", f"one path takes more than {seconds:g} s")

    with ringing(seconds, Clock(), ring):
        yield
