"""Which form bids take and results have: several calls decide, and nothing ambiguous is settled silently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mechanism.targets import pairs
from mechanism.targets.adapter import adapter
from mechanism.targets.arguments import annotations_of
from mechanism.targets.callee import Callee
from mechanism.targets.forms import styles_of
from mechanism.targets.program import Program
from mechanism.targets.reading import form_told
from mechanism.targets.results import Probe, Unrecognised, decides
from mechanism.targets.target import Reading
from mechanism.targets.tries import Tries
from mechanism.targets.values import shown


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
    tries = Tries(callee, call, alone)
    styles = _styles(callee)
    found = next(tries.readings(styles), None)
    if found is None:
        raise _unrecognised(callee, tries.failed, tries.shown)
    others = [style for style in pairs.rivals(found[0].style) if style in styles]
    if (other := next(tries.readings(others), None)) is None:
        return found[0]
    fitting = [f for f in (found, other) if decides(callee.target.kind, f[1], f[0].result)]
    if len(fitting) != 1:
        name, forms = _name(callee), " and ".join(form_told(f[0].style) for f in (found, other))
        raise Unrecognised(
            f"{name} could take the bids {forms}; annotate the argument, as in list[tuple[str, float]], or "
            + adapter(callee, found[0].style, callee.arguments)
        )
    return fitting[0][0]


def _styles(callee: Callee) -> list[str]:
    """The forms of the bids that are tried."""
    arguments = callee.arguments
    if any(what.startswith("bid ") for _, what in arguments):
        return ["arguments", "named arguments"]
    if opened := [name for name, _ in arguments if name in ("*", "**")]:
        return opened
    beside = any(what == "ids" for _, what in arguments)
    program = isinstance(callee.function, Program)
    out = () if program else pairs.excluded(annotations_of(callee.function, arguments))
    return [
        style
        for style in styles_of(callee.target.kind)
        if style.startswith("named list") == beside
        and style.partition("/")[0] not in out
        and (not program or style.partition("/")[0] == "list")
    ]


def _name(callee: Callee) -> str:
    place = callee.target.place
    return "the program" if place.startswith("exec:") else place.rpartition(":")[2]


def _unrecognised(callee: Callee, failed: list[str], seen: Any) -> Unrecognised:
    name = _name(callee)
    if seen is None:
        reasons = list(dict.fromkeys(failed))[:4]
        return Unrecognised(
            f"{name} takes the bids in none of the known forms ({'; '.join(reasons)}); "
            + adapter(callee, arguments=callee.arguments)
        )
    style, probe, why = seen
    bids = _told(probe.reports)
    return Unrecognised(
        f"what {name} returns is not recognised: on bids {bids} it gave {shown(probe.result)} ({why}); "
        + adapter(callee, style, callee.arguments)
    )


def _told(reports: Any) -> str:
    if isinstance(reports, tuple):
        return ", ".join(f"({_told(r)})" if isinstance(r, tuple) else str(r) for r in reports)
    return str(reports)


__all__ = ["Probe", "Unrecognised", "recognise"]
