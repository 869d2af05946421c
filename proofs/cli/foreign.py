"""The options of ``strategyproof audit`` for code that somebody else wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from proofs.cli import options as types


class Claim(click.ParamType):
    """``PROPERTY=holds`` or ``PROPERTY=fails``."""

    name = "PROPERTY=holds|fails"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, str]:
        name, _, word = (part.strip() for part in str(value).partition("="))
        if word not in ("holds", "fails"):
            self.fail(f"'{value}' is no claim; write dsic=holds or dsic=fails", param, ctx)
        return name, word


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, in this order."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


OPTIONS = (
    click.option(
        "--as",
        "as_",
        metavar="SETTING",
        help="What code of somebody else is taken for: single-item, units:K, slots:CTR,CTR,..., assignment:GOODS, combinatorial:GOODS, double:BUYERS,SELLERS, procurement, public:OUTCOMES, matching or matching:PROPOSERS,RECEIVERS[,incomplete].",
    ),
    click.option(
        "--claim",
        "claims",
        type=Claim(),
        multiple=True,
        callback=types.unique,
        help="What is claimed of such code; repeatable.",
    ),
    click.option(
        "--reference",
        metavar="ID",
        help="Ask for conformance: such code does what this rule of the catalogue does, but for whom ties go to.",
    ),
    click.option(
        "--against",
        metavar="TARGET",
        help="Ask for conformance with a second implementation.",
    ),
    click.option(
        "--side",
        type=click.Choice(["proposers", "receivers"]),
        help="Of a matching, whose strategyproofness is asked about.",
    ),
    click.option(
        "--numbers",
        type=click.Choice(["json", "rational"]),
        default="json",
        show_default=True,
        help="How numbers go out to a program: as JSON numbers, or as strings like 3/7.",
    ),
    click.option(
        "--timeout",
        type=types.Seconds(),
        help="Seconds for one call of such code.  [default: 2]",
    ),
    click.option(
        "--memory",
        metavar="MB",
        type=click.IntRange(64),
        help="Megabytes for a process that runs such code.  [default: 2048]",
    ),
)
