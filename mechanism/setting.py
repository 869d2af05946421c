"""Settings: what is sold, what it is worth to whom, what is feasible, and what is best.

A rule says who wins and pays; its setting says what that means. Every expression is over true types
(`family.truth`) except where it says *reported*, and reads the rule's allocation in the current world.
The settings here have one number for each agent; `mechanism.setting_goods` has the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from mechanism.errors import RuleError
from mechanism.language import (
    Cases,
    Count,
    Exists,
    Family,
    ForAll,
    Highest,
    KthHighest,
    KthLowest,
    Lowest,
    Max,
    Min,
    Sum,
    agents,
    at,
    ranks,
    slots,
)

if TYPE_CHECKING:
    from mechanism.rule import Rule

# OWNER has the type; HOLDER is the agent whose goods are valued; EXTRA is a second identity.
OWNER, HOLDER, EXTRA = agents("i h e")
_J, _L = agents("j l")
_Q = ranks("q")
_S = slots("q")


@dataclass(frozen=True)
class Setting:
    """What a rule is about.

    Parameters
    ----------
    id, title : str
    worth : expression over OWNER and HOLDER
        The value to OWNER of what HOLDER gets.
    union : expression over OWNER and EXTRA
        The value to OWNER of what OWNER and EXTRA get together.
    optimum : expression
        The highest total value of a feasible allocation.
    infeasible : condition
        Whether the outcome gives out more than there is.
    cap : expression over OWNER
        The most that OWNER offered to pay for what it gets, by its report.
    direction : expression over OWNER
        1 where a higher report is a stronger one, -1 for a seller's cost.
    deliverable : condition over OWNER and EXTRA
        Whether one owner can honour what both identities won.
    single_parameter, binary : bool
        One number is reported; the agent gets all or nothing.
    assumptions : tuple of condition
        What `optimum` needs of the parameters; every rule about the setting assumes it.
    """

    id: str
    title: str
    worth: Any
    union: Any
    optimum: Any
    infeasible: Any
    cap: Any
    direction: Any = sp.Integer(1)
    deliverable: Any = sp.true
    single_parameter: bool = True
    binary: bool = True
    two_sided: bool = False
    # What the rule is: properties are written for one kind, and reports lay out their tables by it.
    kind: str = "auction"
    assumptions: tuple[ForAll, ...] = ()


def reported(expr: Any, reports: tuple[Family, ...]) -> Any:
    """The same expression over what is said instead of what is true."""
    return expr.xreplace({family.truth: family for family in reports})


def gets(rule: Rule, holder: Any, good: Any = None) -> Any:
    """What the rule allocates to an agent (of a good)."""
    bindings = {rule.agent: holder}
    if rule.good is not None and good is not None:
        bindings[rule.good] = good
    return at("", rule.allocation, bindings)


def only_report(rule: Rule) -> Family:
    """The one report of a setting in which agents say one thing.

    Raises
    ------
    RuleError
        When the rule reads several.
    """
    if len(rule.reports) != 1:
        named = ", ".join(str(b) for b in rule.reports)
        raise RuleError(
            f"{rule.id}: in this setting agents report one thing, not {named};"
            " an amount and the goods that are wanted are reports of `mechanism.setting_goods.single_minded`"
        )
    return rule.reports[0]


def at_best(b: Family, value: Any) -> Any:
    """What a unit adds at best: nobody need be served whose value is negative."""
    return value if b.domain.lower is not None and b.domain.lower >= 0 else Max(0, value)


def _amount(rule: Rule, reports: tuple[Family, ...]) -> Setting:
    """One number reported, one quantity in [0, 1] received; the union of two units is one of them."""
    (b,) = reports
    worth = b.truth[OWNER] * gets(rule, HOLDER)
    one, other = gets(rule, OWNER), gets(rule, EXTRA)
    return Setting(
        id="", title="", worth=worth,
        union=b.truth[OWNER] * Min(1, one + other),
        optimum=sp.Integer(0),
        infeasible=Exists(sp.Or(gets(rule, _J) < 0, gets(rule, _J) > 1), _J),
        cap=b[OWNER],
    )  # fmt: skip


def single_item(rule: Rule) -> Setting:
    """One indivisible good."""
    b = only_report(rule)
    base = _amount(rule, (b,))
    return replace(
        base,
        id="single-item",
        title="one good",
        optimum=Highest(at_best(b, b.truth[_J]), _J),
        infeasible=sp.Or(base.infeasible, Sum(gets(rule, _J), _J) > 1),
    )


def units(rule: Rule, k: Any) -> Setting:
    """`k` equal units, each agent wants one."""
    b = only_report(rule)
    base = _amount(rule, (b,))
    return replace(
        base,
        id="units",
        title="several equal units, unit demand",
        optimum=Sum(at_best(b, KthHighest(_Q, b.truth[_J], _J)), _Q, _Q <= k),
        infeasible=sp.Or(base.infeasible, Sum(gets(rule, _J), _J) > k),
    )


def unlimited(rule: Rule) -> Setting:
    """As many units as there are agents (a digital good)."""
    b = only_report(rule)
    base = _amount(rule, (b,))
    return replace(
        base, id="unlimited", title="unlimited supply", optimum=Sum(at_best(b, b.truth[_J]), _J)
    )


def positions(rule: Rule, rates: Family, rank: Any = None) -> Setting:
    """Slots with click-through rates; an agent's value is per click.

    `rank` is the agent's place; where it is not told, no k agents may get more than the k-th rate.
    The optimum gives the k-th slot to the k-th highest value, which is best where rates do not rise from
    slot to slot (Varian 2007); past the last slot the rate is 0, so none is negative. A rule about slots
    assumes this, whether or not it says so.
    """
    b = only_report(rule)
    base = _amount(rule, (b,))
    if rank is None:
        shared = Exists(KthHighest(_Q, gets(rule, _J), _J) > rates[_Q], _Q)
    else:
        slot_of = lambda a: at("", rank, {rule.agent: a})  # noqa: E731
        shared = Exists(Exists(sp.Eq(slot_of(_J), slot_of(_L)), _L, sp.Ne(_L, _J)), _J)
    return replace(
        base,
        id="slots",
        title="slots with click-through rates",
        union=b.truth[OWNER] * (gets(rule, OWNER) + gets(rule, EXTRA)),
        optimum=Sum(rates[_Q] * at_best(b, KthHighest(_Q, b.truth[_J], _J)), _Q),
        infeasible=sp.Or(Exists(gets(rule, _J) < 0, _J), shared),
        cap=reported(b.truth[OWNER] * gets(rule, OWNER), rule.reports),
        binary=False,
        assumptions=(ForAll(rates[_S] >= rates[_S + 1], _S),),
    )


def double(rule: Rule, buyer: Family) -> Setting:
    """Buyers who want one unit and sellers who have one."""
    b = only_report(rule)
    base = _amount(rule, (b,))
    sign = Cases((1, buyer[OWNER]), (-1, True))
    nb, ns = Count(buyer[_J], _J), Count(~buyer[_J], _J)
    high = KthHighest(_Q, b.truth[_J], _J, buyer[_J])
    low = KthLowest(_Q, b.truth[_J], _J, ~buyer[_J])
    sold = lambda side: Sum(gets(rule, _J), _J, side)  # noqa: E731
    twice = gets(rule, OWNER) + gets(rule, EXTRA) > 1
    return replace(
        base,
        id="double",
        title="buyers and sellers of one unit each",
        worth=sign * base.worth,
        # Whole units, so that two are worth what one is.
        union=sign * b.truth[OWNER] * Max(gets(rule, OWNER), gets(rule, EXTRA)),
        optimum=Sum(high - low, _Q, sp.And(_Q <= nb, _Q <= ns, high >= low)),
        infeasible=sp.Or(base.infeasible, sp.Ne(sold(buyer[_J]), sold(~buyer[_J]))),
        cap=Cases((b[OWNER], buyer[OWNER]), (-b[OWNER] * gets(rule, OWNER), True)),
        direction=sign,
        deliverable=sp.Or(buyer[OWNER], ~twice),
        two_sided=True,
    )


def procurement(rule: Rule) -> Setting:
    """A buyer of one unit, and sellers who report their costs; payments to them are negative."""
    b = only_report(rule)
    base = _amount(rule, (b,))
    one, other = gets(rule, OWNER), gets(rule, EXTRA)
    return replace(
        base,
        id="procurement",
        title="one unit bought from sellers",
        worth=-base.worth,
        union=-b.truth[OWNER] * Max(one, other),
        optimum=-Lowest(b.truth[_J], _J),
        infeasible=sp.Or(base.infeasible, Sum(gets(rule, _J), _J) > 1),
        cap=-b[OWNER] * one,
        direction=sp.Integer(-1),
        deliverable=one + other <= 1,
    )
