"""``strategyproof replay``: re-run a counterexample exactly."""

from __future__ import annotations

import sys
from typing import Any

import click

from mechanism.errors import InputError
from proofs.cli.options import readable


@click.command("replay", short_help="Re-run a saved counterexample exactly.")
@click.argument("file", metavar="FILE")
@click.option(
    "--index", type=click.IntRange(1), help="Which counterexample of an audit's JSON, from 1."
)
@click.option(
    "--trust-source",
    is_flag=True,
    help="Run the text of the rule's file that was saved with the counterexample. It is Python: read it first.",
)
def command(file: str, index: int | None, trust_source: bool) -> int:
    """Re-run a counterexample and show it.

    FILE is what `audit --save` or `audit --json` wrote, or - for standard input. The exit code is 1 when the
    violation reproduces, 0 when it does not, and 2 when the file cannot be read.
    """
    if file != "-":
        readable(file)
    from proofs.replay import parse, read_text, replay
    from proofs.report.console import console
    from proofs.report.replayed import show_replay

    content = sys.stdin.read() if file == "-" else read_text(file)
    found = replay(choose(parse(content, file), file, index), trust_source=trust_source)
    show_replay(console(), found)
    return 1 if found.reproduced else 0


def choose(data: Any, file: str, index: int | None) -> Any:
    """The counterexample that is meant: the file itself, or one of those in an audit."""
    if not isinstance(data, dict):
        raise InputError(f"{file} holds no counterexample: it is not a JSON object")
    if "audits" not in data:
        data = data.get("evidence") or data
        if index not in (None, 1):
            raise InputError(f"{file} holds one counterexample, so that there is no number {index}")
        return data
    cases = list(_cases(data, file))
    if not cases:
        raise InputError(f"{file} holds no counterexample: nothing in it is refuted")
    if index is None and len(cases) > 1:
        listed = "\n".join(f"  {n}  {name}" for n, (name, _) in enumerate(cases, 1))
        raise InputError(
            f"{file} holds {len(cases)} counterexamples; choose with --index:\n{listed}"
        )
    if index is not None and index > len(cases):
        raise InputError(
            f"{file} holds {len(cases)} counterexamples, so that there is no number {index}"
        )
    return cases[(index or 1) - 1][1]


def _cases(data: Any, file: str) -> Any:
    """Every counterexample of an audit's JSON, in the order and with the numbers of the report."""
    try:
        for audit in data["audits"]:
            for finding in audit["findings"]:
                evidence = finding.get("evidence") or {}
                evidence = evidence.get("witness") or evidence
                if evidence.get("kind") == "counterexample":
                    yield f"{audit['mechanism']}: {finding['property']}", evidence
    except (AttributeError, KeyError, TypeError) as error:
        raise InputError(f"{file} is not the JSON of an audit: {error!r}") from error
