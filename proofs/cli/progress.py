"""Progress of a long audit: on a terminal only, on standard error, and not in the first second."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs.verdict import Finding

DELAY = 1.0


class Bar:
    """A progress bar as a context manager; call it with what is done and how much there is.

    Parameters
    ----------
    shown : bool, optional
        By default, whether standard error is a terminal.
    """

    def __init__(self, shown: bool | None = None) -> None:
        self.shown = sys.stderr.isatty() if shown is None else shown
        self.progress: Any = None

    def __enter__(self) -> Bar:
        if self.shown:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.completed}/{task.total}"),
            )
            self.progress = Progress(
                *columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True
            )
            self.task = self.progress.add_task("checking", total=None)
            self.timer = threading.Timer(DELAY, self.progress.start)
            self.timer.daemon = True
            self.timer.start()
        return self

    def __call__(self, about: Finding | str | None, done: int, total: int) -> None:
        if self.progress is not None:
            name = about if isinstance(about, str) else about.property if about else "checking"
            self.progress.update(self.task, description=name, completed=done, total=total)

    def __exit__(self, *error: object) -> None:
        if self.progress is not None:
            self.timer.cancel()
            self.timer.join()  # it may be starting at this moment
            self.progress.stop()
