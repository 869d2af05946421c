"""How a target is read, in words: what is printed with every audit of foreign code."""

from __future__ import annotations

from mechanism.targets.forms import TOLD
from mechanism.targets.target import Target

WORDS = {
    ("who", "id"): "winner", ("who", "id from 1"): "winner counted from 1", ("who", "ids"): "winners",
    ("who", "ids from 1"): "winners counted from 1", ("who", "each"): "allocation", ("who", "by id"): "allocation by id",
    ("money", "price"): "price", ("money", "payments"): "payments", ("money", "by id"): "payments by id",
    ("money", "aligned"): "prices of the winners", ("money", "by good"): "prices by good",
    ("money", "one price"): "price", ("who", "slot"): "slot of each", ("who", "by slot"): "ids by slot",
    ("trade price", "price"): "price", ("buyers pay", "price"): "price to pay", ("sellers get", "price"): "price to get",
    ("buyers pay", "aligned"): "payments of those buyers", ("sellers get", "aligned"): "receipts of those sellers",
    ("money", "per click"): "prices per click",
    ("buyers pay", "each"): "payments of buyers", ("sellers get", "each"): "receipts of sellers",
}  # fmt: skip
ROWS_TOLD = {
    "list": "lists", "dict": "dicts by good", "dict, letters": "dicts by good", "frozensets": "dicts by frozenset",
    "tuples": "dicts by tuple of goods", "offers": "lists of (set, value)", "texts, letters": "dicts by text",
    "all bundles": "lists by bundle",
}  # fmt: skip
Parts = tuple[tuple[str, str, str], ...]


def told(target: Target) -> str:
    """What was recognised.

    Examples
    --------
    >>> from mechanism.targets.target import target_from
    >>> reading = {"numbers": "float", "arguments": [["", "bids"]], "style": "list", "exact": False,
    ...            "result": [["who", "[0]", "id"], ["money", "[1]", "price"]]}
    >>> told(target_from("shop.py:run", {"as": "single-item", "reading": reading}))
    'bids as a list of floats; result as (winner, price); float64, read to within 1e-9'
    """
    reading = target.reading
    if reading is None:
        return ""
    numbers = {"fraction": "Fractions", "float": "floats", "int": "whole numbers"}[reading.numbers]
    if target.place.startswith("exec:"):
        numbers = "JSON numbers" if target.numbers == "json" else "fractions written as text"
    form = form_told(reading.style)
    if target.kind.id != "matching":
        of = " of " if form.endswith(("list", "tuple", "array")) else ", "
        form += of + numbers
    rounded = "" if target.arithmetic == "exact" else f"; {target.arithmetic}"
    lottery = ""
    if target.varies:
        lottery = "; answers vary from call to call, whatever the seed"
    elif target.randomised or target.draws:
        what = "randomised" if target.randomised else "imports random numbers"
        lottery = f"; {what}, audited for seed {target.seed}"
    money = ""
    if target.kind.rates and all(role != "outcome" for role, _, _ in reading.result):
        by_click = any(form == "per click" for _, _, form in reading.result)
        money = f", read as {'prices per click' if by_click else 'payments in all'}"
    what = {"matching": "preferences", "procurement": "costs"}.get(target.kind.id, "bids")
    noted = f"; {reading.assumed}" if reading.assumed else ""
    return f"{what} {form}; result as {described(reading.result)}{money}{noted}{rounded}{lottery}"


def form_told(style: str) -> str:
    """The form of the bids in words."""
    own, _, row = style.partition("/")
    return TOLD[own] + (f" of {ROWS_TOLD[row]}" if row else "")


def described(parts: Parts) -> str:
    """A reading in a few words: ``(winner, price)``."""
    if parts[0][0] == "outcome":
        return "an Outcome"
    if len(parts) == 1 and not parts[0][1]:
        return parts[0][2]
    told = []
    by_place = all("[" in where for _, where, _ in parts)
    for role, where, form in sorted(parts, key=lambda part: part[1] if by_place else ""):
        word = WORDS.get((role, form), role if form in ("ids", "each", "price") else form)
        named = "" if not where or where.startswith(("[", "*[")) else f" in '{where.lstrip('*')}'"
        told.append(word + (named if where.lstrip("*") not in word else ""))
    records = "records of " if parts[0][1].startswith("*") else ""
    return records + "(" + ", ".join(told) + ")"
