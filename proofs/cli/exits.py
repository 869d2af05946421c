"""What the exit code of an audit is, and why."""

from __future__ import annotations

from collections.abc import Sequence

from proofs.report.conduct import names
from proofs.verdict import Finding, Verdict

ERROR, REFUTED, UNDECIDED, NOTHING = 2, 1, 3, 5


def exit_code(findings: Sequence[Finding], strict: bool = False) -> tuple[int, str]:
    """The exit code, the first that applies, and what decided it; and what does not decide, but matters."""
    code, why = _decided(findings, strict)
    return code, "; ".join(filter(None, [why, names(findings)]))


def _decided(findings: Sequence[Finding], strict: bool) -> tuple[int, str]:
    broken = [f for f in findings if f.verdict is Verdict.ERROR]
    if broken:
        return ERROR, _names(broken, "ended in an error of the program")
    against = [f for f in findings if f.against_claim]
    if against:
        return REFUTED, "; ".join(_against(f) for f in against)
    counted = [f for f in findings if f.claim or f.asked]
    ran = [f for f in findings if f.verdict is not Verdict.NOT_APPLICABLE]
    loose = [f for f in counted if f in ran and not f.decided]
    if strict and loose:
        return UNDECIDED, _names(loose, "not decided, and --strict was given")
    if not ran:
        return NOTHING, "no check ran: no property applies"
    if not counted:
        return 0, "nothing is claimed and nothing was asked for"
    if loose:
        return 0, _names(loose, "not decided, which counts only with --strict; all else stands")
    return 0, "all that is claimed or asked for stands"


def _against(finding: Finding) -> str:
    if finding.verdict is Verdict.PROVED:
        return f"{finding.property} is claimed to fail, and is proved"
    return f"{finding.property} is {'claimed to hold' if finding.claim == 'holds' else 'asked for'}, and is refuted"


def _names(findings: Sequence[Finding], told: str) -> str:
    return f"{', '.join(dict.fromkeys(f.property for f in findings))}: {told}"
