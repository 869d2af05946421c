"""What a rule is: the rule language, the catalogue, and the verified reference implementations."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "mechanism.errors": ("InputError", "MissingExtra", "RuleError", "StrategyproofError", "UnknownId"),
    "mechanism.language": (
        "ArgMax", "ArgMin", "Awards", "Cases", "Contains", "Count", "Exists", "First", "ForAll", "Greedy",
        "Highest", "KthHighest", "KthLowest", "Lowest", "Max", "Min", "Rank", "Sum", "agents", "bundles", "goods",
        "increasing_function", "matchings", "outcomes", "parameter", "partitions", "ranks", "report",
        "slots",
    ),
    "mechanism.rule": ("Claim", "Rule", "fails", "holds"),
    "mechanism.outcome": ("Outcome",),
    "mechanism.instance": ("Instance",),
}  # fmt: skip
_WHERE = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    """Public names are imported when first used; other names are looked up in the catalogue."""
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    if not name.startswith("_") and name != "registry":
        registry = import_module("mechanism.registry")
        if (rule_id := name.replace("_", "-")) in registry.rule_ids():
            return registry.rule(rule_id)
    raise AttributeError(f"module 'mechanism' has no attribute {name!r}")
