"""What code is compared with: a rule of the catalogue, or a second implementation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mechanism import registry
from mechanism.errors import InputError
from mechanism.rule import Rule
from mechanism.targets.foreign import foreign_of
from mechanism.targets.rules import foreign_rule, rule_of
from mechanism.targets.target import target_from
from proofs.targets import OF_REFERENCE
from properties.conduct.comparison import fitted
from properties.conduct.conformance import AT_TIES, COMPARED, conformance
from properties.property import Property


def comparisons(rule: Rule, options: Mapping[str, Any]) -> list[Property]:
    """The properties that ``--reference`` and ``--against`` ask about.

    Raises
    ------
    InputError
        When the two cannot be compared.
    """
    found: list[Property] = []
    for name in ("reference", "against"):
        if options.get(name):
            reference = reference_for(rule, options[name], options, catalogue=name == "reference")
            fitted(reference, rule)
            found += [conformance(reference), conformance(reference, ties=True)]
    return found


def nothing_to_compare(rule: Rule, names: Iterable[str]) -> None:
    """Fail where something is to be compared, and nobody said with what.

    Raises
    ------
    InputError
    """
    for name in names:
        if name in COMPARED and foreign_of(rule) is not None:
            raise InputError(
                f"{name} compares code with something: say with what, by --reference ID or --against TARGET"
            )


def reference_for(rule: Rule, name: str, options: Mapping[str, Any], catalogue: bool) -> Rule:
    """A reference over the same setting, with the parameters that it has."""
    code = foreign_of(rule)
    if code is None:
        raise InputError("--reference and --against compare code with something; give --as, too")
    if not catalogue:
        return foreign_rule(
            name,
            str(code.target.kind),
            parameters=_parameters(options),
            seconds=code.target.seconds,
            megabytes=code.target.megabytes,
            seed=code.target.seed,
            until=options.get("deadline") or float("inf"),
        )
    reference = registry.rule(name)
    kind, given = code.target.kind, _parameters(options)
    of_kind = {"k": kind.count, "rate": kind.rates, "good": kind.count, "outcome": kind.count}
    own = {**{n: v for n, v in of_kind.items() if v}, **rule.given, **given}
    has = [f.name for f in reference.parameters]
    lists = {n: own[f"{n}s"] for n in has if f"{n}s" in own}  # code calls them scores, or weights
    own = {**lists, **own}
    fixed = {n: own[n] for n in (*has, *reference.sizes) if n in own} | _its_own(options)
    for n in has:
        if n not in fixed and n not in reference.given:
            raise InputError(
                f"{name} needs its parameter {n}: give --param {n}=VALUE, or --param {OF_REFERENCE}{n}=VALUE where "
                "the code has no such argument"
            )
    return reference.with_parameters(**fixed)


def _parameters(options: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of what code is compared with: the code's, and those that are given for it alone."""
    given = options.get("parameters") or {}
    shared = {n: v for n, v in given.items() if not n.startswith(OF_REFERENCE)}
    return {**shared, **_its_own(options)}


def _its_own(options: Mapping[str, Any]) -> dict[str, Any]:
    given = options.get("parameters") or {}
    return {n.removeprefix(OF_REFERENCE): v for n, v in given.items() if n.startswith(OF_REFERENCE)}


def written(reference: Rule) -> dict[str, Any]:
    """A reference as JSON, for a counterexample that is to be replayed."""
    from proofs.report.values import encode_all

    if (code := foreign_of(reference)) is not None:
        return {"target": code.target.place, **code.target.to_json()}
    return {"target": reference.id, "parameters": encode_all(reference.given)}


def compared(name: str, data: Any) -> Property:
    """The property of a counterexample, with its reference."""
    from proofs.report.values import decode_all

    if not isinstance(data, Mapping) or "target" not in data:
        raise InputError(f"the counterexample to {name} does not say what was compared with")
    if "as" in data:
        reference = rule_of(target_from(data["target"], data))
    else:
        given = decode_all(data.get("parameters", {}))
        reference = registry.rule(data["target"])
        reference = reference.with_parameters(
            **{n: v for n, v in given.items() if reference.given.get(n) != v}
        )
    return conformance(reference, ties=name == AT_TIES)
