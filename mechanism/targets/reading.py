"""How a target is read, in words: what is printed with every audit of foreign code."""

from __future__ import annotations

from mechanism.targets.forms import TOLD
from mechanism.targets.target import Target

Parts = tuple[tuple[str, str, str], ...]


def told(target: Target) -> str:
    """What was recognised.

    Examples
    --------
    >>> from mechanism.targets.target import target_from
    >>> reading = {"numbers": "float", "arguments": [["", "bids"]], "style": "list", "exact": False,
    ...            "result": [["who", "[0]", "id"], ["money", "[1]", "price"]]}
    >>> told(target_from("shop.py:run", {"as": "single-item", "reading": reading}))
    'bids as a list of floats; result as (winner, price)'
    """
    reading = target.reading
    if reading is None:
        return ""
    numbers = {"fraction": "Fractions", "float": "floats", "int": "whole numbers"}[reading.numbers]
    form = TOLD[reading.style]
    form = (
        f"{form} of {numbers}"
        if form.endswith(("list", "tuple", "array"))
        else f"{form}, {numbers}"
    )
    return f"bids {form}; result as {described(reading.result)}"


def described(parts: Parts) -> str:
    """A reading in a few words: ``(winner, price)``."""
    if parts[0][0] == "outcome":
        return "an Outcome"
    words = {
        "id": "winner", "id from 1": "winner counted from 1", "ids": "winners", "ids from 1": "winners counted from 1",
        "each": "allocation by agent", "by id": "allocation by id", "by slot": "ids by slot", "slot": "slot of each",
        "slot from 1": "slot of each, from 1",
    }  # fmt: skip
    money = {
        "price": "price",
        "payments": "payments",
        "by id": "payments by id",
        "aligned": "prices of the winners",
    }
    told = []
    by_place = all("[" in where for _, where, _ in parts)
    for role, where, form in sorted(parts, key=lambda part: part[1] if by_place else ""):
        word = (words if role == "who" else money).get(form, form)
        named = "" if not where or where.startswith(("[", "*[")) else f" in '{where.lstrip('*')}'"
        told.append(word + (named if where.lstrip("*") not in word else ""))
    records = "records of " if parts[0][1].startswith("*") else ""
    return records + "(" + ", ".join(told) + ")"
