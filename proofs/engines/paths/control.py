"""What stops a path, and where in the user's code it happened.

These exceptions are no `Exception`, so that ``except Exception`` in the code under audit cannot swallow
them; and a path remembers every one that was made, so that a bare ``except`` is seen as well.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from proofs.engines.paths.path import Path as Running

_HERE = str(Path(__file__).parent)


class Control(BaseException):
    """Stops the path that is running; made only through `Path.stop`."""

    def __init__(self, kind: str, reason: str, place: str) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.place = kind, reason, place

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


class _Active:
    path: Running | None = None


def running() -> Running:
    """The path that is running."""
    if _Active.path is None:
        raise RuntimeError("a proxy number was used after its exploration had ended")
    return _Active.path


def enter(path: Running | None) -> None:
    """Make a path the one that is running."""
    _Active.path = path


def found_or_stopped(original: Callable) -> Callable:
    """An import, or the opening of a file, that ends the path where there is nothing to be found.

    The code may catch the exception and go another way, which need not be the way that it goes elsewhere.
    """

    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return original(*args, **kwargs)
        except (ImportError, OSError) as error:
            if _Active.path is None:
                raise
            why = (
                f"{type(error).__name__}: {error}; what the code makes of that is left to its calls"
            )
            raise _Active.path.stop("stop", why) from error

    return call


def place(files: frozenset[str], frame: FrameType | None = None) -> str:
    """``file:line`` of the innermost call in the audited files; outside of them, of the innermost one."""
    frame = frame or sys._getframe(1)
    fallback = ""
    while frame is not None:
        name = frame.f_code.co_filename
        if name in files and not name.startswith(_HERE):
            return f"{name}:{frame.f_lineno}"
        if not fallback and not name.startswith((_HERE, "<frozen")):
            fallback = f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return fallback


def place_of(error: BaseException, files: frozenset[str]) -> str:
    """``file:line`` where an exception was raised, by the same rule."""
    found = ""
    step: TracebackType | None = error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if not name.startswith(_HERE) and (name in files or not found):
            found = f"{name}:{step.tb_lineno}"
        step = step.tb_next
    return found
