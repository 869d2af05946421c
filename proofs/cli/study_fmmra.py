"""``strategyproof study fmmra``: the comparison of Zhou et al. 2026 on random draws."""

from __future__ import annotations

import re
from typing import Any

import click

from proofs.cli import studies


class AgentCounts(click.ParamType):
    """``16``, ``8,16,24`` or ``8..40:8``."""

    name = "N,N,...|A..B:STEP"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, ...]:
        found: list[int] = []
        for part in str(value).split(","):
            match = re.fullmatch(r"(\d+)(?:\.\.(\d+)(?::(\d+))?)?", part.strip())
            if not match:
                self.fail(
                    f"'{value}' is no list of agents; write 16, 8,16,24 or 8..40:8", param, ctx
                )
            low, high, step = int(match[1]), int(match[2] or match[1]), int(match[3] or 1)
            if not 1 <= low <= high or step < 1:
                self.fail(
                    f"'{value}' is no list of agents; they start at 1, and a range goes up",
                    param,
                    ctx,
                )
            found += range(low, high + 1, step)
        if len(set(found)) < len(found):
            self.fail(f"'{value}' names a number of agents twice", param, ctx)
        return tuple(sorted(found))


@click.command("fmmra", short_help="FMMRA and its rivals: Figures 2 to 4 of the paper.")
@click.option(
    "--agents",
    type=AgentCounts(),
    default="8,12,16,20,24,32,40",
    show_default=True,
    help="The numbers of agents: a list, or a range with a step.",
)
@click.option("--tasks", type=click.IntRange(1), default=4, show_default=True, metavar="N")
@studies.common(
    draws=2000,
    drawn="How many random scenarios there are for each number of agents.",
    choice="A choice that the paper leaves open, like closure=keep-open or w1=0.7; repeatable. The how-to lists them.",
    out="fmmra-study",
)
def command(
    agents: tuple[int, ...],
    tasks: int,
    draws: int,
    seed: int,
    parameters: dict[str, Any],
    out: str,
    no_figures: bool,
) -> None:
    """Rerun the comparison of Zhou et al. 2026: FMMRA, FMMRA by fitness only, MSSCA, the second-price and the
    first-price auction, and beside them the repaired auction, on random scenarios.

    Prints the means with confidence intervals, the gain of FMMRA over each rival, and whether each ordering
    that the paper reports holds. Writes a CSV and the figures (which need the extra `study`).

    The exit code is 0 whatever the verdicts, and 2 for an error in the call.
    """
    from proofs.cli.progress import Bar
    from proofs.report import study as report
    from proofs.report.console import console
    from proofs.study.fmmra import run
    from proofs.study.fmmra_settings import Settings, with_parameters

    settings = with_parameters(Settings(agents, tasks, draws, seed), parameters)
    with studies.Folder(out, not no_figures) as folder:
        with Bar() as progress:
            study = run(settings, progress)
        report.show(console(), study)
        folder.write(report, study, "fmmra.csv")
