"""Which form bids take and results have: several calls decide, and nothing ambiguous is settled silently."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from mechanism.outcome import Outcome
from mechanism.targets.adapter import adapter
from mechanism.targets.arguments import Arguments
from mechanism.targets.callee import Callee
from mechanism.targets.forms import Names, styles_of
from mechanism.targets.kinds import Kind
from mechanism.targets.probes import Reports, preferences, probes, spans
from mechanism.targets.program import Program
from mechanism.targets.reader import Reader, Unreadable
from mechanism.targets.reading import described, form_told
from mechanism.targets.roles import NAMES, schemes
from mechanism.targets.target import TOLERANCE, Reading
from mechanism.targets.values import columns, mapping_of, plain, sequence_of

Parts = tuple[tuple[str, str, str], ...]


ENOUGH = 3  # answers from which a form is read, where others are refused


class Unrecognised(Exception):
    """No form, or more than one, fits; the message shows what was returned, and an adapter."""


@dataclass(frozen=True)
class Probe:
    """One call: what was reported, what came back, and what the agents were called."""

    reports: tuple[Any, ...]
    result: Any
    names: Names


def recognise(callee: Callee, call: Callable[..., Any], alone: int | None = None) -> Reading:
    """How bids are handed over and results are read.

    Each form is tried with probes that all have to fit, and then with numbers of several sizes, of which code
    may refuse some.

    Parameters
    ----------
    callee : Callee
    call : callable
        Runs the function on arguments, within a time limit.
    alone : int, optional
        Only numbers of this one of the `spans` are tried: others end the process.

    Raises
    ------
    Unrecognised
    """
    arguments = callee.arguments
    opened = [name for name, what in arguments if name in ("*", "**")]
    if any(what.startswith("bid ") for _, what in arguments):
        opened = ["arguments", "named arguments"]
    styles = opened or [
        s
        for s in styles_of(callee.target.kind)
        if s.startswith("named list") == _has(arguments, "ids")
    ]
    program = isinstance(callee.function, Program)
    if program:
        styles = [s for s in styles if s.partition("/")[0] == "list"]
    failed: list[str] = []
    shown: Any = None
    rows = probes(callee.target.kind, callee.agents)
    others = list(spans(callee.target, rows))
    asked = [rows, *others] if alone is None else others[alone : alone + 1]
    # Form by form: under another form such code may miss what it refuses, as where it compares keys.
    for style in styles:
        for lenient in (False, True) if alone is None else (True,):
            for numbers in ("fraction",) if program else ("fraction", "float", "int"):
                try:
                    if lenient:
                        seen = list(_answered(callee, call, style, numbers, asked))
                    else:
                        seen = [_probe(callee, call, style, numbers, r) for r in rows]
                    seen += list(_extra(callee, call, style, numbers))
                except ImportError:
                    break
                except (Exception, SystemExit) as error:  # noqa: BLE001  (the code does not take this form; told if none fits)
                    failed.append(f"{form_told(style)}: {type(error).__name__}: {error}")
                    continue
                if lenient and sum(p.result is not None for p in seen) < ENOUGH:
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
    args, keywords, names = callee.prepared(reports, style, numbers)
    callee.reseed()
    return Probe(reports, call(callee.function, *args, **keywords), names)


def _answered(
    callee: Callee, call: Callable, style: str, numbers: str, asked: list[list[Reports]]
) -> Iterator[Probe]:
    """What is answered at all; numbers of a size are given up when the first two of them have no answer."""
    for rows in asked:
        silent = 0
        for n, reports in enumerate(rows):
            if silent == n == 2:
                break
            try:
                probe = _probe(callee, call, style, numbers, reports)
            except ImportError:
                raise
            except (Exception, SystemExit):  # noqa: BLE001  (refused, which totality is asked about)
                silent += 1
                continue
            silent += probe.result is None
            yield probe


def _extra(callee: Callee, call: Callable, style: str, numbers: str) -> Iterator[Probe]:
    """What only some code takes: sides of different sizes, which tell the two apart."""
    if callee.target.kind.id == "matching":
        for reports in preferences((2, 3), (3, 2)):
            with contextlib.suppress(Exception, SystemExit):
                yield _probe(callee, call, style, numbers, reports)


def _same_in_floats(
    callee: Callee, call: Callable, style: str, seen: list[Probe], result: Parts
) -> bool:
    """Whether the code treats floats as it treats Fractions; some check the type of a bid."""
    for probe in seen:
        try:
            other = _probe(callee, call, style, "float", probe.reports)
            reader = Reader(callee.target.kind, other.names)
            one, two = reader.read(probe.result, result), reader.read(other.result, result)
        except (Exception, SystemExit):  # noqa: BLE001  (only exact numbers are taken, which is no difference)
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
        Reader(kind, probe.names, noted).read(probe.result, result)
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
    candidates = list(_candidates(kind, told.result))
    for numbered in (False, True):  # from 1 only where counting from 0 does not fit
        some = [c for c in candidates if any("from 1" in form for _, _, form in c) is numbered]
        fitting = _fitting(kind, some, seen)
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            one, other = fitting[:2]
            raise Unrecognised(f"it could be {described(one)} or {described(other)}, which differ")
    raise Unrecognised("no reading fits")


def _fitting(kind: Kind, candidates: list[Parts], seen: list[Probe]) -> list[Parts]:
    """The readings that fit all results, one of those that always agree."""
    found: dict[tuple, Parts] = {}
    for parts in candidates:
        try:
            outcomes = tuple(Reader(kind, p.names, strict=True).read(p.result, parts) for p in seen)
        except (Unreadable, ValueError, TypeError, OverflowError):
            continue
        if kind.id != "public" and not any(any(flat(o.allocation)) for o in outcomes):
            continue
        key = tuple((tuple(flat(o.allocation)), tuple(flat(o.payments))) for o in outcomes)
        found.setdefault(key, parts)
    return list(found.values())


def _candidates(kind: Kind, result: Any) -> Iterator[Parts]:
    for scheme in schemes(kind):
        options = [
            [
                (role, place, form)
                for place in _places(result, NAMES[role], len(scheme))
                for form in forms
            ]
            for role, forms in scheme
        ]
        for parts in product(*options):
            if len({place for _, place, _ in parts}) == len(parts):
                yield parts


def _places(result: Any, names: tuple[str, ...], roles: int) -> list[str]:
    """Where a part could be: by name if there are names, else by position; in the columns of records."""
    if roles == 1:
        fields = mapping_of(result)
        named = [n for n in names if fields is not None and n in fields]
        several = sequence_of(result)
        first = isinstance(result, tuple) and several is not None and 2 <= len(several) <= 3
        return [*named, "", *(f"[{k}]" for k in range(len(several or ())) if first)]
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
    told = columns(result)
    if told is not None:
        found = [f"*{n}" for n in names if n in told]
        return found or [f"*{n}" for n in told if n == "" or n.startswith("[")]
    return []


def _alike(entries: list[Any]) -> bool:
    """Whether entries are records of one form, so that the whole is a list of them."""
    rows = [mapping_of(e) for e in entries]
    if all(r is not None for r in rows):
        return len({tuple(r) for r in rows if r is not None}) == 1
    pairs = all(isinstance(e, tuple) and len(e) == len(entries[0]) for e in entries)
    return pairs and isinstance(entries[0], tuple)


def _unrecognised(callee: Callee, failed: list[str], shown: Any) -> Unrecognised:
    place = callee.target.place
    name = "the program" if place.startswith("exec:") else place.rpartition(":")[2]
    if shown is None:
        reasons = list(dict.fromkeys(failed))[:4]
        return Unrecognised(
            f"{name} takes the bids in none of the known forms ({'; '.join(reasons)}); "
            + adapter(callee.target.kind, callee.target.place)
        )
    probe, why = shown if isinstance(shown, tuple) else (shown, "nothing is ever sold")
    bids = _told(probe.reports)
    return Unrecognised(
        f"what {name} returns is not recognised: on bids {bids} it gave {_short(probe.result)} ({why}); "
        + adapter(callee.target.kind, callee.target.place, probe.result)
    )


def _told(reports: Any) -> str:
    if isinstance(reports, tuple):
        return ", ".join(f"({_told(r)})" if isinstance(r, tuple) else str(r) for r in reports)
    return str(reports)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "..."


__all__ = ["Probe", "Unrecognised", "recognise"]
