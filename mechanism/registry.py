"""The catalogue of rules, as data: an id, where the rule lives, and one line about it.

Other packages add rules through the entry point group ``strategyproof.rules``, one entry for each id.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

from mechanism.errors import InputError, UnknownId

if TYPE_CHECKING:
    from mechanism.rule import Rule

GROUP = "strategyproof.rules"
RULES: dict[str, str] = {
    "first-price": "First-price auction",
    "second-price": "Second-price (Vickrey) auction",
    "kth-price": "k-th price auction",
    "all-pay": "All-pay auction",
    "second-price-reserve": "Second-price auction with a reserve",
    "first-price-reserve": "First-price auction with a reserve",
    "posted-price": "Posted price",
    "posted-price-unlimited": "Posted price, unlimited supply",
    "myerson": "Myerson's optimal auction",
    "score-auction": "Score auction with critical-value price",
    "fmmra-one-task": "FMMRA, one task",
    "fmmra-multi-round": "FMMRA, choose your task",
    "fmmra-repaired": "FMMRA for many tasks, repaired (weighted VCG)",
    "fmmra-repaired-no-subsidy": "FMMRA for many tasks, repaired, without subsidies",
    "fmmra-repaired-clipped": "FMMRA for many tasks, repaired, payments cut off at 0",
    "uniform-price": "Uniform-price auction (k units, unit demand)",
    "pay-as-bid": "Pay-as-bid auction (k units, unit demand)",
    "gsp": "Generalised second-price auction",
    "vcg-slots": "VCG for slots",
    "vcg-assignment": "VCG for the assignment of goods (unit demand)",
    "vcg-combinatorial": "VCG for bundles (XOR bids)",
    "vcg-public": "VCG for a public decision",
    "affine-maximizer": "Affine maximizer",
    "greedy-single-minded": "Greedy auction for single-minded bidders",
    "greedy-pay-as-bid": "Greedy auction for single-minded bidders, pay as bid",
    "mcafee": "McAfee's double auction",
    "trade-reduction": "Trade reduction",
    "average-price-double-auction": "Average-price double auction",
    "vcg-double-auction": "VCG double auction",
}
# Other names: for a rule with some parameters fixed, or for several mechanisms audited together.
ALIASES: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "third-price": (("kth-price", {"k": 3}),),
    "vickrey": (("second-price", {}),),
    "fmmra": (("fmmra-one-task", {}), ("fmmra-multi-round", {})),
}


@cache
def _others() -> dict[str, metadata.EntryPoint]:
    return {point.name: point for point in metadata.entry_points(group=GROUP)}


def rule_ids() -> list[str]:
    """Every id in the catalogue, those of other packages included."""
    return [*RULES, *(name for name in _others() if name not in RULES)]


def rule(name: str) -> Rule:
    """The rule with this id (or an alias that names one rule).

    Raises
    ------
    UnknownId
        Suggesting the nearest ids.
    """
    found = rules(name)
    if len(found) > 1:
        raise UnknownId("rule", name, [r.id for r in found])
    return found[0]


def rules(name: str) -> list[Rule]:
    """The rules an id or alias stands for."""
    if name in RULES:
        module = import_module(f"mechanism.rules.{name.replace('-', '_')}")
        return [getattr(module, name.replace("-", "_").upper())]
    if name in ALIASES:
        return [rule(base).with_parameters(**fixed) for base, fixed in ALIASES[name]]
    if name in _others():
        return [load(_others()[name], "rule")]
    raise UnknownId("rule", name, [*rule_ids(), *ALIASES])


def load(point: metadata.EntryPoint, kind: str) -> Any:
    """What another package offers.

    Raises
    ------
    InputError
        Naming the package, when it cannot be imported.
    """
    try:
        return point.load()
    except Exception as error:
        package = point.dist.name if point.dist else point.value
        raise InputError(
            f"the {kind} '{point.name}' of the package {package} cannot be imported "
            f"({type(error).__name__}: {error}); mend or uninstall {package}"
        ) from error
