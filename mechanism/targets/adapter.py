"""What to write where a form is not known: a few lines to paste."""

from __future__ import annotations

import re
from typing import Any

from mechanism.targets.kinds import Kind

PROGRAM = (
    "a program is to answer each line with one line like "
    '{"winner": 0, "price": 5} or {"allocation": [1, 0], "payments": [5, 0]}'
)
_AMOUNTS = """\
return Outcome([1 if i == result.winner else 0 for i in range(len(bids))],
                       [result.price if i == result.winner else 0 for i in range(len(bids))])"""
_SLOTS = """\
rates = [{rates}]
        return Outcome([rates[s] if s in range({count}) else 0 for s in result.slots],
                       result.payments)  # in all: a price per click times the rate"""
_GOODS = """\
return Outcome([[1 if i == result.holder[g] else 0 for g in range({count})] for i in range(len(bids))],
                       result.payments)"""
_SIDES = """\
return Outcome([int(i in result.buyers) for i in range(len(bids))]
                       + [int(j in result.sellers) for j in range(len(asks))],
                       result.buyers_pay + [-x for x in result.sellers_get])"""
# The arguments of an adapter, and how it ends.
ENDS: dict[str, tuple[str, str]] = {
    "slots": ("bids", _SLOTS),
    "assignment": ("bids", _GOODS),
    "combinatorial": ("bids", _GOODS),
    "double": ("bids, asks", _SIDES),
    "public": ("bids", "return Outcome(result.decision, result.payments)"),
    "matching": ("proposers, receivers", "return dict(result.pairs)  # proposer to receiver"),
}


def adapter(
    kind: Kind, place: str, result: Any = None, arguments: tuple[tuple[str, str], ...] = ()
) -> str:
    """The advice, and the lines.

    Parameters
    ----------
    kind : Kind
    place : str
        Of the target.
    result : object, optional
        What the code returned: what has no fields is not read by fields.
    arguments : tuple of (str, str)
        What the function takes: see `mechanism.targets.arguments`.
    """
    if place.startswith("exec:"):
        return PROGRAM
    where, _, name = place.rpartition(":")
    module = where.removesuffix(".py").replace("\\", "/").rpartition("/")[2] or "yours"
    given, end = ENDS.get(kind.id, ("bids", _AMOUNTS))
    filled = end.format(count=kind.count, rates=", ".join(map(str, kind.rates)))
    if result is None or isinstance(result, (tuple, list, dict, str, int, float)):
        names = ", ".join(dict.fromkeys(re.findall(r"result\.(\w+)", filled)))
        filled = f"{names} = ...  # taken from the result\n        " + filled.replace("result.", "")
    return (
        "write an adapter into a file of its own and audit that:\n\n"
        f"    from mechanism import Outcome\n    from {module} import {name.partition('.')[0]}\n"
        f"    def adapter({given}):\n"
        f"        result = {name}({_passed(arguments, given)})  # as your code wants them\n"
        f"        {filled}"
    )


def _passed(arguments: tuple[tuple[str, str], ...], given: str) -> str:
    """How what an adapter is given goes on to a function that takes these arguments."""
    bidders = [(name, what.split()[2]) for name, what in arguments if what.startswith("bid ")]
    if bidders and any(name for name, _ in bidders):
        names = ", ".join(f'"{who}"' for _, who in bidders)
        return f"**dict(zip([{names}], {given}))"
    if bidders or ("*", "bids") in arguments:
        return f"*{given}"
    if ("**", "bids") in arguments:
        return f'**dict(zip("ABCDEFGHIJ", {given}))'
    by_name = [(name, what) for name, what in arguments if what in given.split(", ")]
    return ", ".join(f"{name}={what}" if name else what for name, what in by_name) or given
