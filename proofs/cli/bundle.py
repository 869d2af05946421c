"""What to send along with a report of an internal error."""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from typing import Any

from proofs.report.versions import versions


def bundle(details: dict[str, Any]) -> str:
    """Write what happened to a file, and return the file's name."""
    content = {"command": sys.argv[1:], "versions": versions(), **details}
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="strategyproof-error-", suffix=".json", delete=False
    ) as file:
        json.dump(content, file, indent=2, default=str)
    return file.name


def internal_error(error: Exception) -> str:
    """The message for an error that is the program's own."""
    try:
        name = bundle({"error": traceback.format_exception(error)})
    except OSError as problem:
        name = f"(no file could be written: {problem})"
    return (
        f"Internal error: {type(error).__name__}: {error}\n"
        f"This is a bug in strategyproof, not in your auction. Please report it with this file: {name}"
    )
