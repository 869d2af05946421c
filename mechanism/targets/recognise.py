"""Which form bids take and results have: several calls decide, and nothing ambiguous is settled silently."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from mechanism.outcome import Outcome
from mechanism.targets.adapter import adapter
from mechanism.targets.arguments import Arguments, annotated
from mechanism.targets.batches import batches, single, stacked
from mechanism.targets.callee import Callee
from mechanism.targets.forms import MANY_ROWS, ONE_ROW, PLAIN, styles_of
from mechanism.targets.kinds import Kind
from mechanism.targets.probes import Reports, preferences, probes, spans
from mechanism.targets.program import OutOfStep, Program
from mechanism.targets.reader import Reader, Unreadable
from mechanism.targets.reading import Parts, form_told
from mechanism.targets.results import Probe, Unrecognised, flat, result_parts
from mechanism.targets.target import TOLERANCE, Reading
from mechanism.targets.values import plain

ENOUGH = 3  # answers from which a form is read, where others are refused


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
    plainly = False  # plain bids were taken, so that none that carry an id are handed over
    # Rows and preferences are no numbers, and code for pairs may take them.
    numeric = not callee.target.kind.row and callee.target.kind.id != "matching"
    untold = numeric and not program and not annotated(callee.function, arguments)
    rows = probes(callee.target.kind, callee.agents)
    others = list(spans(callee.target, rows))
    asked = [rows, *others] if alone is None else others[alone : alone + 1]
    # Form by form: under another form such code may miss what it refuses, as where it compares keys.
    for style in styles:
        if plainly and style not in PLAIN:
            continue
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
                except OutOfStep as error:
                    told = adapter(callee.target.kind, callee.target.place)
                    raise Unrecognised(f"{error}; {told}") from None
                except (Exception, SystemExit) as error:  # noqa: BLE001  (the code does not take this form; told if none fits)
                    failed.append(f"{form_told(style)}: {type(error).__name__}: {error}")
                    continue
                if lenient and sum(p.result is not None for p in seen) < ENOUGH:
                    continue
                if all(p.result is None for p in seen):
                    shown = shown or seen[0]
                    continue
                try:
                    result, assumed = result_parts(callee.target.kind, seen)
                except Unrecognised as error:
                    shown = shown or (seen[0], error)
                    if untold and style == "list":
                        plainly = plainly or _depends(callee, call, style, numbers, seen, others)
                    continue
                if lenient:
                    told = f"read from {len(seen)} calls, since others were refused or ended badly"
                    assumed = "; ".join(filter(None, (told, assumed)))
                if program:
                    exact = callee.target.numbers == "rational" and _exact(
                        callee.target.kind, seen, result
                    )
                    return Reading(numbers, arguments, style, result, exact, assumed)
                if numbers == "fraction" and not _same_in_floats(callee, call, style, seen, result):
                    continue
                exact = _exact(callee.target.kind, seen, result)
                if style == MANY_ROWS:
                    try:
                        alike = _alike(callee, call, seen, numbers)
                    except Exception as error:  # noqa: BLE001  (it takes no rows)
                        failed.append(f"{form_told(style)}: {type(error).__name__}: {error}")
                        continue
                    if not alike:
                        style = ONE_ROW
                        told = "one at a time, since rows that are called together change each other's results"
                        assumed = "; ".join(filter(None, (told, assumed)))
                return Reading(numbers, arguments, style, result, exact, assumed)
    raise _unrecognised(callee, failed, shown)


def _has(arguments: Arguments, what: str) -> bool:
    return any(w == what for _, w in arguments)


def _probe(callee: Callee, call: Callable, style: str, numbers: str, reports: tuple) -> Probe:
    args, keywords, names = callee.prepared(reports, style, numbers)
    callee.reseed()
    return Probe(reports, single(style, call(callee.function, *args, **keywords)), names)


def _alike(callee: Callee, call: Callable[..., Any], seen: list[Probe], numbers: str) -> bool:
    """Whether profiles that are called together have the results that each has alone.

    Raises
    ------
    Exception
        Whatever the code does that does not take many rows, or `Unreadable` where the results are not by row.
    """
    alone = {p.reports: repr(p.result) for p in seen}
    if len(set(alone.values())) < 3:
        raise Unreadable("the results do not depend on the rows")
    alike = True
    for batch in batches(sorted(alone, key=len)):
        results = stacked(callee, call, batch, MANY_ROWS, numbers)
        alike = alike and [alone[reports] for reports in batch] == list(map(repr, results))
    return alike


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
            except (ImportError, OutOfStep):
                raise
            except (Exception, SystemExit):  # noqa: BLE001  (refused, which totality is asked about)
                silent += 1
                continue
            silent += probe.result is None
            yield probe


def _depends(
    callee: Callee, call: Callable, style: str, numbers: str, seen: list[Probe], others: list
) -> bool:
    """Whether results change with the bids: code that passes over what it does not take gives always the same."""
    results: dict[int, set[str]] = {}
    for probe in (*seen, *_answered(callee, call, style, numbers, others[:1])):
        results.setdefault(len(probe.reports), set()).add(repr(probe.result))
    return any(len(told) > 1 for told in results.values())


def _extra(callee: Callee, call: Callable, style: str, numbers: str) -> Iterator[Probe]:
    """What only some code takes: sides of different sizes, which tell the two apart."""
    if callee.target.kind.id == "matching":
        n, m = callee.target.kind.sides
        for reports in preferences((n + 1, m), (n, m + 1)) if n else preferences((2, 3), (3, 2)):
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


def _exact(kind: Kind, seen: list[Probe], result: Parts) -> bool:
    floats = []

    def noted(value: Any) -> Any:
        number = plain(value)
        floats.append(isinstance(number, float))
        return number

    for probe in seen:
        Reader(kind, probe.names, noted).read(probe.result, result)
    return not any(floats)


def _unrecognised(callee: Callee, failed: list[str], shown: Any) -> Unrecognised:
    place = callee.target.place
    name = "the program" if place.startswith("exec:") else place.rpartition(":")[2]
    if shown is None:
        reasons = list(dict.fromkeys(failed))[:4]
        return Unrecognised(
            f"{name} takes the bids in none of the known forms ({'; '.join(reasons)}); "
            + adapter(callee.target.kind, place, arguments=callee.arguments)
        )
    probe, why = shown if isinstance(shown, tuple) else (shown, "nothing is ever sold")
    bids = _told(probe.reports)
    return Unrecognised(
        f"what {name} returns is not recognised: on bids {bids} it gave {_short(probe.result)} ({why}); "
        + adapter(callee.target.kind, place, probe.result, callee.arguments)
    )


def _told(reports: Any) -> str:
    if isinstance(reports, tuple):
        return ", ".join(f"({_told(r)})" if isinstance(r, tuple) else str(r) for r in reports)
    return str(reports)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "..."


__all__ = ["Probe", "Unrecognised", "recognise"]
