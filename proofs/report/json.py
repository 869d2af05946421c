"""Findings to and from JSON; the form is fixed by ``schema.json`` beside this file.

What is read back equals what was written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import resources
from typing import Any

from mechanism.errors import InputError
from mechanism.rule import Rule
from proofs.counterexample import Counterexample, table
from proofs.report.formats import Report
from proofs.report.values import (
    decode,
    decode_parameters,
    encode,
    encode_all,
    instance_from,
    instance_json,
    take,
)
from proofs.report.versions import versions
from proofs.source import Source
from proofs.verdict import Audit, Finding, Number, Proof, Scope, Search, Verdict

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
        "evidence": _evidence(finding.evidence, rule),
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
        evidence=_evidence_from(take(data, "evidence", Mapping, None)),
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


# --- evidence --------------------------------------------------------------------------------------


def _evidence(evidence: Any, rule: Rule | None) -> dict[str, Any] | None:
    if isinstance(evidence, Counterexample):
        return counterexample_json(evidence, rule)
    if isinstance(evidence, Proof):
        return {
            "kind": "proof",
            "argument": evidence.argument,
            "reason": evidence.reason,
            "cutoff": evidence.cutoff,
            "steps": list(evidence.steps),
            "smt2": [{"name": name, "text": text} for name, text in evidence.smt2],
        }
    if isinstance(evidence, Search):
        return {"kind": "search", "profiles": evidence.profiles, "detail": evidence.detail}
    if isinstance(evidence, Number):
        witness = evidence.witness
        return {
            "kind": "number",
            "values": [
                {
                    "agents": agents,
                    "value": "unbounded" if value is None else encode(value),
                    "attained": attained,
                }
                for agents, value, attained in evidence.values
            ],
            "witness": None if witness is None else counterexample_json(witness, rule),
            "reason": evidence.reason,
            "twice": None if evidence.twice is None else counterexample_json(evidence.twice, rule),
        }
    return None


def _evidence_from(data: Any) -> Any:
    if data is None:
        return None
    kind = take(data, "kind", str)
    if kind not in EVIDENCE:
        raise InputError(f"'{kind}' is no kind of evidence; there are {', '.join(EVIDENCE)}")
    return EVIDENCE[kind](data)


def counterexample_json(found: Counterexample, rule: Rule | None = None) -> dict[str, Any]:
    """A counterexample by itself: all that `strategyproof replay` needs, and a summary to read."""
    from proofs.replay import obligation_of

    obligation = obligation_of(found, rule)
    rows, last = table(obligation, found.instance), list(obligation.worlds)[-1]
    return {
        "kind": "counterexample",
        "target": found.target,
        "parameters": encode_all(found.parameters),
        "ties": found.ties,
        "property": found.property,
        "coalition": found.coalition,
        "condition": found.condition,
        "agents": found.agents,
        "agent": next(iter(found.instance.roles.values()), None),
        "values": [encode(row.value) for row in rows if obligation.rule.reports],
        "reports": [encode(row.reports.get(last)) for row in rows if obligation.rule.reports],
        "margin": encode(found.margin),
        "minimal": found.minimal,
        "replayed": True,  # there is no counterexample without: see `proofs.verdict`
        "instance": instance_json(found.instance),
        "foreign": None if found.foreign is None else dict(found.foreign),
        "robust": None if found.robust is None else counterexample_json(found.robust, rule),
        "source": None if found.source is None else asdict(found.source),
    }


def counterexample_from(data: Any) -> Counterexample:
    """The counterexample that was written; only target, property and instance are needed."""
    margin, robust = take(data, "margin", (str, int), None), take(data, "robust", Mapping, None)
    source = take(data, "source", Mapping, None)
    return Counterexample(
        target=take(data, "target", str),
        property=take(data, "property", str),
        instance=instance_from(take(data, "instance", Mapping)),
        margin=None if margin is None else decode(margin, "margin"),
        parameters=decode_parameters(take(data, "parameters", Mapping, {})),
        ties=take(data, "ties", str, "lowest-index"),
        coalition=take(data, "coalition", int, 2),
        condition=take(data, "condition", str, ""),
        minimal=take(data, "minimal", bool, False),
        robust=None if robust is None else counterexample_from(robust),
        source=None
        if source is None
        else Source(take(source, "text", str), take(source, "sha256", str)),
        foreign=take(data, "foreign", Mapping, None),
    )


def _proof_from(data: Any) -> Proof:
    return Proof(
        argument=take(data, "argument", str),
        reason=take(data, "reason", str),
        cutoff=take(data, "cutoff", int, None),
        steps=tuple(take(data, "steps", list, [])),
        smt2=tuple(
            (take(s, "name", str), take(s, "text", str)) for s in take(data, "smt2", list, [])
        ),
    )


def _search_from(data: Any) -> Search:
    return Search(take(data, "profiles", int), take(data, "detail", str, ""))


def _number_from(data: Any) -> Number:
    witness = take(data, "witness", Mapping, None)
    values = tuple(
        (take(v, "agents", int), _supremum(take(v, "value", str)), take(v, "attained", bool))
        for v in take(data, "values", list)
    )
    twice = take(data, "twice", Mapping, None)
    return Number(
        values,
        None if witness is None else counterexample_from(witness),
        take(data, "reason", str, ""),
        None if twice is None else counterexample_from(twice),
    )


def _supremum(value: str) -> Any:
    return None if value == "unbounded" else decode(value)


EVIDENCE = {
    "counterexample": counterexample_from,
    "proof": _proof_from,
    "search": _search_from,
    "number": _number_from,
}
