"""JUnit XML, as CI pages read it: a suite for each mechanism, a case for each finding.

Only what is decided, and as claimed, passes. A case that fails, breaks or is skipped says why.
"""

from __future__ import annotations

from xml.etree import ElementTree as xml

from proofs.report import told
from proofs.report.formats import Report
from proofs.report.versions import own_version
from proofs.verdict import Audit, Finding, Verdict

# What XML 1.0 cannot hold, whatever way it is written.
FORBIDDEN = {n: "?" for n in range(32) if chr(n) not in "\t\n\r"} | {0xFFFE: "?", 0xFFFF: "?"}


def outcome(finding: Finding) -> str:
    """``failure``, ``error`` or ``skipped``; nothing for a case that passes."""
    if finding.verdict is Verdict.ERROR:
        return "error"
    if finding.against_claim:
        return "failure"
    if finding.verdict is Verdict.REFUTED:
        # As claimed, it stands. What nobody claimed has not failed, but it has not passed either.
        return "" if finding.claim == "fails" else "skipped"
    return "" if finding.verdict is Verdict.PROVED else "skipped"


def text(report: Report) -> str:
    """The report as XML."""
    root = xml.Element("testsuites", {"name": "strategyproof", **_counts(report.findings)})
    root.set("time", f"{report.seconds:.3f}")
    for audit in report.audits:
        _suite(root, audit, report)
    xml.indent(root)
    return xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: xml.Element, audit: Audit, report: Report) -> None:
    counted = {"name": _clean(audit.mechanism), **_counts(audit.findings)}
    suite = xml.SubElement(root, "testsuite", counted)
    suite.set("time", f"{sum(f.seconds for f in audit.findings):.3f}")
    properties = xml.SubElement(suite, "properties")
    known = {"target": report.target, "seed": report.seed, "strategyproof": own_version()}
    known |= {"interrupted": "yes"} if report.interrupted else {}
    for name, value in {**known, **audit.parameters}.items():
        xml.SubElement(properties, "property", name=name, value=_clean(str(value)))
    for finding in audit.findings:
        _case(suite, finding, report)


def _case(suite: xml.Element, finding: Finding, report: Report) -> None:
    case = xml.SubElement(
        suite,
        "testcase",
        classname=_clean(finding.mechanism),
        # A green "dsic" must not stand for a claim that it fails.
        name=_clean(
            told.name(finding)
            + (" (fails)" if finding.claim == "fails" and not finding.asked else "")
        ),
        time=f"{finding.seconds:.3f}",
    )
    message, details = told.headline(finding, report), told.counterexample(finding, report)
    if result := outcome(finding):
        why = f" ({told.against(finding)})" if result == "failure" else ""
        note = xml.SubElement(case, result, message=_clean(message + why))
        if result != "skipped":
            note.set("type", str(finding.verdict))
            note.text = _clean(details or str(finding.budget.get("detail", "")))
        return
    xml.SubElement(case, "system-out").text = _clean("\n".join(filter(None, [message, details])))


def _counts(findings: list[Finding] | tuple[Finding, ...]) -> dict[str, str]:
    results = [outcome(f) for f in findings]
    counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    number = {name: str(results.count(result)) for name, result in counted.items()}
    return {"tests": str(len(results)), **number}


def _clean(text: str) -> str:
    return text.translate(FORBIDDEN)
