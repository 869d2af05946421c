"""``strategyproof screen``: many menus at once, and the smallest repair of those that fail."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mechanism.errors import InputError
from proofs.cli import options

if TYPE_CHECKING:
    import numpy as np

    from mechanism.contracts import Menu
    from proofs.repair import Repair
    from proofs.screen import Screened

SHOWN = 5


@click.command(
    "screen", short_help="Many menus at once: which are feasible, and the smallest repairs."
)
@click.argument("template")
@click.argument("batch")
@click.option(
    "--repair",
    "repairs",
    metavar="N",
    type=click.IntRange(0),
    default=0,
    help="Find the smallest repair of the first N menus that are not feasible.",
)
@click.option(
    "--json",
    "json_file",
    metavar="FILE|-",
    callback=options.writable_file,
    help="Write one JSON object for each menu, line by line.",
)
def command(template: str, batch: str, repairs: int, json_file: str | None) -> int:
    """Screen the menus of BATCH, whose types, payoff and so on are those of TEMPLATE.

    TEMPLATE is a menu in JSON. BATCH is a numpy file (.npy) of the shape (menus, items, 2), a quality and
    a reward for each item, those of the types first and then those after each first report; or JSON
    lines, each with items and, for two periods, second. A menu is feasible when it is incentive
    compatible and individually rational, exactly. The exit code is 1 when some menu is not. Repairs of
    menus with many types need scipy (pip install 'strategyproof[design]').
    """
    from mechanism.contracts import read_menu
    from proofs.repair import repair
    from proofs.screen import array_of, screen

    given = read_menu(template)
    told = _read(given, batch)
    if len(told) == 0:
        raise InputError(f"{batch}: there are no menus in it")
    menus = array_of(given, told)
    began = time.perf_counter()
    found = screen(given, menus)
    seconds = time.perf_counter() - began
    failing = [n for n in range(len(found)) if not found.feasible[n]]
    repaired = {n: repair(given, menus[n]) for n in failing[:repairs]}
    if json_file != "-":
        _show(found, repaired, seconds)
    if json_file:
        text = "".join(json.dumps(line) + "\n" for line in _lines(found, repaired))
        click.echo(text, nl=False) if json_file == "-" else Path(json_file).write_text(
            text, "utf-8"
        )
    return 1 if failing else 0


def _read(template: Menu, batch: str) -> Any:
    import numpy as np

    if batch.endswith(".npy"):
        try:
            return np.load(batch, allow_pickle=False)
        except (OSError, ValueError) as error:
            raise InputError(f"{batch} cannot be read as a numpy array: {error}") from error
    from dataclasses import replace

    from mechanism.contracts.json_text import read_lines

    menus = []
    for n, line in enumerate(read_lines(batch)):
        try:
            menus.append(replace(template, items=line.get("items", ()), second=line.get("second")))
        except InputError as error:
            raise InputError(f"{batch}, menu {n}: {error}") from error
    return menus


def _show(found: Screened, repaired: dict[int, Repair], seconds: float) -> None:
    import numpy as np

    verdicts = found.verdicts
    count = {word: int((verdicts == word).sum()) for word in ("feasible", "nearly", "infeasible")}
    click.echo(
        f"{len(found):,} menus: {count['feasible']:,} feasible (each confirmed exactly), "
        f"{count['nearly']:,} violated by no more than doubles can tell, {count['infeasible']:,} infeasible; "
        f"{seconds:.2f} s"
    )
    for name, margins in found.margins.items():
        broken = margins > 0
        if broken.any():
            worst = int(np.argmax(margins))
            roles = ", ".join(map(str, found.worst[name][worst]))
            click.echo(
                f"  {name}: violated by {int(broken.sum()):,}; most by menu {worst}, {margins[worst]:.6g} "
                f"(types {roles})"
            )
        else:
            click.echo(
                f"  {name}: violated by none; the closest has {0 - margins.max():.6g} to spare"
            )
    for n, one in list(repaired.items())[:SHOWN]:
        if one.items is None:
            used = "; ".join(f"{y} times {name}" for name, y in one.multipliers)
            click.echo(
                f"  menu {n}: no change of rewards alone repairs it: {used} ask for less than nothing"
            )
        else:
            rewards = ", ".join(f"{float(r):.6g}" for _, r in one.items)
            click.echo(f"  menu {n}: repaired by changing rewards by {float(one.change or 0):.6g} in total: {rewards}")  # fmt: skip


def _lines(found: Screened, repaired: dict[int, Repair]) -> Iterator[dict[str, Any]]:
    for n, verdict in enumerate(found.verdicts):
        line: dict[str, Any] = {
            "menu": n,
            "verdict": str(verdict),
            "margins": {name: float(m[n]) for name, m in found.margins.items()},
            "worst": {name: _ints(w[n]) for name, w in found.worst.items()},
        }
        if n in repaired:
            line["repair"] = _repair(repaired[n])
        yield line


def _ints(row: np.ndarray) -> list[int]:
    return [int(k) for k in row]


def _repair(one: Repair) -> dict[str, Any]:
    because = {name: str(y) for name, y in one.multipliers}
    if one.items is None:
        return {"possible": False, "because": because}
    return {
        "possible": True,
        "because": because,
        "change": str(one.change),
        "rewards": [str(r) for _, r in one.items],
    }
