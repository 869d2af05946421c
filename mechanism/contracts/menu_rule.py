"""A menu as a rule, in its type-agent form: the agents are the types, and a misreport is to take what is
meant for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import sympy as sp

from mechanism.contracts.payoff import Payoff
from mechanism.contracts.setting import MenuSetting
from mechanism.language import Family, Nth, agents, parameter
from mechanism.rule import Rule
from mechanism.setting import EXTRA, HOLDER, OWNER

I = agents("i")
THETA_T = parameter("theta", over="agent", above=0)
PRIOR = parameter("prior", over="agent", at_least=0, at_most=1)
QUALITY = parameter("q", over="agent", at_least=0)
REWARD = parameter("r", over="agent")
CHANCE = parameter("P", over=("agent", "agent"), at_least=0, at_most=1)
QUALITY2 = parameter("q2", over=("agent", "agent"), at_least=0)
REWARD2 = parameter("r2", over=("agent", "agent"))


def menu_rule(
    payoff: Payoff,
    *,
    two_periods: bool = False,
    discount: Any = sp.S.One,
    budget: Any = None,
    formulas: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
    size: int | None = None,
    assumptions: tuple[Any, ...] = (),
    **about: Any,
) -> Rule:
    """A menu as a rule: each table is given, is formulas, or is left open.

    Without a `size` it stands for every menu with any number of types.
    """
    cell = lambda family, *index: _cell(family, index, (formulas or {}).get(family.name))  # noqa: E731

    def setting(rule: Rule) -> MenuSetting:
        theta, first = cell(THETA_T, OWNER), (cell(QUALITY, HOLDER), cell(REWARD, HOLDER))
        item = payoff.at(theta, *first)
        later: dict[str, Any] = {}
        if two_periods:
            q2, r2 = cell(QUALITY2, EXTRA, HOLDER), cell(REWARD2, EXTRA, HOLDER)
            later = {
                "second": payoff.at(theta, q2, r2), "quality2": q2, "reward2": r2,
                "chance": cell(CHANCE, OWNER, HOLDER), "two_periods": True,
            }  # fmt: skip
        return MenuSetting(
            id="menu", title=f"a menu for {'two periods' if two_periods else 'one period'}",
            worth=item - first[1], union=item, optimum=sp.S.Zero, infeasible=sp.false, cap=sp.S.Zero,
            single_parameter=False, binary=False,
            theta=theta, payoff=payoff.u, first=item, quality=first[0], reward=first[1],
            prior=cell(PRIOR, OWNER), discount=sp.sympify(discount),
            limit=sp.S.Zero if budget is None else sp.sympify(budget), limited=budget is not None,
            **later,
        )  # fmt: skip

    return Rule(
        reports=(),
        agent=I,
        allocation=cell(QUALITY, I),
        payment=-cell(REWARD, I),
        setting_of=setting,
        called="type",
        min_agents=size or 1,
        max_agents=size,
        assumptions=(*assumptions, *_sound(formulas or {})),
        given=given or {},
        **about,
    )


def _cell(family: Family, index: tuple, formulas: Any) -> Any:
    """An entry of a table, or the formulas that stand in its place."""
    if formulas is None:
        return family[index]
    if len(index) == 1:
        return Nth(index[0], *formulas)
    return Nth(index[0], *(Nth(index[1], *row) for row in formulas))


def _sound(formulas: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes formulas a menu: it is assumed of their parameters."""
    facts: list[Any] = []
    for name, table in formulas.items():
        rows = table if isinstance(table[0], tuple) else (table,)
        for row in rows:
            if name in ("prior", "P"):
                facts += [sp.Eq(sp.Add(*row), 1), *(p >= 0 for p in row)]
            elif name == "theta":
                facts += [row[0] > 0, *(b > a for a, b in pairwise(row))]
            elif name in ("q", "q2"):
                facts += [q >= 0 for q in row]
    return tuple(dict.fromkeys(f for f in facts if f != sp.true))
