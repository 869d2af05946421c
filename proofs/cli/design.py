"""``strategyproof design``: the optimal menu of a principal's problem."""

from __future__ import annotations

import json
from pathlib import Path

import click

from proofs.cli import options


@click.command("design", short_help="The optimal menu of a principal's problem, audited exactly.")
@click.argument("problem")
@click.option(
    "--save",
    metavar="FILE",
    callback=options.writable_file,
    help="Write the menu as JSON, for `audit`.",
)
@click.option("--verbose", "-v", is_flag=True, help="With all second-period menus and constraints.")
def command(problem: str, save: str | None, verbose: bool) -> int:
    """Compute the optimal menu of PROBLEM, a JSON file, for one period or for two.

    Qualities and rewards are rationals inside the feasible set, audited exactly before they are shown,
    with what the rounding may have cost. Needs scipy (pip install 'strategyproof[design]').
    """
    from mechanism.contracts import menu_json
    from mechanism.contracts.problem import read_problem
    from proofs.cli.progress import Bar
    from proofs.design import designed
    from proofs.report import designs
    from proofs.report.console import console

    with Bar():
        found = designed(read_problem(problem))
    designs.show(console(), found, verbose=verbose)
    if save:
        Path(save).write_text(json.dumps(menu_json(found.design.menu), indent=2) + "\n", "utf-8")
        click.echo(f"strategyproof audit {save}", err=True)
    return 0
