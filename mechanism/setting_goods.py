"""Settings with several different goods, or with one decision for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sympy as sp

from mechanism.language import (
    Awards,
    Cases,
    Contains,
    Exists,
    ForAll,
    Highest,
    Sum,
    agents,
    bundles,
    goods,
    matchings,
    partitions,
)
from mechanism.setting import EXTRA, HOLDER, OWNER, Setting, at_best, gets, only_report, reported

if TYPE_CHECKING:
    from mechanism.rule import Rule

_J = agents("j")
_G = goods("g")
_T = bundles("T")


def _goods(rule: Rule, **parts: Any) -> Setting:
    taken = Exists(Sum(gets(rule, _J, _G), _J) > 1, _G)
    return Setting(
        title=parts.pop("title"),
        infeasible=sp.Or(parts.pop("infeasible", sp.false), taken),
        cap=reported(parts["worth"], rule.reports).xreplace({HOLDER: OWNER}),
        **parts,
    )


def assignment(rule: Rule) -> Setting:
    """Several different goods; each agent wants at most one."""
    b = only_report(rule)
    mu = matchings("mu")
    value = Sum(b.truth[_J, _G] * Cases((1, Awards(mu, _J, _G)), (0, True)), _G)
    has = lambda a: gets(rule, a, _G) > 0  # noqa: E731
    return _goods(
        rule,
        id="assignment",
        title="different goods, unit demand",
        worth=Sum(b.truth[OWNER, _G] * gets(rule, HOLDER, _G), _G),
        union=Highest(b.truth[OWNER, _G], _G, sp.Or(has(OWNER), has(EXTRA))),
        optimum=Highest(Sum(value, _J), mu),
        infeasible=Exists(Sum(gets(rule, _J, _G), _G) > 1, _J),
        single_parameter=False,
        binary=False,
    )


def shared(rule: Rule) -> Setting:
    """Several different goods, each for any number of agents; each agent wants at most one."""
    b, base = only_report(rule), assignment(rule)
    return replace(
        base,
        id="shared",
        title="different goods that agents share, unit demand",
        optimum=Sum(Highest(at_best(b, b.truth[_J, _G]), _G), _J),
        infeasible=Exists(Sum(gets(rule, _J, _G), _G) > 1, _J),
    )


def combinatorial(rule: Rule) -> Setting:
    """Several goods; values for bundles, of which the best one held counts (XOR)."""
    b = only_report(rule)
    a = partitions("a")
    best = lambda who, holds: Highest(  # noqa: E731
        b.truth[who, _T], _T, ForAll(sp.Implies(Contains(_T, _G), holds), _G)
    )
    has = lambda h: gets(rule, h, _G) > 0  # noqa: E731
    return _goods(
        rule,
        id="combinatorial",
        title="bundles of goods, XOR bids",
        worth=best(OWNER, has(HOLDER)),
        union=best(OWNER, sp.Or(has(OWNER), has(EXTRA))),
        optimum=Highest(Sum(best(_J, Awards(a, _J, _G)), _J), a),
        single_parameter=False,
        binary=False,
    )


def single_minded(rule: Rule) -> Setting:
    """Several goods; each agent wants one bundle, and nothing less."""
    b, want = rule.reports
    a = partitions("a")
    served = lambda who, holds: Cases(  # noqa: E731
        (b.truth[who], ForAll(sp.Implies(want.truth[who, _G], holds), _G)), (0, True)
    )
    has = lambda h: gets(rule, h, _G) > 0  # noqa: E731
    return _goods(
        rule,
        id="single-minded",
        title="one wanted bundle for each agent",
        worth=served(OWNER, has(HOLDER)),
        union=served(OWNER, sp.Or(has(OWNER), has(EXTRA))),
        optimum=Highest(Sum(served(_J, Awards(a, _J, _G)), _J), a),
        single_parameter=False,
    )


def public(rule: Rule, outcome: Any) -> Setting:
    """One decision for everybody, out of a finite set; `outcome` is an index over that set."""
    b = only_report(rule)
    worth = b.truth[OWNER, rule.allocation]
    return Setting(
        id="public",
        title="one decision for everybody",
        worth=worth,
        union=worth,
        optimum=Highest(Sum(b.truth[_J, outcome], _J), outcome),
        infeasible=sp.false,
        cap=b[OWNER, rule.allocation],
        single_parameter=False,
        binary=False,
    )
