"""``strategyproof study contract``: contracts for edge servers with hidden, changing willingness."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from proofs.cli import studies


class Chances(click.ParamType):
    """``1/3,0.5,1``."""

    name = "P,P,..."

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[Fraction, ...]:
        found = []
        for part in str(value).split(","):
            try:
                chance = Fraction(part.strip())
            except (ValueError, ZeroDivisionError):
                self.fail(f"'{part}' is no number; write chances like 1/3,0.5,1", param, ctx)
            if not 0 <= chance <= 1:
                self.fail(f"{part.strip()} is no chance; a chance is from 0 to 1", param, ctx)
            found.append(chance)
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
@studies.common(
    draws=50,
    drawn="How many random draws there are; the same for each chance.",
    choice="A choice of the model, like types=4 or latency_price=1; repeatable. The reference lists them.",
    out="contract-study",
)
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
    and what the cloud loses from one to the next; writes a CSV and figures. Needs scipy, and matplotlib for the
    figures (pip install 'strategyproof[design,study]').
    """
    from mechanism.contracts.scenario import Scenario
    from proofs.cli.progress import Bar
    from proofs.report import study_contract as report
    from proofs.report.console import console
    from proofs.study.contract import Settings, run

    settings = Settings(Scenario().with_choices(parameters), stays, draws, seed)
    with studies.Folder(out, not no_figures) as folder:
        with Bar() as progress:
            study = run(settings, progress)
        report.show(console(), study)
        folder.write(report, study, "contract.csv")
