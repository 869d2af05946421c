"""Findings to and from JSON; the form is fixed by ``schema.json`` beside this file.

What is read back equals what was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from mechanism.errors import InputError
from mechanism.rule import Rule
from proofs.report.formats import Report
from proofs.report.json_evidence import evidence_from, evidence_json
from proofs.report.values import decode_parameters, encode_all, take
from proofs.report.versions import versions
from proofs.verdict import Audit, Finding, Scope, Verdict

SCHEMA = 1


def schema() -> str:
    """The text of the JSON schema."""
    return (resources.files("proofs.report") / "schema.json").read_text("utf-8")


def text(report: Report) -> str:
    """A report as the text of a JSON document."""
    whole = document(
        report.audits, seed=report.seed, interrupted=report.interrupted, rules=report.rules
    )
    return json.dumps(whole, indent=2) + "\n"


def document(
    audits: Iterable[Audit],
    *,
    seed: int = 0,
    interrupted: bool = False,
    rules: Mapping[str, Rule] | None = None,
) -> dict[str, Any]:
    """Audits as one JSON object.

    Parameters
    ----------
    audits : iterable of Audit
    seed : int
    interrupted : bool
        The audit was stopped before its end.
    rules : mapping of str to Rule, optional
        The audited rules by id, where they are neither in the catalogue nor in a file.
    """
    rules = rules or {}
    return {
        "schema": SCHEMA,
        "versions": versions(),
        "seed": seed,
        "interrupted": interrupted,
        "audits": [
            {
                "mechanism": audit.mechanism,
                "title": audit.title,
                "notes": list(audit.notes),
                "ties": audit.ties,
                "parameters": encode_all(audit.parameters),
                "findings": [finding_json(f, rules.get(f.mechanism)) for f in audit.findings],
            }
            for audit in audits
        ],
    }


def audits_from(data: Any) -> list[Audit]:
    """The audits in a JSON object.

    Raises
    ------
    InputError
        When it is not one, saying what it lacks.
    """
    if (number := take(data, "schema", int)) != SCHEMA:
        raise InputError(
            f"this is schema {number} of the audit's JSON; this version reads {SCHEMA}"
        )
    seed = take(data, "seed", int, 0)
    return [
        Audit(
            mechanism=(name := take(audit, "mechanism", str)),
            parameters=decode_parameters(take(audit, "parameters", Mapping, {})),
            findings=tuple(finding_from(f, name, seed) for f in take(audit, "findings", list)),
            title=take(audit, "title", str, ""),
            notes=tuple(take(audit, "notes", list, [])),
            ties=take(audit, "ties", str, "lowest-index"),
        )
        for audit in take(data, "audits", list)
    ]


def finding_json(finding: Finding, rule: Rule | None = None) -> dict[str, Any]:
    """One finding; its mechanism and seed stand in the document around it."""
    return {
        "property": finding.property,
        "claim": finding.claim,
        "reference": finding.claim_reference,
        "condition": finding.condition,
        "asked": finding.asked,
        "verdict": str(finding.verdict),
        "reason": finding.reason,
        "scope": _scope(finding.scope),
        "evidence": evidence_json(finding.evidence, rule),
        "seconds": finding.seconds,
        "budget": dict(finding.budget),
    }


def finding_from(data: Any, mechanism: str, seed: int = 0) -> Finding:
    """The finding that was written."""
    verdict = take(data, "verdict", str)
    if verdict not in list(Verdict):
        raise InputError(f"'{verdict}' is no verdict; there are {', '.join(Verdict)}")
    return Finding(
        mechanism=mechanism,
        property=take(data, "property", str),
        verdict=Verdict(verdict),
        scope=_scope_from(take(data, "scope", Mapping)),
        evidence=evidence_from(take(data, "evidence", Mapping, None)),
        claim=take(data, "claim", str, ""),
        claim_reference=take(data, "reference", str, ""),
        condition=take(data, "condition", str, ""),
        asked=take(data, "asked", bool, False),
        reason=take(data, "reason", str, ""),
        seconds=take(data, "seconds", (int, float), 0.0),
        budget=dict(take(data, "budget", Mapping, {})),
        seed=seed,
    )


def _scope(scope: Scope) -> dict[str, Any]:
    low, high = scope.agents
    agents: dict[str, Any] = {"agents": {"min": low, "max": high}}
    if high is None:
        agents = {"agents": "any", "min_agents": low}
    return {
        **agents,
        "sizes": {sort: {"min": least, "max": most} for sort, (least, most) in scope.sizes.items()},
        "domain": scope.domain,
        "ties": scope.ties,
        "condition": scope.condition,
        "arithmetic": scope.arithmetic,
        "called": scope.called,
    }


def _scope_from(data: Any) -> Scope:
    every = data.get("agents") == "any"
    least = take(data, "min_agents", int, 1)
    sizes = take(data, "sizes", Mapping, {})
    return Scope(
        agents=(least, None) if every else _range_from(take(data, "agents", Mapping)),
        sizes={sort: _range_from(take(sizes, sort, Mapping)) for sort in sizes},
        domain=take(data, "domain", str, ""),
        ties=take(data, "ties", str, ""),
        condition=take(data, "condition", str, ""),
        arithmetic=take(data, "arithmetic", str, "exact"),
        called=take(data, "called", str, "agent"),
    )


def _range_from(data: Any) -> tuple[int, int | None]:
    return take(data, "min", int), take(data, "max", int, None)
