"""``strategyproof study contract``: contracts for edge servers with hidden, changing willingness."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from proofs.cli import options

DEFAULT_OUT = "contract-study"


class Chances(click.ParamType):
    """``1/3,0.5,1``."""

    name = "P,P,..."

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[Fraction, ...]:
        try:
            found = tuple(Fraction(part.strip()) for part in str(value).split(","))
        except (ValueError, ZeroDivisionError):
            found = ()
        if not found or not all(0 <= p <= 1 for p in found):
            self.fail(f"'{value}' is no list of chances; write 1/3,0.5,1", param, ctx)
        return tuple(sorted(set(found)))


@click.command(
    "contract", short_help="Contracts for edge servers: complete, dynamic, static, uniform, linear."
)
@click.option(
    "--stay",
    "stays",
    type=Chances(),
    default="1/3,3/5,4/5,1",
    show_default=True,
    help="The chances that a server keeps its level of willingness: the x axis.",
)
@click.option(
    "--draws", type=click.IntRange(2), default=50, show_default=True, metavar="N",
    help="How many random draws there are; the same for each chance.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, metavar="N",
    help="The same seed and options give the same results.",
)  # fmt: skip
@click.option(
    "--param",
    "parameters",
    type=options.Parameter(),
    multiple=True,
    callback=options.unique,
    metavar="NAME=VALUE",
    help="A choice of the model, like types=4 or latency_price=1; repeatable. The reference lists them.",
)
@click.option(
    "--out", default=DEFAULT_OUT, show_default=True, callback=options.writable_folder, metavar="DIR",
    help="Where the CSV and the figures are written.",
)  # fmt: skip
@click.option("--no-figures", is_flag=True, help="Only the tables and the CSV; without matplotlib.")
def command(
    stays: tuple[Fraction, ...],
    draws: int,
    seed: int,
    parameters: dict[str, Any],
    out: str,
    no_figures: bool,
) -> None:
    """Compare contracts between a cloud and edge servers whose willingness is hidden and changes.

    Complete information, the optimal contract for two periods, the best menu for one period repeated, one
    item for all, and a price per unit, on the same random draws. Prints means with confidence intervals
    and what the cloud loses from one to the next; writes a CSV and figures (which need the extra `study`).
    """
    from mechanism.contracts.scenario import Scenario
    from mechanism.errors import MissingExtra
    from proofs.cli.progress import Bar
    from proofs.report import figures
    from proofs.report import study_contract as report
    from proofs.report.console import console
    from proofs.study.contract import Settings, run

    settings = Settings(Scenario().with_choices(parameters), stays, draws, seed)
    missing = None
    if not no_figures:
        try:
            figures.matplotlib()
        except MissingExtra as error:
            missing = error  # told at the end, when everything else is there
    with Bar() as progress:
        study = run(settings, progress)
    report.show(console(), study)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "contract.csv"]
    report.write_csv(study, written[0])
    if not no_figures and missing is None:
        for name, chart in report.charts(study):
            written += figures.draw(chart, folder / name)
    for path in written:
        click.echo(f"Wrote {path}")
    if missing is not None:
        raise missing
