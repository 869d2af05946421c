"""Menus to and from JSON; the form is fixed by ``menu.schema.json`` beside this file.

Numbers are whole, or texts such as ``"3/7"``, ``"0.1"``, or a formula over the menu's parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sympy as sp

from mechanism.contracts.json_text import SCHEMA, fields, read_object
from mechanism.contracts.menu import Menu
from mechanism.contracts.payoff import (
    FAMILIES,
    Payoff,
    Q,
    expression,
    function,
    reward_minus_cost,
    type_times_value,
)
from mechanism.errors import InputError
from mechanism.language import parameter

_KNOWN = {
    "schema", "kind", "id", "title", "types", "prior", "payoff", "items", "transition", "discount",
    "second", "surplus", "budget", "parameters",
}  # fmt: skip
KINDS = ("menu", "two-period-menu")
_TAKEN = {"theta", "q", "r", "prior", "P", "q2", "r2"}


def read_menu(path: str | Path) -> Menu:
    """The menu in a file.

    Raises
    ------
    InputError
        Saying what is wrong, and where.
    """
    data = read_object(path)
    try:
        return menu_from(data, Path(path).stem)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def menu_from(data: Any, name: str = "menu") -> Menu:
    """The menu in a JSON object."""
    fields(data, "menu", _KNOWN, ("types", "prior", "payoff", "items"))
    kind = data.get(
        "kind", "two-period-menu" if "second" in data or "transition" in data else "menu"
    )
    if kind not in KINDS:
        raise InputError(f"'{kind}' is no kind of menu; there are {' and '.join(KINDS)}")
    fields(data, "menu", _KNOWN, ("transition", "second") if kind == KINDS[1] else ())
    names = parameters_from(data.get("parameters", {}))
    return Menu(
        types=data["types"],
        prior=data["prior"],
        items=data["items"],
        payoff=payoff_from(data["payoff"]),
        second=data["second"] if kind == KINDS[1] else None,
        transition=data["transition"] if kind == KINDS[1] else None,
        discount=data.get("discount", 1),
        surplus=surplus_from(data["surplus"]) if "surplus" in data else None,
        budget=data.get("budget"),
        parameters=names,
        id=data.get("id", name),
        title=data.get("title", ""),
    )


def payoff_from(data: Any) -> Payoff:
    """A payoff: a family and its functions."""
    if not isinstance(data, Mapping) or data.get("family") not in FAMILIES:
        raise InputError(f"payoff: give a family, one of {', '.join(FAMILIES)}, and its functions")
    parts: dict[str, tuple[tuple[str, ...], Callable[..., Payoff]]] = {
        FAMILIES[0]: (("cost",), reward_minus_cost),
        FAMILIES[1]: (("value", "cost"), type_times_value),
        FAMILIES[2]: (("u",), expression),
    }
    names, make = parts[data["family"]]
    for name in names:
        if name not in data:
            raise InputError(f"payoff: the family {data['family']} needs '{name}'")
    return make(*(data[name] for name in names))


def surplus_from(data: Any) -> Any:
    """What quality is worth to the principal: concave."""
    return function(data, Q, "surplus", concave=True)


def parameters_from(data: Any) -> dict[str, Any]:
    """The names that numbers may be formulas of, each with its domain."""
    if not isinstance(data, Mapping):
        raise InputError("parameters: give an object, a name for each and its domain")
    made = {}
    for name, domain in data.items():
        if not name.isidentifier() or name in _TAKEN:
            raise InputError(f"parameters: '{name}' cannot be a parameter's name")
        bounds: dict[str, Any] = dict(domain) if isinstance(domain, Mapping) else {}
        if set(bounds) - {"at_least", "above", "at_most"}:
            raise InputError(f"parameters: {name} has a domain of at_least, above and at_most")
        made[name] = parameter(
            name,
            at_least=_bound(bounds, "at_least"),
            above=_bound(bounds, "above"),
            at_most=_bound(bounds, "at_most"),
        )
    return made


def menu_json(menu: Menu) -> dict[str, Any]:
    """The menu as a JSON object; formulas as text."""
    item = lambda pair: {"q": str(pair[0]), "r": str(pair[1])}  # noqa: E731
    payoff: dict[str, Any] = {"family": menu.payoff.family}
    if menu.payoff.cost is None:
        payoff["u"] = _formula(menu.payoff.u)
    else:
        payoff["cost"] = _formula(menu.payoff.cost)
        if menu.payoff.value is not None:
            payoff["value"] = _formula(menu.payoff.value)
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": KINDS[menu.two_periods],
        "id": menu.id,
        "title": menu.title,
        "types": [str(t) for t in menu.types],
        "prior": [str(p) for p in menu.prior],
        "payoff": payoff,
        "items": [item(i) for i in menu.items],
    }
    if menu.second is not None and menu.transition is not None:
        data["transition"] = [[str(p) for p in row] for row in menu.transition]
        data["discount"] = str(menu.discount)
        data["second"] = [[item(i) for i in row] for row in menu.second]
    if menu.surplus is not None:
        data["surplus"] = _formula(menu.surplus)
    if menu.budget is not None:
        data["budget"] = str(menu.budget)
    if menu.parameters:
        data["parameters"] = {name: _bounds(entry.family.domain) for name, entry in menu.parameters.items()}  # fmt: skip
    return data


def _bound(bounds: Mapping[str, Any], which: str) -> Any:
    return str(bounds[which]) if which in bounds else None


def _bounds(domain: Any) -> dict[str, str]:
    found = {}
    if domain.lower is not None:
        found["above" if domain.strict else "at_least"] = str(domain.lower)
    if domain.upper is not None:
        found["at_most"] = str(domain.upper)
    return found


def _formula(expr: Any) -> str:
    """The text that `parse` reads back."""
    return sp.sstr(expr).replace("Max(", "max(").replace("Min(", "min(").replace("Abs(", "abs(")


__all__ = ["menu_from", "menu_json", "payoff_from", "read_menu", "surplus_from"]
