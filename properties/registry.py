"""The catalogue of properties, as data: an id, where the property lives, and one line about it.

Other packages add properties through the entry point group ``strategyproof.properties``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module, metadata
from typing import TYPE_CHECKING

from mechanism.errors import UnknownId
from mechanism.registry import load

if TYPE_CHECKING:
    from properties.property import Property

GROUP = "strategyproof.properties"
OF_AUCTIONS: dict[str, tuple[str, str]] = {
    "feasibility": ("properties.efficiency.feasibility:FEASIBILITY", "feasible"),
    "totality": ("properties.efficiency.totality:TOTALITY", "total and deterministic"),
    "dsic": ("properties.incentives.dsic:DSIC", "dominant-strategy incentive compatible (strategyproof)"),
    "ex-post-ir": ("properties.rationality.ex_post_ir:EX_POST_IR", "ex-post individually rational"),
    "no-deficit": ("properties.budget.no_deficit:NO_DEFICIT", "no deficit (weak budget balance)"),
    "strong-budget-balance": (
        "properties.budget.strong_balance:STRONG_BUDGET_BALANCE", "strong budget balance"),
    "no-positive-transfers": (
        "properties.budget.no_positive_transfers:NO_POSITIVE_TRANSFERS", "no positive transfers"),
    "losers-pay-nothing": (
        "properties.rationality.losers_pay_nothing:LOSERS_PAY_NOTHING", "losers pay nothing"),
    "pay-at-most-bid": ("properties.rationality.pay_at_most_bid:PAY_AT_MOST_BID", "pays at most its bid"),
    "efficiency": ("properties.efficiency.efficiency:EFFICIENCY", "efficient"),
    "monotone-allocation": (
        "properties.incentives.monotone_allocation:MONOTONE_ALLOCATION", "monotone allocation"),
    "weak-monotonicity": (
        "properties.incentives.weak_monotonicity:WEAK_MONOTONICITY", "weakly monotone allocation"),
    "critical-payment": (
        "properties.incentives.critical_payment:CRITICAL_PAYMENT", "critical-value payment"),
    "anonymity": ("properties.fairness.anonymity:ANONYMITY", "anonymous"),
    "non-bossiness": ("properties.fairness.non_bossiness:NON_BOSSINESS", "non-bossy"),
    "envy-freeness": ("properties.fairness.envy_freeness:ENVY_FREENESS", "envy-free"),
    "revenue-monotonicity": (
        "properties.revenue.revenue_monotonicity:REVENUE_MONOTONICITY", "revenue monotone"),
    "bid-revenue-monotonicity": (
        "properties.revenue.bid_revenue_monotonicity:BID_REVENUE_MONOTONICITY", "bid-revenue monotone"),
    "weak-group-strategyproofness": (
        "properties.incentives.weak_group:WEAK_GROUP_STRATEGYPROOFNESS", "weakly group-strategyproof"),
    "strong-group-strategyproofness": (
        "properties.incentives.strong_group:STRONG_GROUP_STRATEGYPROOFNESS",
        "strongly group-strategyproof"),
    "collusion-proofness": (
        "properties.incentives.collusion:COLLUSION_PROOFNESS", "collusion-proof with side payments"),
    "false-name-proofness": (
        "properties.incentives.false_name:FALSE_NAME_PROOFNESS", "false-name-proof (one extra identity)"),
    "scaling-proofness": (
        "properties.incentives.scaling:SCALING_PROOFNESS", "the prescribed share is a best reply"),
    "withholding-proofness": (
        "properties.incentives.withholding:WITHHOLDING_PROOFNESS",
        "the prescribed choice of task is a best reply"),
    "termination": ("properties.conduct.termination:TERMINATION", "ends in time"),
    "coverage": ("properties.conduct.coverage:COVERAGE", "leaves no task without an agent"),
    "non-wastefulness": (
        "properties.conduct.non_wastefulness:NON_WASTEFULNESS",
        "leaves no task beside somebody idle who gains by it"),
    "regret": ("properties.incentives.regret:REGRET", "ex-post regret on values in [0, 1]"),
}  # fmt: skip
OF_MENUS: dict[str, tuple[str, str]] = {
    "menu-ic": ("properties.contracts.incentives:MENU_IC", "menu: incentive compatible, one period"),
    "first-period-ic": (
        "properties.contracts.incentives:FIRST_PERIOD_IC", "menu: first period alone incentive compatible"),
    "second-period-ic": (
        "properties.contracts.incentives:SECOND_PERIOD_IC",
        "menu: second period incentive compatible after every history"),
    "intertemporal-ic": (
        "properties.contracts.incentives:INTERTEMPORAL_IC",
        "menu: intertemporally incentive compatible, optimal continuation"),
    "intertemporal-ic-truthful": (
        "properties.contracts.incentives:INTERTEMPORAL_IC_TRUTHFUL",
        "menu: intertemporally incentive compatible, truthful continuation"),
    "menu-ir": ("properties.contracts.rationality:MENU_IR", "menu: individually rational in total"),
    "first-period-ir": (
        "properties.contracts.rationality:FIRST_PERIOD_IR", "menu: individually rational in the first period"),
    "second-period-ir": (
        "properties.contracts.rationality:SECOND_PERIOD_IR",
        "menu: individually rational in the second period, after every history"),
    "limited-liability": (
        "properties.contracts.rationality:LIMITED_LIABILITY", "menu: limited liability"),
    "second-period-liability": (
        "properties.contracts.rationality:SECOND_PERIOD_LIABILITY",
        "menu: limited liability in the second period"),
    "menu-budget": ("properties.contracts.rationality:MENU_BUDGET", "menu: within the budget"),
    "monotone-quality": ("properties.contracts.shape:MONOTONE_QUALITY", "menu: monotone quality"),
    "second-period-monotone-quality": (
        "properties.contracts.shape:SECOND_PERIOD_MONOTONE", "menu: monotone quality in the second period"),
    "separation": ("properties.contracts.shape:SEPARATION", "menu: separating"),
    "second-period-separation": (
        "properties.contracts.shape:SECOND_PERIOD_SEPARATION", "menu: separating in the second period"),
    "single-crossing": (
        "properties.contracts.shape:SINGLE_CROSSING", "menu: single crossing of the payoff"),
    "local-ic-suffices": (
        "properties.contracts.local:LOCAL_IC_SUFFICES", "menu: local incentive constraints suffice"),
    "local-intertemporal-ic-suffices": (
        "properties.contracts.local:LOCAL_INTERTEMPORAL_IC_SUFFICES",
        "menu: local intertemporal incentive constraints suffice"),
}  # fmt: skip
OF_CODE: dict[str, tuple[str, str]] = {
    "unchanged-inputs": (
        "properties.conduct.unchanged_inputs:UNCHANGED_INPUTS", "code: leaves its inputs as they are"),
    "repeatability": ("properties.conduct.repeatability:REPEATABILITY", "code: repeatable"),
    "no-hidden-state": (
        "properties.conduct.no_hidden_state:NO_HIDDEN_STATE", "code: without hidden state"),
    "seed-independence": (
        "properties.conduct.seed_independence:SEED_INDEPENDENCE",
        "code: independent of the global random state"),
    "hash-independence": (
        "properties.conduct.hash_independence:HASH_INDEPENDENCE", "code: independent of the hash seed"),
    "conformance": (
        "properties.conduct.conformance:WITH_REFERENCE", "code: does what its reference does"),
    "conformance-at-ties": (
        "properties.conduct.conformance:TIES_OF_REFERENCE", "code: breaks ties as its reference does"),
}  # fmt: skip
OF_MATCHINGS: dict[str, tuple[str, str]] = {
    "matching-feasibility": (
        "properties.matching.feasibility:MATCHING_FEASIBILITY", "matching: feasible"),
    "matching-totality": ("properties.matching.totality:MATCHING_TOTALITY", "matching: total"),
    "matching-strategyproofness": (
        "properties.matching.strategyproofness:MATCHING_STRATEGYPROOFNESS",
        "matching: strategyproof for one side"),
    "stability": ("properties.matching.stability:STABILITY", "matching: stable"),
    "pareto-efficiency": (
        "properties.matching.pareto_efficiency:PARETO_EFFICIENCY", "matching: Pareto-efficient"),
}  # fmt: skip
PROPERTIES = {**OF_AUCTIONS, **OF_MENUS, **OF_MATCHINGS, **OF_CODE}
ALIASES = {"strategyproofness": "dsic", "individual-rationality": "ex-post-ir"}
# What a word means for matchings.
OF_MATCHINGS_CALLED = {
    "feasibility": "matching-feasibility",
    "totality": "matching-totality",
    "strategyproofness": "matching-strategyproofness",
    "dsic": "matching-strategyproofness",
}
# Several at once, under one name.
GROUPS = {
    "conduct": (
        "totality", "unchanged-inputs", "repeatability", "no-hidden-state", "seed-independence", "hash-independence"),
}  # fmt: skip
# What a mechanism without claims is asked for.
DEFAULT = ("feasibility", "dsic", "ex-post-ir")
DEFAULT_OF_MATCHINGS = tuple(n for n in OF_MATCHINGS if n != "matching-totality")
DEFAULT_OF_MENUS = ("menu-ic", "second-period-ic", "intertemporal-ic", "menu-ir")


@cache
def _others() -> dict[str, metadata.EntryPoint]:
    return {point.name: point for point in metadata.entry_points(group=GROUP)}


def property_ids() -> list[str]:
    """Every id in the catalogue, those of other packages included."""
    return [*PROPERTIES, *(name for name in _others() if name not in PROPERTIES)]


def spelled_out(names: Iterable[str]) -> list[str]:
    """The names with those of groups in place of each group, and each once."""
    return list(dict.fromkeys(one for name in names for one in GROUPS.get(name, (name,))))


def property_id(name: str) -> str:
    """The id that an id or alias stands for, found without loading the property.

    Raises
    ------
    UnknownId
        Suggesting the nearest ids.
    """
    found = ALIASES.get(name, name)
    if found not in PROPERTIES and found not in _others():
        raise UnknownId("property", name, [*property_ids(), *ALIASES, *GROUPS])
    return found


def id_about(name: str, kind: str) -> str:
    """The id that a word stands for, of mechanisms of a kind: ``totality`` of matchings is another property.

    Raises
    ------
    UnknownId
        Suggesting the nearest ids.
    """
    return property_id(OF_MATCHINGS_CALLED.get(name, name) if kind == "matching" else name)


def property_of(name: str) -> Property:
    """The property with this id or alias.

    Raises
    ------
    UnknownId
        Suggesting the nearest ids.
    """
    name = property_id(name)
    if name in PROPERTIES:
        module, attribute = PROPERTIES[name][0].split(":")
        return getattr(import_module(module), attribute)
    return load(_others()[name], "property")
