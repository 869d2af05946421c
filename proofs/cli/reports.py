"""The report formats on the command line: an option for each, and the files that were asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mechanism.errors import InputError
from proofs.cli import options
from proofs.report.formats import formats

if TYPE_CHECKING:
    from proofs.report.formats import Report

STDOUT = "-"


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command ``--NAME FILE|-`` for each format."""
    for name, one in reversed(list(formats())):
        command = click.option(
            f"--{name}",
            _argument(name),
            metavar="FILE|-",
            callback=options.writable_file,
            help=f"{one.help}; with -, print that instead of the tables.",
        )(command)
    return command


def wanted(given: dict[str, Any]) -> dict[str, str]:
    """The formats that were asked for, and the file for each.

    Raises
    ------
    UsageError
        When more than one is to be printed, or one is not about what is audited.
    """
    asked = {name: given[_argument(name)] for name, _ in formats()}
    files = {name: file for name, file in asked.items() if file is not None}
    for name, one in formats():
        if name in files and one.foreign and not given["as_"]:
            raise click.UsageError(f"--{name} is for code that is audited with --as")
    printed = [f"--{name} -" for name, file in files.items() if file == STDOUT]
    if len(printed) > 1:
        raise click.UsageError(
            f"only one format can be printed: {' and '.join(printed)}; write one to a file"
        )
    return files


def printed(files: dict[str, str], report: Report) -> str | None:
    """The text that takes the place of the tables, if that was asked for."""
    for name, one in formats():
        if files.get(name) == STDOUT:
            return one.text(report)
    return None


def save(files: dict[str, str], report: Report) -> None:
    """Write the files."""
    for name, one in formats():
        if (file := files.get(name)) not in (None, STDOUT):
            try:
                with Path(str(file)).open("a" if one.appended else "w", encoding="utf-8") as out:
                    out.write(text := one.text(replace(report, file=str(file))))
            except OSError as error:  # which does not name the file where the disk is full
                raise InputError(f"{file}: cannot be written: {error.strerror}") from error
            if one.needs not in text:
                click.echo(f"{file}: {one.lacks}", err=True)


def _argument(name: str) -> str:
    return f"report_{name.replace('-', '_')}"
