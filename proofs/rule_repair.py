"""Repair: give an allocation the payment that makes it truthful, and prove that it does.

For agents that report one number, an allocation can be made truthful if and only if it is monotone, and the payment is
then unique up to what losers pay (Myerson 1981; Archer, Tardos 2001). So a rule is refused for good when its allocation is
not monotone, with a profile that shows it; otherwise the payment is derived as a formula, and the new rule is
audited like any other. That no formula is found says nothing about the rule.

Where agents report several numbers, weak monotonicity is necessary: a rule that violates it is refused for good, too,
and any other one is left to its author.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from mechanism.critical import NotDerived, critical_payment
from mechanism.errors import InputError
from mechanism.language import Cases
from mechanism.rule import Rule, holds
from proofs import targets
from proofs.audit import audit_iter
from proofs.counterexample import Counterexample
from proofs.verdict import Finding, Verdict
from properties.registry import property_of

__all__ = ["Repair", "Status", "repair"]

MONOTONE, WEAKLY = "monotone-allocation", "weak-monotonicity"
TRUTHFUL = ("dsic", "ex-post-ir")
ASKED = (*TRUTHFUL, "critical-payment", "losers-pay-nothing")
MONEY = ("no-deficit", "no-positive-transfers")
MYERSON = "Myerson, Optimal Auction Design, MOR 6, 1981"


class Status(Enum):
    """What came of it."""

    REPAIRED = "repaired"
    TRUTHFUL = "already truthful"
    IMPOSSIBLE = "no payment makes it truthful"
    NOT_DERIVED = "no payment was derived"
    NOT_PROVED = "a payment was derived, and is not proved"


@dataclass(frozen=True)
class Repair:
    """What came of an attempt to repair a rule.

    Parameters
    ----------
    original : Rule
    status : Status
    reason : str
        Why not, where no payment was derived or proved.
    monotone : Finding or None
        Whether the allocation is monotone, weakly where agents report several numbers; a counterexample,
        where no payment can work.
    repaired : Rule or None
        The rule with the derived payment, with claims of its own.
    before, after : tuple of Finding
        What is known of the rule before and after; the same properties in the same order.
    """

    original: Rule
    status: Status
    reason: str = ""
    monotone: Finding | None = None
    repaired: Rule | None = None
    before: tuple[Finding, ...] = ()
    after: tuple[Finding, ...] = ()


def repair(
    target: str | Rule, *, parameters: Mapping[str, Any] | None = None, **options: Any
) -> Repair:
    """Replace the payment of a rule by the critical value, where that makes it truthful.

    Parameters
    ----------
    target : str or Rule
        As for `proofs.audit`, but one rule.
    parameters : mapping, optional
        Parameters to fix.
    **options
        Those of `proofs.audit.audit_iter`, for example ``seed`` or ``jobs``.

    Returns
    -------
    Repair

    References
    ----------
    .. [1] R. B. Myerson, "Optimal auction design", Mathematics of Operations Research 6 (1981) 58-73.
    .. [2] A. Archer, E. Tardos, "Truthful mechanisms for one-parameter agents", FOCS 2001.
    .. [3] J.-C. Rochet, "A necessary and sufficient condition for rationalizability in a quasi-linear context",
       Journal of Mathematical Economics 16 (1987) 191-200.

    Examples
    --------
    >>> from proofs.rule_repair import repair
    >>> repair("first-price").repaired.run([3, 7, 5]).payments
    (Fraction(0, 1), Fraction(5, 1), Fraction(0, 1))
    """
    rule = _one(target, {**options, "parameters": parameters})
    place = targets.replayable(target, rule)
    several = property_of(MONOTONE).applies(rule)
    (monotone,) = _audited(rule, [WEAKLY if several else MONOTONE], place, options)
    if monotone.verdict is Verdict.REFUTED:
        return Repair(rule, Status.IMPOSSIBLE, f"{monotone.property} is refuted", monotone)
    if several:
        before = _audited(rule, TRUTHFUL, place, options)
        if _proved(before, TRUTHFUL):
            return Repair(rule, Status.TRUTHFUL, "it is truthful with it", monotone, before=before)
        return Repair(rule, Status.NOT_DERIVED, f"{several} ({_ROCHET})", monotone, before=before)
    asked = [p for p in ASKED if p != "critical-payment" or _whole(rule)]
    before = _audited(rule, [*asked, *MONEY], place, options)
    try:
        payment = critical_payment(rule)
    except NotDerived as why:
        return _without(rule, monotone, before, str(why))
    made = _with(rule, payment, asked)
    after = _audited(made, [*asked, *MONEY], made.id, options)
    open_ones = [f for f in after if f.property in ASKED and f.verdict not in _STANDS]
    status = Status.REPAIRED if not open_ones else Status.NOT_PROVED
    if status is Status.REPAIRED and _proved(before, ASKED):
        status = Status.TRUTHFUL
    reason = ", ".join(f"{f.property} is {f.verdict}" for f in open_ones)
    return Repair(rule, status, reason, monotone, made, before, after)


def _one(target: str | Rule, options: Mapping[str, Any]) -> Rule:
    try:
        found = targets.prepared(target, options)
    except InputError as error:
        if targets.HOW in str(error):  # code, which an audit would take
            why = "only rules written in the rule language can be repaired: code has no formula to solve"
            raise InputError(f"{target}: {why}") from error
        raise
    if len(found) > 1:
        names = ", ".join(r.id for r in found)
        raise InputError(f"{target} stands for several mechanisms; give one of {names}")
    return found[0]


def _audited(
    rule: Rule, names: Sequence[str], place: str, options: Mapping[str, Any]
) -> tuple[Finding, ...]:
    """One finding for each property: claims, which tell conditions apart, are left out."""
    found = audit_iter(replace(rule, claims=()), properties=names, **options)
    return tuple(
        replace(f, evidence=replace(f.evidence, target=place))
        if isinstance(f.evidence, Counterexample)
        else f
        for f in found
    )


_STANDS = (Verdict.PROVED, Verdict.NOT_APPLICABLE)
_ROCHET = (
    "for such reports a payment exists if and only if no cycle of misreports gains in total, Rochet 1987; weighted VCG is "
    "the usual repair, see fmmra-repaired"
)


def _proved(findings: Sequence[Finding], names: Sequence[str]) -> bool:
    return all(f.verdict in _STANDS for f in findings if f.property in names)


def _without(rule: Rule, monotone: Finding, before: tuple[Finding, ...], why: str) -> Repair:
    """No formula: the rule may be truthful as it is, or beyond this tool."""
    if _proved(before, ASKED):
        return Repair(rule, Status.TRUTHFUL, why, monotone, before=before)
    known = "monotone, so that a payment exists"
    if monotone.verdict is not Verdict.PROVED:
        known = f"not known to be monotone ({monotone.verdict})"
    reason = f"{why}; the allocation is {known}, but no formula for it was found"
    return Repair(rule, Status.NOT_DERIVED, reason, monotone, before=before)


def _whole(rule: Rule) -> bool:
    """Whether agents get all or nothing; a price for a half is not the report at which half is got."""
    amounts = [v for v, _ in rule.allocation.args] if isinstance(rule.allocation, Cases) else []
    return set(amounts) <= {0, 1}


def _with(rule: Rule, payment: Any, asked: Sequence[str]) -> Rule:
    """The rule with another payment, and what is claimed of it then."""
    reference = "Myerson 1981"
    names = [p for p in asked if not property_of(p).applies(rule)]
    return replace(
        rule,
        id=f"{rule.id}-repaired",
        title=f"{rule.title or rule.id}, repaired",
        summary="The same allocation; winners pay the lowest report with which they would still win.",
        payment=payment,
        solver="",
        choices=(),
        remake=None,
        claims=tuple(holds(name, reference) for name in names),
        references=(MYERSON,),
    )
