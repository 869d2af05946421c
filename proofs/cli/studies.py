"""What the commands of all studies have in common: options, and a folder for tables and figures."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mechanism.errors import InputError, MissingExtra
from proofs.cli import options


def common(*, draws: int, drawn: str, choice: str, out: str) -> Callable[[Any], Any]:
    """The options that every study has.

    Parameters
    ----------
    draws : int
        How many there are by default.
    drawn : str
        What ``--draws`` counts.
    choice : str
        What ``--param`` sets.
    out : str
        The folder by default.
    """
    each = (
        click.option(
            "--draws", type=click.IntRange(2), default=draws, show_default=True, metavar="N", help=drawn
        ),
        click.option(
            "--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, metavar="N",
            help="The same seed and options give the same results.",
        ),
        click.option(
            "--param", "parameters", type=options.Parameter(), multiple=True, callback=options.unique,
            metavar="NAME=VALUE", help=choice,
        ),
        click.option(
            "--out", default=out, show_default=True, callback=options.writable_folder, metavar="DIR",
            help="Where the CSV and the figures are written.",
        ),
        click.option(
            "--no-figures", is_flag=True, help="Only the tables and the CSV; without matplotlib."
        ),
    )  # fmt: skip

    def decorate(command: Any) -> Any:
        for option in reversed(each):
            command = option(command)
        return command

    return decorate


class Folder:
    """Where a study is written, made before anything is computed.

    Parameters
    ----------
    path : str
    figures : bool
        Whether figures are to be drawn; without matplotlib that is told at the end, when all else is there.

    Raises
    ------
    InputError
        Where nothing can be written.
    """

    def __init__(self, path: str, figures: bool) -> None:
        from proofs.report import figures as drawing

        self.path, self.figures = Path(path), figures
        self.missing: MissingExtra | None = None
        self.new = not self.path.exists()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe = self.path / ".written"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise InputError(f"{path}: nothing can be written there: {error.strerror or error}") from error  # fmt: skip
        if figures:
            try:
                drawing.matplotlib()
            except MissingExtra as error:
                self.missing = error

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is not None and self.new and not any(self.path.iterdir()):
            shutil.rmtree(self.path)

    def write(self, report: Any, study: Any, csv: str) -> None:
        """Write the CSV and the figures, and say so.

        Parameters
        ----------
        report : module
            With ``write_csv`` and ``charts``.
        """
        from proofs.report import figures

        written = [self.path / csv]
        report.write_csv(study, written[0])
        if self.figures and self.missing is None:
            for name, chart in report.charts(study):
                written += figures.draw(chart, self.path / name)
        for path in written:
            click.echo(f"Wrote {path}")
        if self.missing is not None:
            raise self.missing
