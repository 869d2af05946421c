"""SARIF 2.1.0, which code scanning reads: a result for each refutation, at the line of the mechanism.

Code scanning shows every result as an alert, whatever its kind, and takes none without a place. So results are
only what was claimed or asked for and does not hold; what was not decided is told as notifications of the run,
and so is how code behaves, where nobody asked.

References
----------
OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, 2020.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from proofs.report import told
from proofs.report.conduct import unasked
from proofs.report.formats import Report
from proofs.report.place import place
from proofs.report.text import counts
from proofs.report.versions import own_version
from proofs.verdict import Finding, Verdict
from properties.registry import property_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def text(report: Report) -> str:
    """The report as the text of a SARIF log."""
    return json.dumps(log(report), indent=2) + "\n"


def log(report: Report) -> dict[str, Any]:
    """The report as a SARIF log."""
    findings = report.findings
    against = [f for f in findings if f.against_claim]
    names = list(dict.fromkeys(f.property for f in findings))
    loose = [f for f in findings if f.verdict is Verdict.ERROR or _undecided(f)]
    loose += unasked(findings)
    run = {
        "tool": {
            "driver": {
                "name": "strategyproof",
                "version": own_version(),
                "rules": [_descriptor(name) for name in names],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not report.interrupted
                and all(f.verdict is not Verdict.ERROR for f in findings),
                "toolExecutionNotifications": [_notification(f, names, report) for f in loose],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, names, report) for f in against],
        "properties": {"target": report.target, "seed": report.seed, "counts": counts(findings)},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _undecided(finding: Finding) -> bool:
    asked = bool(finding.claim) or finding.asked
    return asked and not finding.decided and finding.verdict is not Verdict.NOT_APPLICABLE


def _descriptor(name: str) -> dict[str, Any]:
    found = property_of(name)
    return {
        "id": found.id,
        "name": "".join(part.capitalize() for part in found.id.split("-")),
        "shortDescription": {"text": found.title or found.id},
        "fullDescription": {"text": found.statement or found.title or found.id},
        "defaultConfiguration": {"level": "error"},
    }


def _notification(finding: Finding, names: list[str], report: Report) -> dict[str, Any]:
    return {
        "level": "error" if finding.verdict is Verdict.ERROR else "warning",
        "message": {"text": _message(finding, report)},
        "associatedRule": {"id": finding.property, "index": names.index(finding.property)},
    }


def _result(finding: Finding, names: list[str], report: Report) -> dict[str, Any]:
    # Two runs that find the same about the same mechanism tell of one and the same alert.
    same = [finding.mechanism, finding.property, finding.condition]
    return {
        "ruleId": finding.property,
        "ruleIndex": names.index(finding.property),
        "kind": "fail",
        "level": "error",
        "message": {"text": _message(finding, report)},
        "locations": [_location(finding, report)],
        "partialFingerprints": {"mechanismAndProperty/v1": _hash(same)},
        "properties": {"verdict": str(finding.verdict), "scope": str(finding.scope)},
    }


def _message(finding: Finding, report: Report) -> str:
    said = f" ({told.against(finding)})" if finding.against_claim else ""
    return f"{finding.mechanism}: {told.name(finding)} {told.headline(finding, report)}{said}"


def _location(finding: Finding, report: Report) -> dict[str, Any]:
    logical = {"logicalLocations": [{"fullyQualifiedName": finding.mechanism, "kind": "function"}]}
    found = place(report.target) or place(finding.mechanism)
    if found is None:
        return logical
    file, line = found
    where = {"artifactLocation": {"uri": _uri(file)}, "region": {"startLine": line}}
    return {"physicalLocation": where, **logical}


def _uri(file: Path) -> str:
    """Relative to the current folder where the file is in it, as code scanning wants it."""
    from urllib.parse import quote

    path, here = file.resolve(), Path.cwd().resolve()
    return quote(path.relative_to(here).as_posix()) if path.is_relative_to(here) else path.as_uri()


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
