"""The results of the contract study: tables, a CSV, and what the figures show."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from proofs.report.console import PLAIN
from proofs.report.figures import Chart, Line
from proofs.study.contract import CONTRACTS, MEASURES, Study
from proofs.study.statistics import CONFIDENCE, Estimate, mean

HEAD = ("stay", "contract", "measure", "mean", "low", "high", "draws")
# What is lost from one contract to the next.
PRICES = {
    "asymmetric information": ("complete information", "optimal dynamic"),
    "not using reports of the first period": ("optimal dynamic", "static repeated"),
    "one item for all": ("static repeated", "uniform"),
    "a price per unit": ("static repeated", "linear"),
}


def show(out: Console, study: Study) -> None:
    """Print the tables."""
    s = study.settings
    out.print(
        f"Contract study: {s.scenario.types} levels of willingness, {s.draws} draws, seed {s.seed}; "
        f"{CONFIDENCE:.0%} confidence intervals\n"
    )
    for name, measure in MEASURES.items():
        out.print(f"{measure.title} ({measure.unit})", style="bold")
        table = _table("stay", *CONTRACTS)
        for stay in s.stays:
            found = (mean(study.sample(c, stay, name)) for c in CONTRACTS)
            table.add_row(str(stay), *map(_plus_minus, found))
        out.print(table)
        out.print()
    out.print("What the cloud loses by (paired draws)", style="bold")
    table = _table("stay", *PRICES)
    for stay in s.stays:
        table.add_row(str(stay), *(_plus_minus(price(study, stay, name)) for name in PRICES))
    out.print(table)


def price(study: Study, stay: Fraction, name: str) -> Estimate:
    """How much less the cloud gets under the second contract than under the first."""
    first, second = PRICES[name]
    return mean(study.sample(first, stay, "cloud") - study.sample(second, stay, "cloud"))


def write_csv(study: Study, path: Path) -> None:
    """All means and their intervals, and the prices, one a row."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for stay in study.settings.stays:
            for contract in CONTRACTS:
                for measure in MEASURES:
                    found = mean(study.sample(contract, stay, measure))
                    writer.writerow(
                        [stay, contract, measure, *map(_digits, found[:3]), found.number]
                    )
            for name in PRICES:
                found = price(study, stay, name)
                writer.writerow(
                    [stay, "", f"price of {name}", *map(_digits, found[:3]), found.number]
                )


def charts(study: Study) -> Iterator[tuple[str, Chart]]:
    """A chart for each measure over the chance to stay, and one of the prices."""
    stays = study.settings.stays
    note = f"means of {study.settings.draws} draws with {CONFIDENCE:.0%} confidence intervals"
    x = "chance that a server keeps its level of willingness"
    at = [float(s) for s in stays]
    for name, measure in MEASURES.items():
        lines = {c: _line([mean(study.sample(c, s, name)) for s in stays]) for c in CONTRACTS}
        yield f"contract-{name}", Chart(measure.title, x, measure.unit, at, lines, note)
    lines = {name: _line([price(study, s, name) for s in stays]) for name in PRICES}
    yield (
        "contract-prices",
        Chart(
            "What the cloud loses by",
            x,
            "money per server, contributing or not, both periods",
            at,
            lines,
            note,
        ),
    )


def _line(estimates: list[Estimate]) -> Line:
    values, low, high, _ = (np.array(part, dtype=float).tolist() for part in zip(*estimates))
    return Line(values, low, high)


def _table(*columns: str) -> Table:
    table = Table(box=PLAIN, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for n, column in enumerate(columns):
        table.add_column(column, justify="right" if n else "left", no_wrap=True)
    return table


def _plus_minus(found: Estimate) -> str:
    if math.isnan(found.value):
        return "undefined"
    half = found.high - found.value
    return f"{round(found.value, 3) + 0.0:.3f}" + ("" if math.isnan(half) else f" ± {half:.3f}")


def _digits(value: float) -> str:
    return f"{value:.9g}"
