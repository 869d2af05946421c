"""The proof cache: answers of the solver by the hash of the obligation's text. Safe to delete.

It lives in ``$STRATEGYPROOF_CACHE``, else in the user's cache folder; ``--no-cache`` turns it off. An
entry that cannot be read is ignored, one that cannot be written is not kept: neither changes a verdict.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

enabled = True


def folder() -> Path:
    """Where the entries are."""
    if given := os.environ.get("STRATEGYPROOF_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "strategyproof"


def load(key: str) -> tuple | None:
    """The stored answer, or None."""
    if not enabled:
        return None
    try:
        status, values, reason, raw, used = json.loads((folder() / key[:2] / key).read_text())
    except (OSError, ValueError):
        return None
    return status, {name: _decode(v) for name, v in values.items()}, reason, raw, used


def store(key: str, answer: tuple) -> None:
    """Keep an answer; whole or not at all."""
    status, values, reason, raw, used = answer
    if not enabled or status == "unknown":
        return
    target = folder() / key[:2] / key
    entry = json.dumps([status, {n: _encode(v) for n, v in values.items()}, reason, raw, used])
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "w") as file:
            file.write(entry)
        os.replace(name, target)


def _encode(value: Any) -> Any:
    return {"q": str(value)} if isinstance(value, Fraction) else value


def _decode(value: Any) -> Any:
    return Fraction(value["q"]) if isinstance(value, dict) else value
