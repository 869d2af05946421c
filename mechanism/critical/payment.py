"""Myerson's payment for an allocation that rises with the report, as a formula of the rule language.

References
----------
.. [1] R. B. Myerson, "Optimal auction design", Mathematics of Operations Research 6 (1981) 58-73.
.. [2] A. Archer, E. Tardos, "Truthful mechanisms for one-parameter agents", FOCS 2001.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import sympy as sp

from mechanism.critical.report import NotDerived, Report
from mechanism.critical.threshold import Alternative, Thresholds
from mechanism.critical.trade import trading_payment
from mechanism.language import Cases, Computed, Entry, Min, Rank, Sum, slots
from mechanism.rule import Rule
from mechanism.writing.words import words


def critical_payment(rule: Rule) -> Any:
    """What a rule would have to charge so that its allocation is truthful and losers pay nothing.

    Parameters
    ----------
    rule : Rule
        Of one number for each agent. Whether the allocation is monotone is not checked: the formula is a
        payment to be proved.

    Returns
    -------
    expression over ``rule.agent``

    Raises
    ------
    NotDerived
        Where no formula is found, with the part of the allocation that stands in the way.

    Examples
    --------
    >>> from mechanism.registry import rule
    >>> from mechanism.writing.words import words
    >>> words(critical_payment(rule("first-price")))
    'the highest b[j] with j ≠ i if i = (the agent j with the highest b[j]), otherwise 0'
    """
    setting, numbers = rule.setting, [b for b in rule.reports if not b.domain.boolean]
    if len(numbers) != 1 or numbers[0].over != ("agent",):
        raise NotDerived("agents report more than one number")
    if rule.allocation.has(Computed):
        raise NotDerived("the allocation is computed by a procedure, so that there is no formula")
    (family,) = numbers
    if setting.two_sided:
        return trading_payment(rule)
    if family.domain.lower is None:
        raise NotDerived(
            f"reports {family.name} have no lower bound, so that a lone winner has no price"
        )
    lowest = sp.Rational(family.domain.lower.numerator, family.domain.lower.denominator)
    report = Report(family, rule.agent, lowest)
    if isinstance(rule.allocation, Entry):
        return _by_place(rule.allocation, report)
    if isinstance(rule.allocation, Cases):
        return _by_steps(rule.allocation, report, rule.good)
    raise NotDerived("the allocation is neither a case distinction nor a list of slots")


def _by_steps(allocation: Cases, report: Report, good: Any) -> Any:
    """For amounts that fall from case to case: each step up is charged at the report where it is reached."""
    cases = list(allocation.args)
    if cases[-1][0] != 0 and len(cases) == 2 and cases[0][0] == 0:  # (0, lost), (1, True)
        cases = [(cases[1][0], sp.Not(cases[0][1])), (sp.S.Zero, sp.true)]
    *steps, (rest, _) = cases
    amounts = [amount for amount, _ in steps] + [rest]
    falls = [one - other for one, other in pairwise(amounts)]
    single = len(steps) == 1 and not report.read_in(amounts[0])
    if rest != 0 or not (single or all(a.is_Rational for a in amounts)):
        raise NotDerived("the cases of the allocation are not fixed amounts and, last, nothing")
    if not single and any(fall < 0 for fall in falls):
        raise NotDerived("the cases of the allocation are not in the order of their amounts")
    solve = Thresholds(report)
    ways: list[Alternative] = []
    reached = []
    for _, condition in steps:
        ways = [*ways, *solve.of(_without_good(condition, good))]
        reached.append(_charged(ways, report, solve))
    pays = [
        sp.Add(*(fall * price for fall, price in zip(falls[n:], reached[n:])))
        for n in range(len(steps))
    ]
    conditions = [_without_good(condition, good) for _, condition in steps]
    return Cases(*zip(pays, conditions), (sp.S.Zero, sp.true))


def _without_good(condition: Any, good: Any) -> Any:
    """The part of a winning condition that is not about which goods are wanted."""
    if good is None or good not in condition.free_symbols:
        return condition
    parts = condition.args if isinstance(condition, sp.And) else (condition,)
    return sp.And(*(p for p in parts if good not in p.free_symbols))


def _charged(ways: Sequence[Alternative], report: Report, solve: Thresholds) -> Any:
    """The lowest threshold of a winner, among the alternatives whose premise holds."""
    if not ways:
        return sp.S.Zero
    if len(ways) == 1:
        return ways[0][1].xreplace(solve.as_winner)
    # A winner's own report is at least the threshold of the alternative by which it wins.
    open_to = [t if p == sp.true else Cases((t, p), (report.own, sp.true)) for p, t in ways]
    return Min(*dict.fromkeys(open_to))


def _by_place(allocation: Entry, report: Report) -> Any:
    """Slots: the clicks of each slot over the next are charged at the bid that the slot takes."""
    place = allocation.index[-1]
    rates = allocation.family
    if rates.over != ("slot",) or not isinstance(place, Rank) or place.at != report.agent:
        raise NotDerived(f"{words(allocation)} is not the click-through rate of the agent's place")
    if place.where != sp.true:
        raise NotDerived(f"places among the agents with {words(place.where)}")
    q = slots("q")
    _, bar = Thresholds(report).among_others(place, q)
    return Sum((rates[q] - rates[q + 1]) * bar, q, where=q >= place)
