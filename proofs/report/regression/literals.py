"""Values as text of Python that makes them again."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import Any


def literal(value: Any) -> str:
    """A value as Python that makes it again."""
    if isinstance(value, Fraction):
        return (
            str(value.numerator)
            if value.denominator == 1
            else f"Fraction({value.numerator}, {value.denominator})"
        )
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    if type(value) in BRACKETS:
        left, right = BRACKETS[type(value)]
        last = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return left + ", ".join(literal(v) for v in value) + last + right
    if isinstance(value, SimpleNamespace):
        return (
            "SimpleNamespace("
            + ", ".join(f"{n}={literal(v)}" for n, v in vars(value).items())
            + ")"
        )
    module = type(value).__module__.partition(".")[0]
    if module == "numpy":
        return f"np.array({literal(value.tolist())})"
    if module == "pandas":
        kind = type(value).__name__
        inside = value.to_dict() if kind == "Series" else value.to_dict("list")
        return f"pd.{kind}({literal(inside)})"
    return repr(value)


BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}
