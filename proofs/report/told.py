"""A finding in one line, and its counterexample as text, for reports that other programs read."""

from __future__ import annotations

from mechanism.rule import Rule
from proofs.report import story, text
from proofs.report.console import as_text
from proofs.report.formats import Report
from proofs.report.rows import evidence
from proofs.restore import obligation_of
from proofs.verdict import Finding, Verdict


def name(finding: Finding) -> str:
    """The property, and the condition under which it was asked."""
    return finding.property + (f" if {finding.condition}" if finding.condition else "")


def headline(finding: Finding, report: Report) -> str:
    """What was found, in one line: the verdict, its scope, and the sentence of a counterexample or the reason."""
    found = text.counterexample_in(finding)
    if finding.verdict is Verdict.REFUTED and found is not None:
        why = story.sentence(found, obligation_of(found, _rule(finding, report)))
    else:
        why = evidence(finding)
    scope = "" if finding.verdict is Verdict.NOT_APPLICABLE else f" for {finding.scope}"
    return " ".join(f"{finding.verdict.name}{scope}: {why}".split())


def counterexample(finding: Finding, report: Report) -> str:
    """The counterexample whole (table, circumstances, line of Python), or nothing."""
    found = text.counterexample_in(finding)
    if found is None:
        return ""
    rule = _rule(finding, report)
    called = "" if rule is None else "rule"
    whole = as_text(
        lambda out: text.show_counterexample(out, found, obligation_of(found, rule), rule=called)
    )
    return "\n".join(line.rstrip() for line in whole.splitlines())


def against(finding: Finding) -> str:
    """What a finding that is against the claim is against."""
    by = f" by {finding.claim_reference}" if finding.claim_reference else ""
    if finding.verdict is Verdict.PROVED:
        return f"claimed to fail{by}"
    return f"claimed to hold{by}" if finding.claim == "holds" else "asked for"


def _rule(finding: Finding, report: Report) -> Rule | None:
    return report.rules.get(finding.mechanism)
