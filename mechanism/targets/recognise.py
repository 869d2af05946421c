"""Which form bids take and results have: several calls decide, and nothing ambiguous is settled silently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mechanism.outcome import Outcome
from mechanism.targets.arguments import Arguments
from mechanism.targets.callee import Callee
from mechanism.targets.forms import FORMS, TOLD
from mechanism.targets.kinds import Kind
from mechanism.targets.program import Program
from mechanism.targets.reading import described
from mechanism.targets.results import (
    MONEY_FORMS,
    MONEY_NAMES,
    SLOT_FORMS,
    WHO_FORMS,
    WHO_NAMES,
    Reader,
    Unreadable,
)
from mechanism.targets.target import TOLERANCE, Reading
from mechanism.targets.values import items, mapping_of, plain, sequence_of

Parts = tuple[tuple[str, str, str], ...]
# Far above any number of an agent, all different, every order; halves and thirds are exact where taken.
_BIDS = (
    (40, 70, 50),
    (70, 50, 40),
    (50, 40, 70),
    (90, 30),
    (30, 90),
    (45, 95, 65, 85),
    (95, 45, 85, 65),
    (60, 80, 75, 35, 55),
)


class Unrecognised(Exception):
    """No form, or more than one, fits; the message shows what was returned, and an adapter."""


@dataclass(frozen=True)
class Probe:
    """One call: what was reported, what came back, and what the agents were called."""

    reports: tuple[Any, ...]
    result: Any
    ids: list[Any]


def probes(kind: Kind, agents: int | None = None) -> list[tuple[Any, ...]]:
    """Reports that tell forms apart; for so many agents, or for several numbers of them."""
    agents = agents or kind.agents
    rows = _BIDS if agents is None else _turns(tuple(37 + 11 * k for k in range(agents)))
    return [
        tuple(_row(Fraction(bid), place, kind.row) for place, bid in enumerate(bids))
        for bids in rows
    ]


def _turns(bids: tuple[int, ...]) -> list[tuple[int, ...]]:
    turned = [bids[k:] + bids[:k] for k in range(len(bids))]
    return [*turned, *(t[::-1] for t in turned)]


def _row(bid: Fraction, place: int, width: int) -> Any:
    if not width:
        return bid
    return tuple(bid + (7 * k * (-1) ** (k + place)) % 23 for k in range(width))


def recognise(callee: Callee, call: Callable[..., Any]) -> Reading:
    """How bids are handed over and results are read.

    Parameters
    ----------
    callee : Callee
    call : callable
        Runs the function on arguments, within a time limit.

    Raises
    ------
    Unrecognised
    """
    arguments = callee.arguments
    opened = [name for name, what in arguments if name in ("*", "**")]
    styles = opened or [s for s in FORMS if (s == "named list") == _has(arguments, "ids")]
    program = isinstance(callee.function, Program)
    if program:
        styles = ["list"]
    failed: list[str] = []
    shown: Any = None
    for style in styles:
        for numbers in ("fraction",) if program else ("fraction", "float", "int"):
            try:
                seen = [_probe(callee, call, style, numbers, r) for r in probes(callee.target.kind)]
            except ImportError:
                break
            except Exception as error:  # noqa: BLE001  (the code does not take this form; told if none fits)
                failed.append(f"{TOLD[style]}: {type(error).__name__}: {error}")
                continue
            if all(p.result is None for p in seen):
                shown = shown or seen[0]
                continue
            try:
                result = result_parts(callee.target.kind, seen)
            except Unrecognised as error:
                shown = shown or (seen[0], error)
                continue
            if program:
                exact = callee.target.numbers == "rational" and _exact(
                    callee.target.kind, seen, result
                )
                return Reading(numbers, arguments, style, result, exact)
            if numbers == "fraction" and not _same_in_floats(callee, call, style, seen, result):
                continue
            return Reading(
                numbers, arguments, style, result, _exact(callee.target.kind, seen, result)
            )
    raise _unrecognised(callee, failed, shown)


def _has(arguments: Arguments, what: str) -> bool:
    return any(w == what for _, w in arguments)


def _probe(callee: Callee, call: Callable, style: str, numbers: str, reports: tuple) -> Probe:
    args, keywords, ids = callee.prepared(reports, style, numbers)
    callee.reseed()
    return Probe(reports, call(callee.function, *args, **keywords), ids)


def _same_in_floats(
    callee: Callee, call: Callable, style: str, seen: list[Probe], result: Parts
) -> bool:
    """Whether the code treats floats as it treats Fractions; some check the type of a bid."""
    for probe in seen:
        try:
            other = _probe(callee, call, style, "float", probe.reports)
            reader = Reader(callee.target.kind, other.ids)
            one, two = reader.read(probe.result, result), reader.read(other.result, result)
        except Exception:  # noqa: BLE001  (only exact numbers are taken, which is no difference)
            continue
        if not close(one, two):
            return False
    return True


def close(one: Outcome, two: Outcome) -> bool:
    """Whether two outcomes are the same up to rounding."""
    pairs = zip(
        (*flat(one.allocation), *flat(one.payments)), (*flat(two.allocation), *flat(two.payments))
    )
    return all(abs(a - b) <= TOLERANCE * max(1, abs(a)) for a, b in pairs)


def flat(value: Any) -> Iterator[Any]:
    """The numbers in nested tuples."""
    if isinstance(value, tuple):
        for part in value:
            yield from flat(part)
    else:
        yield Fraction(value)


def _exact(kind: Kind, seen: list[Probe], result: Parts) -> bool:
    floats = []

    def noted(value: Any) -> Any:
        number = plain(value)
        floats.append(isinstance(number, float))
        return number

    for probe in seen:
        Reader(kind, probe.ids, noted).read(probe.result, result)
    return not any(floats)


# --- results -----------------------------------------------------------------------------------


def result_parts(kind: Kind, seen: list[Probe]) -> Parts:
    """The one reading that fits all results.

    Raises
    ------
    Unrecognised
        When none does, or two that differ.
    """
    told = next(p for p in seen if p.result is not None)
    if all(isinstance(p.result, Outcome) or p.result is None for p in seen):
        return (("outcome", "", ""),)
    fitting: dict[tuple, Parts] = {}
    for parts in _candidates(kind, told.result):
        try:
            outcomes = tuple(Reader(kind, p.ids).read(p.result, parts) for p in seen)
        except (Unreadable, ValueError, TypeError, OverflowError):
            continue
        if not any(any(flat(o.allocation)) for o in outcomes):
            continue
        key = tuple((tuple(flat(o.allocation)), tuple(flat(o.payments))) for o in outcomes)
        fitting.setdefault(key, parts)
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    if not fitting:
        raise Unrecognised("no reading fits")
    one, other = list(fitting.values())[:2]
    raise Unrecognised(f"it could be {described(one)} or {described(other)}, which differ")


def _candidates(kind: Kind, result: Any) -> Iterator[Parts]:
    whos = [(place, form) for place in _places(result, WHO_NAMES) for form in _who_forms(kind)]
    moneys = [(place, form) for place in _places(result, MONEY_NAMES) for form in MONEY_FORMS]
    for where, form in whos:
        for place, money in moneys:
            if place != where:
                yield ("who", where, form), ("money", place, money)


def _who_forms(kind: Kind) -> list[str]:
    return list(SLOT_FORMS) if kind.rates else [f for f in WHO_FORMS if "slot" not in f]


def _places(result: Any, names: tuple[str, ...]) -> list[str]:
    """Where a part could be: by name if there are names, else by position; in the columns of records."""
    fields = mapping_of(result)
    if fields is not None and (found := [n for n in names if n in fields]):
        return found
    entries = sequence_of(result)
    if (
        entries is not None
        and isinstance(result, (tuple, list))
        and 2 <= len(entries) <= 4
        and not _alike(entries)
    ):
        return [f"[{k}]" for k in range(len(entries))]
    columns = items(result)
    if columns is not None:
        found = [f"*{n}" for n in names if n in columns]
        return found or [f"*{n}" for n in columns if n == "" or n.startswith("[")]
    return []


def _alike(entries: list[Any]) -> bool:
    """Whether entries are records of one form, so that the whole is a list of them."""
    rows = [mapping_of(e) for e in entries]
    if all(r is not None for r in rows):
        return len({tuple(r) for r in rows if r is not None}) == 1
    pairs = all(isinstance(e, tuple) and len(e) == len(entries[0]) for e in entries)
    return pairs and isinstance(entries[0], tuple)


def _unrecognised(callee: Callee, failed: list[str], shown: Any) -> Unrecognised:
    name = callee.target.place.rpartition(":")[2]
    place = callee.target.place.rpartition(":")[0]
    if shown is None:
        reasons = list(dict.fromkeys(failed))[:4]
        return Unrecognised(
            f"{name} takes the bids in none of the known forms ({'; '.join(reasons)}); "
            + adapter(place, name)
        )
    probe, why = shown if isinstance(shown, tuple) else (shown, "nothing is ever sold")
    bids = ", ".join(map(str, probe.reports))
    return Unrecognised(
        f"what {name} returns is not recognised: on bids {bids} it gave {_short(probe.result)} ({why}); "
        + adapter(place, name)
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "..."


def adapter(place: str, name: str) -> str:
    """Three lines to paste."""
    module = (
        place.removesuffix(".py").replace("/", ".").rpartition(".")[2]
        if place.endswith(".py")
        else place
    )
    return (
        "write an adapter into a file of its own and audit that:\n\n"
        f"    from mechanism import Outcome\n    from {module or 'yours'} import {name.partition('.')[0]}\n"
        "    def adapter(bids):\n"
        f"        result = {name}(bids)  # as your code wants them\n"
        "        return Outcome([1 if i == result.winner else 0 for i in range(len(bids))],\n"
        "                       [result.price if i == result.winner else 0 for i in range(len(bids))])"
    )


__all__ = ["Probe", "Unrecognised", "probes", "recognise"]
