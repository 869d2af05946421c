"""A summary in Markdown, for the page of a CI run: a table, and what was refuted opened up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from proofs.report import told
from proofs.report.conduct import beware
from proofs.report.formats import Report
from proofs.report.rows import evidence
from proofs.report.text import counterexample_in, counts
from proofs.verdict import Audit, Finding, Verdict

HEADS = ("property", "claim", "verdict", "scope", "evidence", "time")


def text(report: Report) -> str:
    """The report as Markdown."""
    parts = [_mechanism(audit, report) for audit in report.audits]
    end = "Interrupted: this is what was found until then. " if report.interrupted else ""
    parts.append(f"{end}{counts(report.findings)}; {report.seconds:.1f} s, seed {report.seed}.")
    return "\n\n".join(parts) + "\n\n"


def _mechanism(audit: Audit, report: Report) -> str:
    title = f"{audit.mechanism}: {audit.title}" if audit.title else audit.mechanism
    lines = [f"### {_escaped(title)}", "", _line(HEADS), _line(["---"] * len(HEADS))]
    shown = [f for f in audit.findings if f.against_claim and counterexample_in(f) is not None]
    if told := beware(audit.findings):
        lines[1:1] = ["", f"**Beware:** {_escaped(told)}"]
    rows = [_line(_row(finding)) for finding in audit.findings]
    return "\n".join([*lines, *rows, *(_opened(f, report) for f in shown)])


def _row(finding: Finding) -> list[str]:
    claim = finding.claim or ("asked" if finding.asked else "-")
    claim += f" if {finding.condition}" if finding.condition else ""
    verdict = f"**{finding.verdict.name}**" if finding.decided else _escaped(finding.verdict.name)
    mark = ""
    if finding.against_claim:
        mark = f" ({'asked for' if told.against(finding) == 'asked for' else 'against the claim'})"
    scope = "" if finding.verdict is Verdict.NOT_APPLICABLE else str(finding.scope)
    why = evidence(finding).removeprefix("#None: ")
    before, after = [finding.property, claim], [scope, why, f"{finding.seconds:.2f} s"]
    return [*map(_escaped, before), verdict + mark, *map(_escaped, after)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _opened(finding: Finding, report: Report) -> str:
    """A counterexample that opens on a click; the fence is longer than any in the text."""
    whole = told.counterexample(finding, report)
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", whole)), default=0))
    head = f"{finding.property}: {told.headline(finding, report)}"
    html = head.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"\n<details><summary>{html}</summary>\n\n{ticks}text\n{whole}\n{ticks}\n\n</details>"


def _escaped(text: str) -> str:
    """Text that is no mark-up and stays in its cell."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
