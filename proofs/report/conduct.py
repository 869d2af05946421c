"""How code behaves, where that is not as it should be and nobody asked: told where it cannot be missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from proofs.verdict import OWN_TIES, Finding, Verdict
from properties.registry import GROUPS, id_about, property_of

CONDUCT = {id_about(name, kind) for name in GROUPS["conduct"] for kind in ("auction", "matching")}


def unasked(findings: Sequence[Finding]) -> list[Finding]:
    """What of the conduct of code is refuted, and decides no exit status."""
    return [
        f
        for f in findings
        if f.verdict is Verdict.REFUTED
        and f.property in CONDUCT
        and f.scope.ties == OWN_TIES
        and not (f.asked or f.claim)
    ]


def beware(findings: Sequence[Finding], numbers: Mapping[int, int] | None = None) -> str:
    """All of it in one line, or nothing; `numbers` are those of the counterexamples, by the id of the finding."""
    numbers = numbers or {}
    each = [
        f"{property_of(f.property).story} ({f.property}"
        + (f", #{numbers[id(f)]})" if id(f) in numbers else ")")
        for f in unasked(findings)
    ]
    return "; ".join(each)


def names(findings: Sequence[Finding]) -> str:
    """The properties that are refuted and were not asked for, as the end of a sentence; or nothing."""
    found = [f.property for f in unasked(findings)]
    if not found:
        return ""
    are = "is" if len(found) == 1 else "are"
    return (
        f"{' and '.join(found)} {are} refuted, which counts only if asked for (--property conduct)"
    )
