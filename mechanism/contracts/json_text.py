"""JSON of menus and of problems: read with numbers as they are written, and refused in one sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from mechanism.errors import InputError

SCHEMA = 1


def schema(name: str) -> str:
    """The text of a JSON schema: of a ``menu`` or a ``problem``."""
    return (resources.files("mechanism.contracts") / f"{name}.schema.json").read_text("utf-8")


def read_object(path: str | Path) -> Any:
    """The JSON value in a file.

    Raises
    ------
    InputError
        Saying where it breaks, and what to do where that can be guessed.
    """
    return _parsed(_text(path), str(path))


def read_lines(path: str | Path) -> list[Mapping[str, Any]]:
    """The JSON objects in a file, one a line."""
    found = []
    for n, line in enumerate(filter(str.strip, _text(path).splitlines()), 1):
        one = _parsed(line, f"{path}, line {n}")
        if not isinstance(one, Mapping):
            raise InputError(f"{path}, line {n}: a menu is a JSON object with items")
        found.append(one)
    return found


def fields(data: Any, what: str, known: Collection[str], needed: Collection[str]) -> Mapping[str, Any]:  # fmt: skip
    """The object, if it has the fields of what it is to be.

    Parameters
    ----------
    what : str
        ``menu`` or ``problem``.
    """
    if not isinstance(data, Mapping):
        raise InputError(f"a {what} is a JSON object, not {data!r:.40}")
    if unknown := sorted(set(data) - set(known)):
        raise InputError(
            f"'{unknown[0]}' is no field of a {what}; it has {', '.join(sorted(known))}"
        )
    if data.get("schema", SCHEMA) != SCHEMA:
        raise InputError(
            f"this is schema {data['schema']} of a {what}; this version reads {SCHEMA}"
        )
    for part in needed:
        if part not in data:
            raise InputError(f"'{part}' is missing from the {what}")
    return data


class _Written(str):
    """A number with a point, as the digits that were written."""


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {getattr(error, 'strerror', '') or error}") from error  # fmt: skip


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text, parse_float=_Written, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where} is not JSON that can be read: {error}{_hint(text, error)}") from error  # fmt: skip


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is not a number; write 3, 0.1 or '3/7'")


def _hint(text: str, error: Exception) -> str:
    """What is wrong more often than not, where JSON breaks."""
    if not isinstance(error, json.JSONDecodeError):
        return ""
    before, here = text[: error.pos].rstrip(), text[error.pos :].lstrip()[:1]
    # Python 3.13 points at the comma, earlier versions at what comes after it.
    if re.search(r",\s*[\]}]$", before + here) or re.match(r",\s*[\]}]", text[error.pos :]):
        return "; JSON has no comma before a closing bracket"
    if here == "'":
        return '; JSON has double quotes: "types"'
    if here == "#" or text[error.pos : error.pos + 2] == "//":
        return "; JSON has no comments"
    return ""
