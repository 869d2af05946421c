"""What the user reads: one table for each mechanism, then the counterexamples, then what it comes to."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mechanism.rule import Rule
from proofs.counterexample import Counterexample
from proofs.report import conduct, rounds, rows, story
from proofs.report.console import PLAIN, as_text
from proofs.report.json_evidence import counterexample_json
from proofs.report.rows import STYLES
from proofs.restore import obligation_of
from proofs.verdict import Audit, Finding, Number, Proof, Verdict
from properties.property import Obligation


def audits_text(audits: Sequence[Audit], **options: Any) -> str:
    """The report of audits as plain text; the options are those of `show_audits`."""
    return as_text(lambda out: show_audits(out, audits, **options))


def show_audits(
    out: Console,
    audits: Sequence[Audit],
    *,
    verbose: bool = False,
    rules: Mapping[str, Rule] | None = None,
) -> None:
    """Print audits.

    Parameters
    ----------
    out : Console
    audits : sequence of Audit
    verbose : bool
        With the table of every counterexample, the JSON, and the steps of every proof.
    rules : mapping of str to Rule, optional
        The audited rules by id, where they are neither in the catalogue nor in a file.
    """
    number = 0
    for audit in audits:
        rule = (rules or {}).get(audit.mechanism)
        numbered: dict[int, Finding] = {}
        for finding in audit.findings:
            if counterexample_in(finding) is not None:
                number += 1
                numbered[number] = finding
        of_findings = {id(f): n for n, f in numbered.items()}
        _headline(out, audit)
        if told := conduct.beware(audit.findings, of_findings):
            out.print(Text("BEWARE: ", style=STYLES[Verdict.REFUTED]) + Text(told, style="bold"))
        out.print(rows.shown(audit, of_findings, out.width))
        _arguments(out, audit)
        for n, finding in numbered.items():
            _counterexample(out, n, finding, rule, verbose)
        if verbose:
            _steps(out, audit)


def counterexample_in(finding: Finding) -> Counterexample | None:
    """The counterexample, or the profile that witnesses a number."""
    if isinstance(finding.evidence, Number):
        return finding.evidence.witness
    return finding.evidence if isinstance(finding.evidence, Counterexample) else None


def _headline(out: Console, audit: Audit) -> None:
    # The tables of a menu are its items: they are long, and a counterexample shows those that matter.
    whole = all(f.scope.called == "agent" for f in audit.findings)
    shown = {n: v for n, v in audit.parameters.items() if whole or not isinstance(v, tuple)}
    parts = [f"{name} = {story.plain(value)}" for name, value in shown.items()]
    domain = next((f.scope.domain for f in audit.findings if f.scope.domain), "")
    if domain:
        parts += [f"types and reports: {domain}", f"ties: {rows.ties_told(audit.ties)}"]
    title = f"{audit.mechanism}: {audit.title}" if audit.title else audit.mechanism
    out.print(
        Text(title, style="bold")
        + Text(f"  ({'; '.join(parts)})" if parts else "", style="not bold")
    )
    for note in audit.notes:
        out.print(f"on the edge: {note}")


# --- counterexamples and proofs --------------------------------------------------------------------


def _counterexample(
    out: Console, n: int, finding: Finding, rule: Rule | None, verbose: bool
) -> None:
    found = counterexample_in(finding)
    assert found is not None
    obligation = obligation_of(found, rule)
    out.print()
    head = Text(f"#{n} {finding.property} ", style="bold")
    head += Text(finding.verdict.name, style=STYLES[finding.verdict])
    out.print(head + Text(f" ({_said(finding)})", style="not bold"))
    # What nobody claimed or asked for is told in a sentence; there may be many of them.
    whole = verbose or bool(finding.claim) or finding.asked
    number = finding.evidence if isinstance(finding.evidence, Number) else None
    if whole and finding.reason and not found.minimal and number is None:
        doubts = "; ".join(dict.fromkeys(finding.reason.split("; ")))
        out.print(f"Perhaps not the smallest: {doubts}.")
    show_counterexample(out, found, obligation, whole=whole, rule="" if rule is None else "rule")
    if number is not None and number.twice is not None:
        out.print(f"With twice that {_grown(number)} the gain is {number.twice.margin}, and so on.")
    if verbose:
        out.print(json.dumps(counterexample_json(found, rule)), soft_wrap=True)


def _grown(number: Number) -> str:
    """What differs between a witness and the one with twice the gain."""
    assert number.witness is not None
    assert number.twice is not None
    one, other = number.witness.instance.tables, number.twice.instance.tables
    return " and ".join(name for name in one if one[name] != other[name])


def _said(finding: Finding) -> str:
    by = f" by {finding.claim_reference}" if finding.claim_reference else ""
    when = f" if {finding.condition}" if finding.condition else ""
    if finding.verdict is not Verdict.REFUTED:
        unbounded = isinstance(finding.evidence, Number) and finding.evidence.twice is not None
        return "a profile that shows it" if unbounded else "a profile that comes to it"
    if finding.claim == "holds":
        return f"claimed to hold{when}{by}"
    if finding.claim == "fails":
        return f"as claimed{when}{by}"
    return "asked for" if finding.asked else "nothing is claimed"


def show_counterexample(
    out: Console,
    found: Counterexample,
    obligation: Obligation,
    *,
    whole: bool = True,
    rule: str = "",
) -> None:
    """Print a counterexample: the sentence, the table, and the line of Python."""
    out.print(story.sentence(found, obligation))
    if whole:
        out.print(Padding(_grid(story.grid(found, obligation)), (0, 0, 0, 2), expand=False))
        told = story.circumstances(found, obligation) + rounds.told(obligation, found.instance)
        for line in told:
            out.print(f"  {line}")
        if found.robust is not None and not obligation.rule.reports:
            out.print(f"  The largest: {story.sentence(found.robust, obligation)}")
        elif found.robust is not None:
            values = ", ".join(
                story.entry(found.robust, obligation, v) for v in _types(found.robust, obligation)
            )
            sentence = story.sentence(found.robust, obligation)
            out.print(f"  Where no tie is broken, with values {values}: {sentence}")
    out.print(story.python_line(found, rule), soft_wrap=True)


def _types(found: Counterexample, obligation: Obligation) -> list[Any]:
    each = list(
        zip(*(found.instance.tables[b.truth.name] for b in obligation.rule.reports), strict=True)
    )
    return [types[0] if len(types) == 1 else types for types in each]


def _grid(content: story.Grid) -> Table:
    table = Table(box=PLAIN, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for head in content.heads:
        table.add_column(head, overflow="fold")
    for row in content.rows:
        table.add_row(*row)
    return table


def _arguments(out: Console, audit: Audit) -> None:
    """Why the proofs prove it: each argument once, whatever numbers it comes to in each case."""
    said: dict[tuple[str, str], list[Finding]] = {}
    for finding in audit.findings:
        if isinstance(proof := finding.evidence, Proof):
            said.setdefault((proof.argument, _general(proof.reason)), []).append(finding)
    if said:
        out.print()
    for (argument, general), proved in said.items():
        reasons = {f.evidence.reason for f in proved if isinstance(f.evidence, Proof)}
        several = [a for a, _ in said].count(argument) > 1
        where = f" ({', '.join(f.property for f in proved)})" if several else ""
        told = Text(f"by {argument}{where}: ", style="bold")
        out.print(told + Text(reasons.pop() if len(reasons) == 1 else general, style="not bold"))


def _general(reason: str) -> str:
    """A reason with its numbers of agents and outcomes left open."""
    return re.sub(
        r"\b\d+ (agent|type|good|outcome|partition|matching|bundle|slot|rank)s?\b",
        r"so many \1s",
        reason,
    )


def _steps(out: Console, audit: Audit) -> None:
    for finding in audit.findings:
        if isinstance(proof := finding.evidence, Proof):
            out.print()
            head = Text(f"{finding.property} PROVED", style="bold")
            out.print(head + Text(f" by {proof.argument}: {proof.reason}", style="not bold"))
            for step in proof.steps:
                out.print(f"  {step}")


def counts(findings: Sequence[Finding]) -> str:
    """How many of each verdict; a search that found nothing is never counted with the proofs."""
    number = Counter(f.verdict for f in findings)
    told = [f"{number[v]} {v.value.replace('-', ' ')}" for v in Verdict if number[v]]
    return ", ".join(told) or "nothing was checked"
