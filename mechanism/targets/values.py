"""The values that foreign code returns, as plain Python: numbers, sequences, fields, columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from decimal import Decimal
from fractions import Fraction
from numbers import Number
from typing import Any

from mechanism.targets.forms import WHO


def unboxed(value: Any) -> Any:
    """A numpy scalar as Python's."""
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return value.item()
    return value


def is_number(value: Any) -> bool:
    """Whether a value is a number, numpy's included; a flag is one, too."""
    value = unboxed(value)
    return isinstance(value, (Number, Decimal)) and not isinstance(value, complex)


def plain(value: Any) -> Fraction | float:
    """A finite number, exact where it was: a Fraction or a float.

    Raises
    ------
    ValueError
        When it is none.
    """
    value = unboxed(value)
    if isinstance(value, (bool, int, Fraction, Decimal)):
        return Fraction(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is no amount")
        return value
    if isinstance(value, str):
        return Fraction(value)
    raise ValueError(f"{value!r} is not a number")


def sequence_of(value: Any, sets: bool = False) -> list[Any] | None:
    """The entries of a list, a tuple, an array or a Series; None for anything else."""
    if isinstance(value, (list, tuple, range)) or (sets and isinstance(value, (set, frozenset))):
        return sorted(value, key=repr) if isinstance(value, (set, frozenset)) else list(value)
    if (
        getattr(value, "ndim", 0) >= 1
        and hasattr(value, "tolist")
        and not hasattr(value, "columns")
    ):
        return list(value.tolist()) if value.dtype != object else list(value)
    return None


def mapping_of(value: Any) -> Mapping[Any, Any] | None:
    """A mapping, or the fields of an object; None for what has none."""
    if isinstance(value, Mapping):
        return value
    if hasattr(value, "columns"):
        return None
    if hasattr(value, "index") and hasattr(value, "to_dict"):
        return value.to_dict()  # a Series
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in fields_of(value)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: getattr(value, name) for name in value._fields}
    if isinstance(value, (Number, Decimal, str, bytes, list, tuple, set, frozenset, type(None))):
        return None
    if hasattr(value, "dtype") or not hasattr(value, "__dict__") or callable(value):
        return None
    told = {n: v for n, v in vars(value).items() if not n.startswith("_")}
    for name in dir(type(value)):
        if isinstance(getattr(type(value), name, None), property) and not name.startswith("_"):
            told.setdefault(name, getattr(value, name))
    return told or None


def columns(value: Any) -> dict[str, Any] | None:
    """The columns of a frame, of records, or of pairs: lists, or mappings by id where records name it."""
    if hasattr(value, "columns") and hasattr(value, "to_dict"):
        rows = value.to_dict("records")
        names = list(value.index)
        unnamed = not any(name in value.columns for name in WHO)
        value = [{**({"id": n} if unnamed else {}), **row} for n, row in zip(names, rows)]
    if isinstance(value, Mapping):
        if value and (rows := _even(list(value.values()))):
            by_id = {
                f"[{k}]": {who: row[k] for who, row in zip(value, rows)}
                for k in range(len(rows[0]))
            }
            return {"": list(value), **by_id}
        inner = {key: mapping_of(v) for key, v in value.items()}
        if not inner or any(v is None for v in inner.values()):
            return None
        value = [{**dict(fields or {}), "id": key} for key, fields in inner.items()]
    if not isinstance(value, (list, tuple)):
        return None
    if value and (rows := _even(value)):
        return {f"[{k}]": [row[k] for row in rows] for k in range(len(rows[0]))}
    fields = [mapping_of(v) for v in value]
    if any(row is None for row in fields):
        return None
    return _columns([dict(row) for row in fields if row is not None])


def shown(value: Any, most: int = 200) -> str:
    """A value as it is shown to the user, in short."""
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001  (somebody else's __repr__)
        return f"<{type(value).__name__}, whose repr raises {type(error).__name__}>"
    return text if len(text) <= most else text[:most] + "..."


def _even(rows: Sequence[Any]) -> Sequence[Any] | None:
    """Rows that are tuples or lists of the same length, without names; None where they are not."""
    even = all(
        isinstance(row, (tuple, list)) and not hasattr(row, "_fields") and len(row) == len(rows[0])
        for row in rows
    )
    return rows if even and rows[0] else None


def _columns(rows: list[dict[Any, Any]]) -> dict[str, Any]:
    shared = [n for n in (rows[0] if rows else ()) if all(n in row for row in rows)]
    who = next((n for n in WHO if n in shared), None)
    if who is None:
        return {str(n): [row[n] for row in rows] for n in shared}
    columns: dict[str, Any] = {
        str(n): {row[who]: row[n] for row in rows} for n in shared if n != who
    }
    return {**columns, who: [row[who] for row in rows], "": [row[who] for row in rows]}
