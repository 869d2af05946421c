"""The findings of an audit as rows: what was asked, what came of it, for which scope and on what evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proofs.counterexample import Counterexample
from proofs.report.console import PLAIN
from proofs.verdict import OWN_TIES, Audit, Finding, Number, Proof, Search, Verdict, counted

NARROW = 80  # columns; a table needs as many
STYLES = {
    Verdict.PROVED: "bold green",
    Verdict.REFUTED: "bold red",
    Verdict.UNREFUTED: "yellow",
    Verdict.UNDECIDED: "magenta",
    Verdict.VACUOUS: "magenta",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.ERROR: "bold white on red",
}


def ties_told(ties: str) -> str:
    """How ties fall, where a row does not say more, in words."""
    return "as the code breaks them" if ties == OWN_TIES else f"{ties} unless stated"


def shown(audit: Audit, numbers: Mapping[int, int], width: int) -> RenderableType:
    """The findings as a table, or one below the other where there is no room for one.

    Parameters
    ----------
    audit : Audit
    numbers : mapping of int to int
        The number of each counterexample, by the id of its finding.
    width : int
        Of what is printed to.
    """
    rows = list(_rows(audit, numbers))
    if width < NARROW:
        return Group(*(part for row in rows for part in _stacked(*row)))
    grid = Table(box=PLAIN, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    grid.add_column("property", no_wrap=True)
    grid.add_column("claim")
    grid.add_column("verdict", no_wrap=True)
    grid.add_column("scope")
    grid.add_column("evidence", ratio=1)
    grid.add_column("time", justify="right", no_wrap=True)
    for row in rows:
        grid.add_row(*row)
    return grid


def _stacked(
    name: str, claim: Text, verdict: Text, scope: str, found: str, seconds: str
) -> Iterator[RenderableType]:
    """The cells of a row on lines of their own."""
    yield Text.assemble(name, " ", verdict, " (", claim, ")", overflow="fold")
    told = "; ".join(filter(None, [scope, found, seconds]))
    yield Padding(Text(told, overflow="fold"), (0, 0, 0, 2))


def _rows(audit: Audit, numbers: Mapping[int, int]) -> Iterator[tuple]:
    for finding in audit.findings:
        if finding.verdict is Verdict.NOT_APPLICABLE and not (finding.asked or finding.claim):
            continue  # counted below the tables
        yield (
            finding.property,
            Text(_claim(finding), style="bold red" if finding.against_claim else ""),
            Text(finding.verdict.name, style=STYLES[finding.verdict]),
            "" if finding.verdict is Verdict.NOT_APPLICABLE else _scope(finding, audit.ties),
            evidence(finding, numbers.get(id(finding))),
            f"{finding.seconds:.2f} s",
        )


def _claim(finding: Finding) -> str:
    claim = finding.claim or ("asked" if finding.asked else "-")
    return f"{claim} if {finding.condition}" if finding.condition else claim


def _scope(finding: Finding, ties: str) -> str:
    scope = finding.scope
    if scope.condition == finding.condition:  # the claim says it already
        scope = replace(scope, condition="")
    return str(scope) + (f", ties: {scope.ties}" if scope.ties not in (ties, OWN_TIES) else "")


def evidence(finding: Finding, number: int | None = None) -> str:
    """The evidence in a few words."""
    found, called = finding.evidence, finding.scope.called
    if isinstance(found, Counterexample):
        margin = "undefined" if found.margin is None else f"margin {found.margin}"
        size = "none is smaller" if found.minimal else "perhaps not the smallest"
        return f"#{number}: {counted(found.agents, called)}, {margin}, {size}"
    if isinstance(found, Proof):
        cutoff = "" if found.cutoff is None else f"exact cut-off at {counted(found.cutoff, called)}"
        return ", ".join(filter(None, [f"by {found.argument}", cutoff, finding.reason]))
    if isinstance(found, Search):
        told = f"no counterexample in {found.profiles:,} profiles"
        return "; ".join(filter(None, [told, found.detail, finding.reason]))
    if isinstance(found, Number) and found.values:
        each = [
            f"{counted(n, called)}: "
            + ("unbounded" if value is None else f"{value}{'' if attained else ' (approached)'}")
            for n, value, attained in found.values
        ]
        why = found.reason if found.twice is not None else ""
        return "; ".join(filter(None, [", ".join(each), why, f"see #{number}" if number else ""]))
    return finding.reason
