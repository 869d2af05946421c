"""The options of the command line, read into what the audit takes; errors say what to write."""

from __future__ import annotations

import math
import os
import re
from pathlib import Path
from typing import Any

import click

Agents = tuple[int, int | None] | str


class AgentsType(click.ParamType):
    """``3``, ``2..4`` or ``any``."""

    name = "N|A..B|any"

    def convert(self, value: Any, param: Any, ctx: Any) -> Agents:
        text = str(value).strip()
        if text == "any":
            return text
        found = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", text)
        if not found:
            self.fail(f"'{value}' is not a number of agents; write 3, 2..4 or any", param, ctx)
        low, high = int(found[1]), int(found[2] or found[1])
        if not 1 <= low <= high:
            self.fail(
                f"'{value}' is no range of agents; it starts at 1 and does not go down", param, ctx
            )
        return low, high


class Seconds(click.ParamType):
    """A positive, finite time."""

    name = "SECONDS"

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        try:
            seconds = float(value)
        except ValueError:
            seconds = math.nan
        if not (math.isfinite(seconds) and seconds > 0):
            self.fail(
                f"'{value}' is not a time; write a positive number of seconds, like 10", param, ctx
            )
        return seconds


class Parameter(click.ParamType):
    """``NAME=VALUE``, read into a value that a rule can check."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, Any]:
        name, equals, text = (part.strip() for part in str(value).partition("="))
        if not (name and equals and text):
            self.fail(f"'{value}' is not NAME=VALUE, like reserve=1/2 or weight=1,2", param, ctx)
        return name, parameter_value(text)


def parameter_value(text: str) -> Any:
    """A number, a flag, a list, a list of lists, or functions; the rule checks what is in it.

    Examples
    --------
    >>> parameter_value("3/7"), parameter_value("1, 0.5"), parameter_value("1,2;3,4")
    ('3/7', ['1', '0.5'], [['1', '2'], ['3', '4']])
    """
    if "(" in text or ":" in text:
        from mechanism.virtual import parse_functions

        return parse_functions(text)
    if ";" in text:
        return [_split(row) for row in text.split(";") if row.strip()]
    return _split(text) if "," in text else text


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def unique(ctx: click.Context, param: click.Parameter, pairs: tuple) -> dict[str, Any]:
    """The parameters by name; each may be given once."""
    values = dict(pairs)
    for name in values:
        if [n for n, _ in pairs].count(name) > 1:
            raise click.BadParameter(f"'{name}' is given more than once", ctx, param)
    return values


def readable(path: str) -> None:
    """Fail unless the file can be read; done before anything long begins."""
    if Path(path).is_dir():
        raise click.UsageError(f"{path} is a folder, not a file")
    if not Path(path).is_file():
        raise click.UsageError(f"{path}: there is no such file")
    if not os.access(path, os.R_OK):
        raise click.UsageError(f"{path}: the file may not be read")


def writable_file(ctx: click.Context, param: click.Parameter, path: str | None) -> str | None:
    """Fail unless the file can be written; it is not touched yet."""
    if path in (None, "-"):
        return path
    file = Path(str(path))
    if file.is_dir():
        raise click.BadParameter(f"{path} is a folder, not a file", ctx, param)
    if file.exists() and not os.access(file, os.W_OK):
        raise click.BadParameter(f"{path} may not be written", ctx, param)
    if not file.exists():
        _may_create_in(file.parent, path, ctx, param)
    return path


def writable_folder(ctx: click.Context, param: click.Parameter, path: str | None) -> str | None:
    """Fail unless files can be put into the folder, which is made when there is something to put."""
    if path is None:
        return None
    folder = Path(path)
    if folder.exists() and not folder.is_dir():
        raise click.BadParameter(f"{path} is a file, not a folder", ctx, param)
    while not folder.exists():
        folder = folder.parent
    _may_create_in(folder, path, ctx, param)
    return path


def _may_create_in(folder: Path, path: Any, ctx: click.Context, param: click.Parameter) -> None:
    if not folder.is_dir():
        raise click.BadParameter(f"{path}: there is no folder {folder}", ctx, param)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise click.BadParameter(
            f"{path}: nothing may be written to the folder {folder}", ctx, param
        )
