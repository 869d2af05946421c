"""``strategyproof study``: simulations, beside what is proved."""

from __future__ import annotations

import click

from proofs.cli.lazy import LazyGroup
from proofs.study.registry import STUDIES


@click.group(
    "study",
    cls=LazyGroup,
    modules={name: module for name, (module, _) in STUDIES.items()},
    kind="study",
    short_help="Rerun a simulation study.",
)
def command() -> None:
    """Rerun a simulation study: tables, a CSV, and figures."""
