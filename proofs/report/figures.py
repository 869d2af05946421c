"""Line charts of a study, as SVG and PNG. They need matplotlib, the extra ``study``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from mechanism.errors import MissingExtra

FORMATS = ("svg", "png")
# Told apart without colour, too: the palette of Okabe and Ito, a marker and a dash each.
STYLES: tuple[tuple[str, str, Any], ...] = (
    ("#0072B2", "o", "-"),
    ("#009E73", "s", "--"),
    ("#D55E00", "^", "-."),
    ("#E69F00", "D", ":"),
    ("#56B4E9", "v", (0, (5, 1, 1, 1))),
    ("#000000", "x", (0, (3, 1))),
    ("#CC79A7", "P", "-"),
)
FAR = 0.4  # a gap of this share of the whole range interrupts the axis


class Line(NamedTuple):
    """One line: at each x a value with the ends of its confidence interval."""

    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


class Chart(NamedTuple):
    """What is drawn.

    Parameters
    ----------
    title, x, y : str
        The title and the labels of the axes, with units.
    at : sequence of number
        The places on the x axis.
    lines : mapping of str to Line
        By what stands in the legend; the order decides the style.
    note : str
        Small print below.
    """

    title: str
    x: str
    y: str
    at: Sequence[float]
    lines: Mapping[str, Line]
    note: str = ""


def matplotlib() -> Any:
    """The library, drawing to files.

    Raises
    ------
    MissingExtra
        If it is not installed.
    """
    try:
        library = import_module("matplotlib")
    except ImportError as error:
        raise MissingExtra(
            "figures need matplotlib: python -m pip install 'strategyproof[study]'; "
            "the tables and the CSV come without it"
        ) from error
    library.use("Agg")
    return library


def draw(chart: Chart, path: Path) -> list[Path]:
    """Draw a chart to files with the path's name, one for each format; return them.

    The same chart gives the same files, byte for byte, with the same version of matplotlib.
    """
    library = matplotlib()
    plots = import_module("matplotlib.pyplot")
    settings = {
        "svg.hashsalt": path.name,
        "svg.fonttype": "none",
        "font.size": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titleweight": "bold",
    }
    with library.rc_context(settings):
        parts = _parts(chart)
        figure, grid = plots.subplots(
            len(parts),
            sharex=True,
            squeeze=False,
            figsize=(7.2, 4.8),
            layout="constrained",
            height_ratios=[len(names) ** 0.5 for names in parts],
        )
        panels = grid[:, 0].tolist()
        for axes, names in zip(panels, parts):
            _lines(axes, chart, names)
            axes.grid(axis="y", color="#d9d9d9", linewidth=0.7)
            axes.set_axisbelow(True)
        if len(panels) > 1:
            _break(*panels)
        panels[0].set_title(chart.title)
        panels[-1].set(xlabel=chart.x, xticks=list(chart.at))
        figure.supylabel(chart.y, fontsize=10)
        handles = {
            name: line
            for axes in panels
            for line, name in zip(*axes.get_legend_handles_labels(), strict=True)
        }
        figure.legend(
            [handles[name] for name in chart.lines],
            list(chart.lines),
            loc="outside lower center",
            ncols=3,
            frameon=False,
            handlelength=3.4,
            title=chart.note,
            title_fontsize=8,
        )
        written = []
        for kind in FORMATS:
            file = path.with_suffix(f".{kind}")
            metadata = {"Date": None} if kind == "svg" else {"Software": None}
            figure.savefig(file, dpi=160, metadata=metadata)
            written.append(file)
        plots.close(figure)
    return written


def _parts(chart: Chart) -> list[list[str]]:
    """Which lines share a panel, from above: those that lie far above the others have one of their own."""
    finite = {n: [v for v in line.values if not math.isnan(v)] for n, line in chart.lines.items()}
    ends = sorted((min(v), max(v), name) for name, v in finite.items() if v)
    if len(ends) < 3:
        return [[*chart.lines]]
    tops = [max(e[1] for e in ends[: n + 1]) for n in range(len(ends) - 1)]
    gap, n = max((ends[n + 1][0] - top, n) for n, top in enumerate(tops))
    if gap < FAR * (max(e[1] for e in ends) - ends[0][0]):
        return [[*chart.lines]]
    above = {name for *_, name in ends[n + 1 :]}
    return [[n for n in chart.lines if n in above], [n for n in chart.lines if n not in above]]


def _break(above: Any, below: Any) -> None:
    """Show that the axis is interrupted between two panels."""
    above.spines.bottom.set_visible(False)
    above.tick_params(axis="x", length=0)
    mark = {"marker": [(-1, -0.6), (1, 0.6)], "markersize": 9, "linestyle": "none", "color": "k"}
    above.plot([0], [0], transform=above.transAxes, clip_on=False, mec="k", mew=1, **mark)
    below.plot([0], [1], transform=below.transAxes, clip_on=False, mec="k", mew=1, **mark)


def _lines(axes: Any, chart: Chart, names: Sequence[str]) -> None:
    for n, (name, line) in enumerate(chart.lines.items()):
        if name not in names:
            continue
        color, marker, dash = STYLES[n % len(STYLES)]
        axes.fill_between(chart.at, line.low, line.high, color=color, alpha=0.15, linewidth=0)
        axes.plot(
            chart.at,
            line.values,
            color=color,
            marker=marker,
            linestyle=dash,
            linewidth=1.7,
            markersize=max(8.5 - n, 4),  # of lines that coincide, all markers can be seen
            label=name,
        )
