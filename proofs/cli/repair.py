"""``strategyproof repair``: the payment that makes a monotone allocation truthful, derived and proved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mechanism.errors import InputError
from proofs.cli import options

REFUSED, OPEN = 1, 3


@click.command("repair", short_help="Derive and prove the payment that makes a rule truthful.")
@click.argument("target", metavar="RULE")
@click.option(
    "--param",
    "parameters",
    type=options.Parameter(),
    multiple=True,
    callback=options.unique,
    help="Fix a parameter, as for `audit`; repeatable.",
)
@click.option("--latex", is_flag=True, help="Print the formulas as LaTeX too.")
@click.option(
    "--write",
    metavar="FILE.py",
    callback=options.writable_file,
    help="Write the repaired rule as Python, which `audit` takes; - for standard output.",
)
@click.option(
    "--budget",
    metavar="SECONDS",
    type=options.Seconds(),
    help="Stop each of the audits after so long; what is not finished is undecided.",
)
@click.option(
    "--jobs", metavar="N", type=click.IntRange(1), default=1, show_default=True, help="Processes."
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    help="For solvers, searches and the average revenue.",
)
@click.option("--no-cache", is_flag=True, help="Neither read nor keep findings in the proof cache.")
def command(target: str, **given: Any) -> int:
    """Keep a rule's allocation and replace its payment by the critical value, where that makes it truthful.

    RULE is an id, path/file.py:NAME or package.module:NAME; its agents report one number each. The exit code is 0 when
    the rule is truthful after the repair (or was before), proved; 1 when no payment can make it so, with a profile
    that shows it; 3 when no payment was derived or the derived one is not proved; 2 on an error in the call.
    """
    from proofs.report import repair as report
    from proofs.report.console import console
    from proofs.rule_repair import Status, repair

    found = repair(
        target,
        parameters=given["parameters"],
        budget_seconds=given["budget"],
        jobs=given["jobs"],
        seed=given["seed"],
        cache=not given["no_cache"],
    )
    report.show(console(), found, latex=given["latex"], seed=given["seed"])
    if given["write"]:
        _write(given["write"], found)
    if found.status in (Status.REPAIRED, Status.TRUTHFUL):
        return 0
    return REFUSED if found.status is Status.IMPOSSIBLE else OPEN


def _write(path: str, found: Any) -> None:
    """The repaired rule as Python; nothing is written where there is none."""
    if found.repaired is None:
        click.echo(f"Nothing is written to {path}: there is no repaired rule.", err=True)
        return
    from mechanism.writing.python import python_source

    source = python_source(found.repaired)
    if path == "-":
        click.echo(source, nl=False)
        return
    try:
        Path(path).write_text(source, "utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from error
    click.echo(f"strategyproof audit {path}")
