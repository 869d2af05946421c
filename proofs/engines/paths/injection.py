"""Names replaced in the code under audit while it runs on symbols, and put back afterwards.

A name is replaced where the module's global is the very object that is known (``import numpy as np``,
``from math import floor``), where a builtin is read, and where a function imports a module itself.
"""

from __future__ import annotations

import builtins
import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import ModuleType
from typing import Any

from proofs.engines.paths.control import found_or_stopped
from proofs.engines.paths.memory import audited

_MISSING = object()
_FORMS = "mechanism.targets.forms"  # where the bids are put into arrays


class Shim(ModuleType):
    """A module with some functions replaced; everything else is the module's own."""

    def __init__(self, real: ModuleType, replaced: dict[str, Any]) -> None:
        super().__init__(real.__name__)
        self.__dict__.update(replaced)
        self.__dict__["_real"] = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_real"], name)


@contextmanager
def injected(files: frozenset[str]) -> Iterator[None]:
    """Replace names in the modules whose source is in `files`; what they print goes nowhere."""
    from proofs.engines.paths.hooks import BUILTINS, replacements, shims

    known = replacements()
    undo: list[tuple[dict[str, Any], str, Any]] = []
    modules = audited(files)
    for module in modules:
        names = vars(module)
        for name, value in list(names.items()):
            if not name.startswith("__") and id(value) in known:
                undo.append((names, name, value))
                names[name] = known[id(value)]
        for name, hook in BUILTINS.items():
            if name not in names:
                undo.append((names, name, _MISSING))
                names[name] = hook
    inside = {id(vars(module)) for module in modules}
    real_import, real_open = builtins.__import__, io.open
    looked_up = found_or_stopped(real_import)

    def importing(name: str, globals: Any = None, *args: Any, **kwargs: Any) -> Any:
        audits = globals is not None and id(globals) in inside
        own = audits or (globals is not None and globals.get("__name__") == _FORMS)
        found = (looked_up if audits else real_import)(name, globals, *args, **kwargs)
        return shims().get(name, found) if own else found

    builtins.__import__ = importing
    io.open = found_or_stopped(real_open)  # for pathlib
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            yield
    finally:
        builtins.__import__, io.open = real_import, real_open
        for names, name, value in reversed(undo):
            if value is _MISSING:
                names.pop(name, None)
            else:
                names[name] = value
