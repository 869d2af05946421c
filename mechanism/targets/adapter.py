"""What to write where a form is not known: a few lines to paste, that call the code as it was called."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from mechanism.targets import classes
from mechanism.targets.forms import SAYS, WHO, named
from mechanism.targets.kinds import Kind

if TYPE_CHECKING:
    from mechanism.targets.callee import Callee

PROGRAM = (
    "a program is to answer each line with one line like "
    '{"winner": 0, "price": 5} or {"allocation": [1, 0], "payments": [5, 0]}'
)
SLOTS = (
    '; for slots like {"slots": [0, null], "payments": [5, 0]}, which are payments in all, or with '
    '"price_per_click" in place of "payments"'
)
TAKEN = "= ...  # taken from the result"
# How an adapter ends, by setting; `{who}` goes through the agents as the code calls them.
AMOUNTS = f"""\
winner, price {TAKEN}
return Outcome([1 if i == winner else 0 for i in {{who}}],
               [price if i == winner else 0 for i in {{who}}])"""
UNITS = f"""\
winners, price {TAKEN}
return Outcome([1 if i in winners else 0 for i in {{who}}],
               [price if i in winners else 0 for i in {{who}}])"""
GOODS = f"""\
holder, payments {TAKEN}: who gets each good, what each pays
return Outcome([[1 if i == holder[g] else 0 for g in range({{count}})] for i in {{who}}],
               payments)"""
ENDS = {
    "units": UNITS,
    "procurement": AMOUNTS.replace("[price", "[-price") + "  # a seller receives it",
    "slots": f"""\
slots, payments {TAKEN}: the slot of each, what each pays
rates = [{{rates}}]
clicks = [rates[s] if s in range({{count}}) else 0 for s in slots]
return Outcome(clicks, payments)  # if they are payments in all
# return Outcome(clicks, [p * c for p, c in zip(payments, clicks)])  # if they are prices per click""",
    "assignment": GOODS,
    "combinatorial": GOODS,
    "double": f"""\
buyers, sellers, buyers_pay, sellers_get {TAKEN}: who trades, a list of what each pays or gets
return Outcome([int(i in buyers) for i in {{who}}] + [int(j in sellers) for j in {{others}}],
               buyers_pay + [-x for x in sellers_get])""",
    "public": f"decision, payments {TAKEN}\nreturn Outcome(decision, payments)",
    "matching": f"pairs {TAKEN}\nreturn dict(pairs)  # proposer to receiver",
}
IDS = {"bids": '"ABCDEFGHIJ"', "asks": '"NOPQRSTUVW"'}
# The bids `{b}` of the agents `{i}` in a form.
FORMS = {
    "list": "{b}", "named list": "{b}", "tuple": "tuple({b})", "array": "np.array({b})", "rows": "np.array([{b}])",
    "dict": "dict(zip({i}, {b}))", "numbered dict": "dict(enumerate({b}))", "pairs": "list(zip({i}, {b}))",
    "numbered pairs": "list(enumerate({b}))", "bid-first pairs": "list(zip({b}, {i}))",
    "bid-first numbered pairs": "[(bid, i) for i, bid in enumerate({b})]",
    "records": "[{{{fields}}} for i, bid in zip({i}, {b})]",
    "objects": "[SimpleNamespace(**{{{fields}}}) for i, bid in zip({i}, {b})]",
    "series": "pd.Series({b}, list({i}))",
    "frame": "pd.DataFrame([{{{fields}}} for i, bid in zip({i}, {b})])",
}  # fmt: skip
# The same of one agent's row, where an adapter is given a list, or a dict by frozenset.
ROWS = {
    "dict": "dict(enumerate(row))", "dict, letters": 'dict(zip("ABCDEFGHIJ", row))',
    "tuples": "{tuple(sorted(s)): v for s, v in row.items()}", "offers": "[(set(s), v) for s, v in row.items()]",
    "texts, letters": '{"".join("ABCDEFGHIJ"[g] for g in sorted(s)): v for s, v in row.items()}',
    "all bundles": "list(row.values())",
}  # fmt: skip
IMPORTS = {
    "np.": "import numpy as np",
    "pd.": "import pandas as pd",
    "SimpleNamespace(": "from types import SimpleNamespace",
    "import_module(": "from importlib import import_module",
}
BIDDERS = re.compile(r"bid \d+ ")
Arguments = tuple[tuple[str, str], ...]


def adapter(callee: Callee, style: str = "list", arguments: Arguments = ()) -> str:
    """The advice, and the lines.

    Parameters
    ----------
    callee : Callee
    style : str
        A form in which the code takes the bids, as far as that is known.
    arguments : tuple of (str, str)
        What it takes, as far as that is known: see `mechanism.targets.arguments`.
    """
    kind, place = callee.target.kind, callee.target.place
    if place.startswith("exec:"):
        return PROGRAM + (SLOTS if kind.rates else "")
    given = {"double": ["bids", "asks"], "matching": ["proposers", "receivers"]}.get(
        kind.id, ["bids"]
    )
    own, source = [what.split()[2] for _, what in arguments if BIDDERS.match(what)], _source(callee)
    who = _agents(style, given, arguments, [w for w in own if re.search(f"[\"']{w}[\"']", source)])
    made = dict(zip(given, (_formed(style, name, who[name], kind, source) for name in given)))
    lines = [
        f"{name} = {IDS[key]}[:len({key})]"
        for key, name in who.items()
        if name in ("ids", "others")
    ]
    lines += _called(callee, _passed(arguments, made, who[given[0]], kind), who, made)
    end = ENDS.get(kind.id, AMOUNTS).format(
        who=who[given[0]], others=who[given[-1]], count=kind.count, rates=", ".join(map(str, kind.rates))
    )  # fmt: skip
    lines += end.splitlines()
    if own:  # so many bidders, no more
        lines.insert(0, f"bids = [{', '.join(own)}]")
    body = [f"def adapter({', '.join(own or given)}):", *(f"    {line}" for line in lines)]
    where = place.rpartition(":")[0]
    head = [] if kind.id == "matching" else ["from mechanism import Outcome"]
    head.append(_imported(where, place))
    needed = [line for sign, line in IMPORTS.items() if sign in "".join((*head, *body))]
    beside = "beside it" if where.endswith(".py") else "of its own"
    text = "\n".join(f"    {line}" for line in (*needed, *head, *body))
    return f"write an adapter into a file {beside} and audit that:\n\n{text}"


def _agents(
    style: str, given: list[str], arguments: Arguments, called: list[str]
) -> dict[str, str]:
    """What goes through the agents as the code calls them, by argument of the adapter."""
    if called:
        return dict.fromkeys(given, str(called).replace("'", '"'))
    if "**" in (name for name, _ in arguments) or (named(style) and given[0] in IDS):
        return dict(zip(given, ("ids", "others")))
    return {name: f"range(len({name}))" for name in given}


def _formed(style: str, name: str, who: str, kind: Kind, source: str) -> str:
    """The bids in a form."""
    own, _, row = style.partition("/")
    bids = name
    if row in ROWS and not (row == "dict" and kind.names):
        bids = f"[{ROWS[row]} for row in {name}]"
    return FORMS.get(own, "{b}").format(b=bids, i=who, fields=_fields(source))


def _fields(source: str) -> str:
    """The usual fields of a bid that some code reads."""
    reads = lambda name: re.search(rf"""["'.]{name}\b""", source)  # noqa: E731
    who = [n for n in WHO if reads(n)] or ["bidder"]
    says = [n for n in SAYS if reads(n)] or ["bid"]
    return ", ".join([*(f'"{n}": i' for n in who), *(f'"{n}": bid' for n in says)])


def _source(callee: Callee) -> str:
    try:
        return inspect.getsource(callee.module or callee.function)
    except (OSError, TypeError):
        return ""


def _imported(where: str, place: str) -> str:
    module = where.removesuffix(".py").replace("\\", "/").rpartition("/")[2] or "yours"
    name = place.rpartition(":")[2].partition(".")[0]
    if all(part.isidentifier() for part in module.split(".")):
        return f"from {module} import {name}"
    return f'{name} = import_module("{module}").{name}'


def _called(callee: Callee, passed: str, who: dict[str, str], made: dict[str, str]) -> list[str]:
    """The lines that call the code."""
    name = callee.target.place.rpartition(":")[2]
    own, whose, method = callee.method
    mark = "  # as your code wants them"
    if whose is None:
        return [f"result = {name}({passed}){mark}"]
    told = dict(callee.target.parameters)
    needs = [n for n in inspect.signature(whose).parameters if n in told]
    fresh = f"{own}({', '.join(f'{n}={_value(told[n])}' for n in needs)})"
    adders = classes.adders(whose, method)
    if not adders:
        if classes.made_of_bids(whose, method, told):
            return [f"result = {own}({passed}).{method}(){mark}"]
        return [f"result = {fresh}{'' if method == '__call__' else f'.{method}'}({passed}){mark}"]
    lines = [f"made = {fresh}"]
    for name in made:
        asks = [bool(classes.ASKS.search(adder.name)) is (name == "asks") for adder in adders]
        told_of: list[str] = []
        for adder, fits in zip(adders, asks):
            words = ["bid" if classes.is_amount(n) else "i" for n in adder.names]
            passed = ", ".join(words) if len(words) > 1 or words == ["i"] else "(i, bid)"
            told_of += [f"    made.{adder.name}({passed})"] if fits or len(made) == 1 else []
        lines += [f"for i, bid in zip({who[name]}, {name}):", *told_of] if told_of else []
    return [*lines, f"result = made.{method}()"]


def _passed(arguments: Arguments, made: dict[str, str], who: str, kind: Kind) -> str:
    """How what an adapter is given goes on to a function that takes these arguments."""
    first = next(iter(made))
    told = []
    for name, what in arguments:
        if BIDDERS.match(what):
            told.append(f"{name}={name}" if name else what.split()[2])
            continue
        if name in ("*", "**"):
            told.append(f"*{first}" if name == "*" else f"**dict(zip({who}, {first}))")
            continue
        value = {
            "ids": f"list({who})", "count": f"len({first})", "rates": f"[{', '.join(map(str, kind.rates))}]",
            "supply": f"list(range({kind.count}))" if kind.by_good else str(kind.count), **made,
        }.get(what, "...")  # fmt: skip
        told.append(f"{name}={value}" if name else value)
    return ", ".join(told) or ", ".join(made.values())


def _value(value: Any) -> str:
    return repr(value) if isinstance(value, (str, bool)) else str(value)
