"""The results of the FMMRA study: tables for the reader, a CSV, and what the figures show."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from proofs.report.console import PLAIN
from proofs.report.figures import Chart, Line
from proofs.study.fmmra import FMMRA, MEASURES, REPAIRED, Study
from proofs.study.fmmra_claims import (
    FAILS,
    HOLDS,
    REPORTED_GAIN,
    RIVALS,
    Checked,
    check_all,
    gains,
)
from proofs.study.statistics import CONFIDENCE, FEW, Estimate, gain, mean
from proofs.verdict import counted

STYLES = {HOLDS: "bold green", FAILS: "bold red"}
HEAD = ("agents", "mechanism", "measure", "mean", "low", "high", "draws")
# What the count rows of the CSV are called.
COUNTS = ("deals", "undefined", "uncovered", "rounds")


def show(out: Console, study: Study) -> None:
    """Print the tables."""
    settings = study.settings
    few = f"; under {FEW} draws the intervals are too narrow" if settings.draws < FEW else ""
    out.print(
        f"FMMRA study: {settings.tasks} tasks, {settings.draws} draws for each number of agents, seed "
        f"{settings.seed}; {CONFIDENCE:.0%} confidence intervals{few}"
    )
    changed = "; ".join(f"{k} = {v}" for k, v in settings.unusual.items())
    out.print(f"Reading: {changed or 'the recommended one'}\n")
    for name, measure in MEASURES.items():
        figure = f"Figure {measure.figure}. " if measure.figure else ""
        out.print(f"{figure}{measure.title} ({measure.unit_in(settings)})", style="bold")
        out.print(_means(study, name))
        out.print()
    _show_gains(out, study)
    _show_orderings(out, check_all(study))
    _show_price_of_truth(out, study)
    for line in remarks(study):
        out.print(f"Note: {line}")


def _table(*columns: str, left: int = 1) -> Table:
    table = Table(box=PLAIN, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for n, column in enumerate(columns):
        table.add_column(column, justify="left" if n < left else "right", no_wrap=True)
    return table


def _means(study: Study, measure: str) -> Table:
    table = _table("agents", *study.mechanisms)
    for agents in study.settings.agents:
        found = (mean(study.sample(name, agents, measure)) for name in study.mechanisms)
        table.add_row(str(agents), *(_plus_minus(e) for e in found))
    return table


def _plus_minus(estimate: Estimate) -> str:
    if math.isnan(estimate.value):
        return "undefined"
    half = estimate.high - estimate.value
    return f"{estimate.value:.2f}" + ("" if math.isnan(half) else f" ± {half:.2f}")


def _percent(estimate: Estimate) -> str:
    if math.isnan(estimate.value):
        return "undefined"
    ends = "" if math.isnan(estimate.low) else f" [{estimate.low:+.2%}, {estimate.high:+.2%}]"
    return f"{estimate.value:+.2%}{ends}"


def _show_gains(out: Console, study: Study) -> None:
    out.print("Gain of FMMRA in total cost-effectiveness", style="bold")
    table = _table("over", "smallest", "agents", "largest", "agents", "reported")
    for rival in RIVALS:
        (least, few), (most, many) = gains(study, rival)
        table.add_row(rival, _percent(least), str(few), _percent(most), str(many), "")
    table.add_row("one of them", "", "", "", "", f"up to {REPORTED_GAIN:.2%}")
    out.print(table)
    out.print()


def _show_orderings(out: Console, checked: list[Checked]) -> None:
    out.print("What the paper reports of its figures", style="bold")
    table = _table("figure", "ordering", "verdict", "smallest margin", "agents", left=3)
    for found in checked:
        table.add_row(
            found.ordering.figure,
            str(found.ordering),
            found.verdict,
            _percent(found.margin),
            str(found.agents),
            style=STYLES.get(found.verdict),
        )
    out.print(table)
    held = sum(found.verdict == HOLDS for found in checked)
    out.print(f"{held} of {len(checked)} hold\n")


def _show_price_of_truth(out: Console, study: Study) -> None:
    """What the truthful auction brings the task holder, beside FMMRA."""
    if REPAIRED not in study.mechanisms:
        return
    out.print("The repaired auction, which is truthful, against FMMRA", style="bold")
    table = _table("agents", "revenue", "cost-effectiveness (by prices)", "fitness")
    for agents in study.settings.agents:
        pairs = (
            gain(study.sample(REPAIRED, agents, m), study.sample(FMMRA, agents, m))
            for m in ("revenue", "cost-effectiveness-paid", "fitness")
        )
        table.add_row(str(agents), *map(_percent, pairs))
    out.print(table)
    out.print()


def remarks(study: Study) -> Iterator[str]:
    """What a reader of the tables has to know: what was left over or is not defined."""
    draws, tasks = study.settings.draws, study.settings.tasks
    for name in study.mechanisms:
        points = {agents: study.points[name, agents] for agents in study.settings.agents}
        for agents, point in points.items():
            if point.uncovered:
                yield (
                    f"{name}, {counted(agents, 'agent')}: {point.uncovered} of {draws * tasks} tasks are left without an agent"
                )
        undefined, deals = (
            sum(getattr(p, k) for p in points.values()) for k in ("undefined", "deals")
        )
        if undefined:
            yield (
                f"{name}: {undefined} of {deals} deals have a price that is not positive; they have no "
                "satisfaction and are left out of it"
            )
    for agents, hindered in study.infeasible.items():
        if hindered:
            yield (
                f"{counted(agents, 'agent')}: in {len(hindered)} of {draws} draws not every task can have an agent of its "
                f"own; in the first of them, {hindered[0]}"
            )
    for agents, number in study.idle.items():
        if number:
            yield (
                f"{counted(agents, 'agent')}: no task promises a profit to {number} of {counted(draws * agents, 'agent')}; they do not bid"
            )
    if REPAIRED in study.mechanisms:
        yield (
            "agents bid all that they expect to gain in the repaired auction and half of it in the others; "
            "compare what is paid, not what is bid"
        )
    else:
        yield "the repaired auction looks at all sets of tasks and is left out: there are too many tasks"


def write_csv(study: Study, path: Path) -> None:
    """Write all means with their confidence intervals, and the counts, one to a line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        for (name, agents), point in study.points.items():
            for measure, sample in point.samples.items():
                found = mean(sample)
                numbers = (_exactly(x) for x in found[:3])
                writer.writerow([agents, name, measure, *numbers, found.number])
            for count in COUNTS:
                writer.writerow(
                    [agents, name, count, getattr(point, count), "", "", study.settings.draws]
                )


def _exactly(number: float) -> str:
    return "" if math.isnan(number) else repr(number)


def charts(study: Study) -> Iterator[tuple[str, Chart]]:
    """The figures, each with its file's name."""
    settings = study.settings
    for name, measure in MEASURES.items():
        lines = {}
        for mechanism in study.mechanisms:
            found = [mean(study.sample(mechanism, agents, name)) for agents in settings.agents]
            lines[mechanism] = Line(*([e[k] for e in found] for k in range(3)))
        number = f"figure-{measure.figure}-" if measure.figure else ""
        title = (
            f"Figure {measure.figure}: {measure.title.lower()}" if measure.figure else measure.title
        )
        yield (
            f"{number}{name}",
            Chart(
                title,
                "Number of agents",
                measure.unit_in(settings),
                settings.agents,
                lines,
                f"{settings.tasks} tasks, {settings.draws} draws each, seed {settings.seed}; "
                f"bands: {CONFIDENCE:.0%} confidence{_coinciding(lines)}",
            ),
        )


def _coinciding(lines: dict[str, Line]) -> str:
    """Which lines hide each other."""
    groups: dict[tuple[float, ...], list[str]] = {}
    for name, line in lines.items():
        groups.setdefault(tuple(line.values), []).append(name)
    told = [" = ".join(names) for names in groups.values() if len(names) > 1]
    return f"; {', '.join(told)}" if told else ""
