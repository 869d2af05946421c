"""Which argument of a function takes what: the bids, the ids, a parameter."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any

from mechanism.errors import InputError
from mechanism.targets.forms import Names, formed, handed, names_of
from mechanism.targets.kinds import Kind
from mechanism.targets.target import SEATS, Target

IDS = (
    "names",
    "ids",
    "bidders",
    "bidder_ids",
    "agents",
    "players",
    "participants",
    "users",
    "bidder_names",
)
COUNT = (
    "n",
    "num_bidders",
    "n_bidders",
    "num_agents",
    "n_agents",
    "number_of_bidders",
    "num_players",
)
# What the setting itself tells: how many units or goods, which rates.
SUPPLY = ("k", "units", "num_units", "n_units", "quantity", "supply", "num_items", "n_items", "items", "num_slots",
          "n_slots", "m", "num_goods", "n_goods", "goods", "objects", "item_names", "capacity")  # fmt: skip
RATES = ("ctr", "ctrs", "rates", "click_through_rates", "click_rates", "alphas", "alpha", "slots", "slot_ctrs",
         "weights", "position_effects", "slot_effects", "qualities")  # fmt: skip
OPEN = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)

NUMBERS = re.compile(
    r"([\w.]+\.)?(list|sequence|iterable|collection)(\[[\w.]*(int|float|fraction|decimal|number|real)\])?", re.I
)  # fmt: skip

Arguments = tuple[tuple[str, str], ...]


class Unfit(InputError):
    """The arguments are not those of an auction, so that an adapter has to call it."""


class NoBids(Unfit):
    """There is no argument at all, so that only an object can be told of the bids otherwise."""


def arguments_of(
    function: Callable[..., Any], name: str, kind: Kind, given: Sequence[str]
) -> Arguments:
    """For each argument that is passed, its name and what goes in.

    Raises
    ------
    InputError
        For an argument nobody knows what to give, or a parameter that there is no argument for.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return (("", "bids"),)
    wanted = list(signature.parameters.values())
    named = [p for p in wanted if p.kind not in OPEN]
    passed = {p.name: f"={p.name}" for p in named if p.name in given}
    star = [p for p in wanted if p.kind in OPEN]
    stray = [g for g in given if g not in passed]
    if stray and not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in star):
        has = ", ".join(p.name for p in named)
        near = difflib.get_close_matches(stray[0], [p.name for p in named], n=1)
        hint = f"; did you mean {near[0]}?" if near else f"; its arguments are {has or 'none'}"
        raise InputError(
            f"{name}: there is no argument '{stray[0]}' for --param {stray[0]}=...{hint}"
        )
    passed |= {name: f"={name}" for name in stray}
    free = [p for p in named if p.name not in passed]
    required = [p for p in free if p.default is inspect.Parameter.empty]
    sides = ("bids", "asks") if kind.id == "double" else ("bids",)
    if kind.id == "matching":
        sides = ("proposers", "receivers")
    if len(required) > len(sides):
        required = _filled(required, kind, passed, len(sides))
    if len(required) > len(sides) and not kind.agents and not _several(required[0].name):
        return _ordered(wanted, {**passed, **_bidders(required)})
    if standing := _standing(free, required, star, kind):
        return _ordered(wanted, {**passed, **_bidders(standing)})
    takers = required or [p for p in free if p.name not in COUNT][: len(sides)]
    if not takers and star:
        return _ordered(wanted, {**passed, ("*" if star[0].kind is OPEN[0] else "**"): "bids"})
    if len(takers) > len(sides):
        names = " and ".join(f"'{p.name}'" for p in takers[len(sides) :])
        raise Unfit(
            f"{name} takes {_listed([p.name for p in takers])}; what is to be given for {names}? "
            f"Write --param {takers[len(sides)].name}=VALUE"
        )
    if not takers:
        raise NoBids(f"{name} takes no argument for the bids")
    if len(takers) < len(sides):
        raise Unfit(f"{name} takes one argument, but there are {_listed(list(sides))}")
    what = dict(zip((p.name for p in takers), sides))
    return _ordered(wanted, {**passed, **what})


def _bidders(parameters: list[inspect.Parameter]) -> dict[str, str]:
    return {p.name: f"bid {n} {p.name}" for n, p in enumerate(parameters)}


def _standing(
    free: list[inspect.Parameter],
    required: list[inspect.Parameter],
    star: list[inspect.Parameter],
    kind: Kind,
) -> list[inspect.Parameter]:
    """Keyword arguments that each stand for a bidder: nothing else is taken, and all have one default."""
    alike = len({repr(p.default) for p in free}) == 1
    only = all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in free)
    fits = not (required or star or kind.agents or kind.row or kind.id == "matching")
    return free if fits and only and alike and len(free) > 1 else []


def _several(name: str) -> bool:
    """Whether an argument is called like many bids rather than like one bidder."""
    return name.endswith("s") or name in (
        "data",
        "profile",
        "bid_list",
        "book",
        "market",
        "frame",
        "df",
    )


def _filled(
    required: list[inspect.Parameter], kind: Kind, passed: dict[str, str], keep: int
) -> list[inspect.Parameter]:
    """What is left of the required arguments after ids, counts and supplies are told by their names."""
    rest = list(required)
    tables = (
        ("rates", RATES if kind.rates else ()),
        ("supply", SUPPLY if kind.count else ()),
        ("count", COUNT),
        ("ids", IDS),
    )
    for what, names in tables:
        for parameter in list(rest):
            if len(rest) > keep and parameter.name.lower() in names and what not in passed.values():
                passed[parameter.name] = what
                rest.remove(parameter)
    return rest


def annotations_of(function: Callable[..., Any], arguments: Arguments) -> list[str]:
    """What the annotations say of the arguments that take the bids."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return []
    by_place = list(parameters.values())
    takers = [
        parameters[name] if name else by_place[n]
        for n, (name, what) in enumerate(arguments)
        if what in ("bids", "asks") and name not in ("*", "**")
    ]
    return [
        p.annotation if isinstance(p.annotation, str) else inspect.formatannotation(p.annotation)
        for p in takers
        if p.annotation is not inspect.Parameter.empty
    ]


def several_numbers(annotation: str) -> bool:
    """Whether an annotation of the bids tells no more than that they are several numbers."""
    return bool(NUMBERS.fullmatch(annotation))


def _ordered(wanted: list[inspect.Parameter], passed: dict[str, str]) -> Arguments:
    """In the order of the signature; what may be passed by place has no name."""
    made, by_place = [], True
    for p in wanted:
        what = passed.pop(p.name, None)
        by_place = by_place and what is not None and p.kind is not inspect.Parameter.KEYWORD_ONLY
        if what is not None:
            made.append(("" if by_place and p.kind not in OPEN else p.name, what))
    return (*made, *passed.items())


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def call_with(
    target: Target, arguments: Arguments, style: str, numbers: str, reports: Sequence[Any]
) -> tuple[list[Any], dict[str, Any], Names]:
    """Positional and keyword arguments for some reports, and what agents and goods are called in them.

    Parameters
    ----------
    reports : sequence
        One for each agent; of two sides, those of the first and then those of the second, or a pair of both.
    """
    kind = target.kind
    split = None
    if kind.id in ("double", "matching"):
        if len(reports) == 2 and isinstance(reports[0], (list, tuple)):
            reports, split = [*reports[0], *reports[1]], len(reports[0])
        else:
            split = kind.sides[0]
    bids = [handed(r, numbers) for r in reports]
    names = names_of(style, kind, len(bids), split)
    if style == "named arguments":
        own = [what.split()[2] for _, what in arguments if what.startswith("bid ")]
        names = Names(own, names.goods)
    told = {name: handed(value, numbers) for name, value in target.parameters}
    if target.seats:
        receivers = slice(names.split, None)
        seats = formed(style, target.seats, names.agents[receivers], names.goods)
        told |= {name: seats for name, _ in target.parameters if name.lower() in SEATS}
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for name, what in arguments:
        if name == "*":
            positional += bids
        elif name == "**":
            keywords |= dict(zip(names.agents, bids))
        else:
            value = (
                told[what[1:]]
                if what[:1] == "="
                else _value(what, kind, style, numbers, bids, names)
            )
            if name:
                keywords[name] = value
            else:
                positional.append(value)
    return positional, keywords, names


def _value(what: str, kind: Kind, style: str, numbers: str, bids: list[Any], names: Names) -> Any:
    split = len(bids) if names.split is None else names.split
    if what in ("bids", "proposers", "asks", "receivers"):
        side = slice(0, split) if what in ("bids", "proposers") else slice(split, len(bids))
        if kind.id == "matching":
            return preferences(style, bids[side], side, names)
        return formed(style, bids[side], names.agents[side], names.goods)
    if what.startswith("bid "):
        return bids[int(what.split()[1])]
    if what == "ids":
        return list(names.agents)
    if what == "count":
        return len(bids)
    if what == "supply":
        return list(names.goods) if kind.by_good else kind.count
    if what == "rates":
        return [handed(r, numbers) for r in kind.rates]
    raise ValueError(f"nothing is known of the argument for {what!r}")


def preferences(style: str, ranks: list[Any], side: slice, names: Names) -> Any:
    """Preference lists, best first, from each agent's ranks of the other side."""
    split = names.split or 0
    other = names.agents[split:] if (side.start or 0) == 0 else names.agents[:split]
    lists = [
        [who for place, who in sorted(zip(row, other), key=lambda p: p[0]) if place > 0]
        for row in ranks
    ]
    return formed(style, lists, names.agents[side], names.goods)
