"""Numbers, tables and instances to and from JSON values.

A rational is the string ``"3/7"``, a flag is true or false, a table is a nested list, and a strictly
increasing function is ``{"function": "..."}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mechanism.errors import InputError
from mechanism.instance import Instance

_REQUIRED = object()
_WORDS = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    Mapping: "an object",
}


def take(data: Any, name: str, kind: Any, default: Any = _REQUIRED) -> Any:
    """One member of a JSON object, of the right kind; null counts as missing."""
    if not isinstance(data, Mapping):
        raise InputError(f"expected a JSON object with '{name}', found {data!r:.40}")
    value = data.get(name)
    if value is None:
        if default is _REQUIRED:
            raise InputError(f"'{name}' is missing from the JSON")
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InputError(f"'{name}' must be {_WORDS.get(kind, 'a number')}, not {value!r:.40}")
    return value


def encode(value: Any) -> Any:
    """An exact value as JSON: a number, a flag, a function, an option's name, or a table of them."""
    if isinstance(value, (tuple, list)):
        return [encode(v) for v in value]
    if value is None or isinstance(value, (bool, str)):
        return value
    return {"function": str(value)} if callable(value) else str(Fraction(value))


def decode(value: Any, name: str = "a number") -> Any:
    """The value that was written, exact; plain whole numbers are taken, too."""
    if isinstance(value, list):
        return tuple(decode(v, name) for v in value)
    if isinstance(value, Mapping):
        from mechanism.virtual import parse

        return parse(take(value, "function", str))
    if isinstance(value, bool):
        return value
    try:
        if isinstance(value, (str, int)):
            return Fraction(value)
    except (ValueError, ZeroDivisionError):
        pass
    raise InputError(f'{name}: {value!r} is not an exact number; write it like "3/7"')


def encode_all(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by name."""
    return {name: encode(value) for name, value in values.items()}


def decode_parameters(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by name, where a word is the option of a choice; the rule knows which there are."""
    word = re.compile(r"[a-z][a-z0-9-]*")
    return {
        name: value if isinstance(value, str) and word.fullmatch(value) else decode(value, name)
        for name, value in values.items()
    }


def decode_all(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by name."""
    return {name: decode(value, name) for name, value in values.items()}


def instance_json(instance: Instance) -> dict[str, Any]:
    """Sizes, numbers, roles and tie orders."""
    return {
        "sizes": dict(instance.sizes),
        "tables": encode_all(instance.tables),
        "roles": dict(instance.roles),
        "orders": {world: list(order) for world, order in instance.orders.items()},
    }


def instance_from(data: Any) -> Instance:
    """The instance that was written."""
    sizes, roles, orders = (take(data, n, Mapping, {}) for n in ("sizes", "roles", "orders"))
    return Instance(
        sizes={name: take(sizes, name, int) for name in sizes},
        tables=decode_all(take(data, "tables", Mapping)),
        roles={name: take(roles, name, int) for name in roles},
        orders={world: tuple(take(orders, world, list)) for world in orders},
    )
