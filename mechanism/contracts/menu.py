"""Menus: a principal offers items to an agent whose type is private, once or in two periods.

Each type has an item meant for it, so that a menu is a direct mechanism. Under full commitment the
second-period menu may depend on what was reported in the first (Laffont, Martimort 2002, ch. 8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import sympy as sp

from mechanism.contracts.expression import parse
from mechanism.contracts.menu_rule import menu_rule
from mechanism.contracts.payoff import Payoff
from mechanism.errors import InputError
from mechanism.language import exact
from mechanism.rule import Rule


@dataclass(frozen=True, kw_only=True)
class Menu:
    """A menu for one period, or, with `second`, for two.

    Parameters
    ----------
    types : sequence of number
        Positive and increasing: a higher type is more willing.
    prior : sequence of number
        The chance of each type; they sum to 1.
    items : sequence of (quality, reward)
        One for each type; with two periods, for the first.
    payoff : Payoff
    second : sequence of sequence of (quality, reward), optional
        ``second[k][l]`` is the item for a second-period type l whose first report was k.
    transition : sequence of sequence of number, optional
        ``transition[k][l]`` is the chance that type k becomes l; each row sums to 1.
    discount : number
        What the second period counts.
    surplus : expression in q, optional
        What quality is worth to the principal, who gets S(q) - r.
    budget : number, optional
        For the expected (discounted) rewards.
    parameters : mapping of str to expression
        The names that numbers above may be formulas of, from `mechanism.parameter`.
    id, title : str

    Raises
    ------
    InputError
        For the first thing that is no menu, naming it.

    Examples
    --------
    >>> from mechanism.contracts import Menu, reward_minus_cost
    >>> menu = Menu(types=[1, 2], prior=["1/2", "1/2"], items=[(1, 1), (2, "3/2")],
    ...             payoff=reward_minus_cost("q"))
    >>> menu.rule.called, menu.rule.fixed_size
    ('type', 2)
    """

    types: Sequence[Any]
    prior: Sequence[Any]
    items: Sequence[Any]
    payoff: Payoff
    second: Sequence[Any] | None = None
    transition: Sequence[Any] | None = None
    discount: Any = 1
    surplus: Any = None
    budget: Any = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    id: str = "menu"
    title: str = ""

    def __post_init__(self) -> None:
        put = lambda name, value: object.__setattr__(self, name, value)  # noqa: E731
        number = lambda value, where: parse(_text(value, where), self.parameters, where)  # noqa: E731
        put(
            "types", tuple(number(t, f"type {k}") for k, t in enumerate(_list(self.types, "types")))
        )
        count = len(self.types)
        if not count:
            raise InputError("types: a menu needs at least one type")
        put("prior", tuple(number(p, "prior") for p in _list(self.prior, "prior", count)))
        put("items", _items(_list(self.items, "items", count), number, "type"))
        put("discount", number(self.discount, "discount"))
        put("budget", None if self.budget is None else number(self.budget, "budget"))
        if (self.second is None) != (self.transition is None):
            missing = "transition" if self.transition is None else "second"
            raise InputError(f"{missing}: a menu for two periods needs both transition and second")
        if self.second is not None and self.transition is not None:
            rows = _list(self.transition, "transition", count)
            put("transition", tuple(
                tuple(number(p, f"transition row {k}") for p in _list(row, f"transition row {k}", count))
                for k, row in enumerate(rows)
            ))  # fmt: skip
            histories = _list(self.second, "second", count, "first report")
            put("second", tuple(
                _items(_list(h, f"second, after first report {k}", count), number,
                       f"after first report {k}, type")
                for k, h in enumerate(histories)
            ))  # fmt: skip
        self._admit()

    @property
    def two_periods(self) -> bool:
        return self.second is not None

    @property
    def numeric(self) -> bool:
        """Whether every number is given."""
        return all(not e.free_symbols for e in self._numbers())

    def _numbers(self) -> list[Any]:
        flat = [*self.types, *self.prior, *(x for item in self.items for x in item), self.discount]
        flat += [] if self.budget is None else [self.budget]
        if self.second is not None and self.transition is not None:
            flat += [p for row in self.transition for p in row]
            flat += [x for row in self.second for item in row for x in item]
        return flat

    def _admit(self) -> None:
        """What can be seen of the numbers that are given; formulas are assumed to fit."""
        for below, above in pairwise(self.types):
            if _known(above <= below):
                word = "repeated" if above == below else "out of order"
                raise InputError(f"types: {above} after {below} is {word}; types must increase")
        if _known(self.types[0] <= 0):
            raise InputError(f"types: {self.types[0]} is not positive")
        _chances(self.prior, "prior")
        if self.transition is not None:
            for k, row in enumerate(self.transition):
                _chances(row, f"transition row {k}")
        if _known(self.discount < 0):
            raise InputError(f"discount: {self.discount} is negative")
        for where, row in (("", self.items), *((f" after first report {k}", h) for k, h in enumerate(self.second or ()))):  # fmt: skip
            for k, (q, _) in enumerate(row):
                if _known(q < 0):
                    raise InputError(f"items{where}: the quality {q} of type {k} is negative")

    @cached_property
    def rule(self) -> Rule:
        """The menu as a mechanism in its type-agent form, for audits."""
        tables: dict[str, Any] = {
            "theta": self.types, "prior": self.prior,
            "q": tuple(q for q, _ in self.items), "r": tuple(r for _, r in self.items),
        }  # fmt: skip
        if self.second is not None:
            tables["P"] = self.transition
            tables["q2"] = tuple(tuple(q for q, _ in row) for row in self.second)
            tables["r2"] = tuple(tuple(r for _, r in row) for row in self.second)
        given = {name: _fractions(t) for name, t in tables.items() if _concrete(t)}
        open_ = {name: t for name, t in tables.items() if name not in given}
        return menu_rule(
            self.payoff,
            two_periods=self.two_periods,
            discount=self.discount,
            budget=self.budget,
            formulas=open_,
            given=given,
            size=len(self.types),
            id=self.id,
            title=self.title or f"a menu for {'two periods' if self.two_periods else 'one period'}",
        )


# --- reading -----------------------------------------------------------------------------------


def _text(value: Any, where: str) -> Any:
    if isinstance(value, float):
        raise InputError(f"{where}: write {value} exactly, as '3/7' or '0.1'")
    return value


def _list(value: Any, where: str, count: int | None = None, each: str = "type") -> tuple:
    if isinstance(value, (str, Mapping)) or not hasattr(value, "__iter__"):
        raise InputError(f"{where}: give a list with one entry for each {each}")
    found = tuple(value)
    if count is not None and len(found) != count:
        raise InputError(f"{where}: there must be {count} entries, one for each {each}, not {len(found)}")  # fmt: skip
    return found


def _items(rows: tuple, number: Any, each: str) -> tuple[tuple[Any, Any], ...]:
    made = []
    for k, item in enumerate(rows):
        pair = (item.get("q"), item.get("r")) if isinstance(item, Mapping) else item
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or None in pair:
            raise InputError(
                f"items, {each} {k}: give a quality q and a reward r, not {item!r:.60}"
            )
        made.append((number(pair[0], f"q, {each} {k}"), number(pair[1], f"r, {each} {k}")))
    return tuple(made)


def _chances(row: Sequence[Any], where: str) -> None:
    if any(_known(p < 0) for p in row):
        raise InputError(f"{where}: a chance is negative")
    total = sp.Add(*row)
    if _known(sp.Ne(total, 1)):
        raise InputError(f"{where}: the chances sum to {total}, not to 1")


def _known(condition: Any) -> bool:
    """Whether a condition is met whatever the parameters are."""
    return condition == True and not getattr(condition, "free_symbols", ())  # noqa: E712


def _concrete(table: Any) -> bool:
    if isinstance(table, tuple):
        return all(_concrete(part) for part in table)
    return isinstance(table, sp.Rational)


def _fractions(table: Any) -> Any:
    if isinstance(table, tuple):
        return tuple(_fractions(part) for part in table)
    return exact(table)
