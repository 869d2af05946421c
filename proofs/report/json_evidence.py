"""What findings rest on, to and from JSON: counterexamples, proofs, searches and numbers.

A counterexample alone is the form that `strategyproof replay` reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from mechanism.errors import InputError
from mechanism.rule import Rule
from proofs.counterexample import Counterexample, table
from proofs.report.values import (
    decode,
    decode_parameters,
    encode,
    encode_all,
    instance_from,
    instance_json,
    take,
)
from proofs.restore import obligation_of
from proofs.source import Source
from proofs.verdict import Number, Proof, Search


def evidence_json(evidence: Any, rule: Rule | None) -> dict[str, Any] | None:
    """What a finding rests on, if it rests on anything."""
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


def evidence_from(data: Any) -> Any:
    """The evidence that was written."""
    if data is None:
        return None
    kind = take(data, "kind", str)
    if kind not in EVIDENCE:
        raise InputError(f"'{kind}' is no kind of evidence; there are {', '.join(EVIDENCE)}")
    return EVIDENCE[kind](data)


def counterexample_json(found: Counterexample, rule: Rule | None = None) -> dict[str, Any]:
    """A counterexample by itself: all that `strategyproof replay` needs, and a summary to read."""
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
