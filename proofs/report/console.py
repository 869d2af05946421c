"""Where reports are printed: in colours on a terminal, plain and wide anywhere else."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import TextIO

from rich.box import Box
from rich.console import Console

PIPED_WIDTH = 140
# A rule under the head and nothing else, in plain ASCII.
PLAIN = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)


class _Console(Console):
    """A console that tells of a closed pipe instead of leaving with a status of its own."""

    def on_broken_pipe(self) -> None:
        raise  # the error being handled


def as_text(show: Callable[[Console], None]) -> str:
    """What is printed there, as plain text."""
    out = io.StringIO()
    show(console(out, width=PIPED_WIDTH))
    return out.getvalue()


def console(file: TextIO | None = None, *, width: int | None = None) -> Console:
    """Where reports are printed; on a terminal it has colours (unless NO_COLOR), else it is plain."""
    stream = sys.stdout if file is None else file
    if width is None and not stream.isatty():
        columns = os.environ.get("COLUMNS", "")
        width = int(columns) if columns.isdigit() and int(columns) else PIPED_WIDTH
    return _Console(file=stream, width=width, markup=False, highlight=False, emoji=False)
