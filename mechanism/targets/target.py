"""A foreign target as a value: where the code is, what it is taken for, how it is read, its limits.

It goes into rules, to worker processes and into saved counterexamples, as text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from mechanism.errors import InputError
from mechanism.targets.kinds import Kind, kind

# Parameters that have an entry for each agent, if they are lists.
EACH = ("scores", "score", "quality", "qualities", "quality_scores", "weights", "bidder_weights", "reserves",
        "budgets", "fitness", "types", "names", "ids")  # fmt: skip
SEATS = (
    "capacities",
    "capacity",
    "quotas",
    "quota",
    "seats",
)  # how many partners a receiver may have
SECONDS, MEGABYTES = 2.0, 2048
TOLERANCE = Fraction(1, 10**9)  # what floats are read to


@dataclass(frozen=True)
class Reading:
    """How bids are handed over, and how a result is read.

    Parameters
    ----------
    numbers : str
        ``fraction``, ``float`` or ``int``: what a number is handed over as.
    arguments : tuple of (str, str)
        For each argument its name (``*`` or ``**`` for what the signature leaves open) and what goes in:
        see `mechanism.targets.arguments`.
    style : str
        The form of the bids, for example ``list`` or ``dict``.
    result : tuple of (str, str, str)
        Role, place and form of each part of the result: see `mechanism.targets.results`.
    exact : bool
        All results seen were exact, so that no float was rounded.
    assumed : str
        What was taken to be so, where the calls leave it open.
    """

    numbers: str
    arguments: tuple[tuple[str, str], ...]
    style: str
    result: tuple[tuple[str, str, str], ...]
    exact: bool = True
    assumed: str = ""


@dataclass(frozen=True)
class Target:
    """A foreign target.

    Parameters
    ----------
    place : str
        ``package.module:function``, ``path/file.py:function``, ``...:Class.method`` or ``exec:COMMAND``.
    kind : Kind
    parameters : tuple of (str, value)
        Further arguments, from ``--param``: exact numbers, flags or nested tuples of them.
    reading : Reading or None
        None until it is recognised.
    numbers : str
        Of programs: ``json`` or ``rational``.
    seconds : float
        For one call.
    megabytes : int
        For one worker process.
    seed : int
        The global random state before each call.
    min_agents : int
        The fewest on which the code gives an outcome.
    randomised : bool
        Another seed gave another outcome.
    varies : bool
        The same seed did, as by the clock.
    draws : bool
        The code imports a module of random numbers, whether or not outcomes were seen to depend on it.
    edges : tuple of str
        What the code does on the edge of its domain and beyond, a line for each case.
    """

    place: str
    kind: Kind
    parameters: tuple[tuple[str, Any], ...] = ()
    reading: Reading | None = None
    numbers: str = "json"
    side: str = ""
    seconds: float = SECONDS
    megabytes: int = MEGABYTES
    seed: int = 0
    min_agents: int = 1
    randomised: bool = False
    varies: bool = False
    draws: bool = False
    edges: tuple[str, ...] = ()

    @property
    def most_agents(self) -> int | None:
        """How many agents there are at most, where each is an argument of its own or has one in a list."""
        if self.listed is not None:
            return self.listed
        if self.reading is None:
            return None
        return sum(what.startswith("bid ") for _, what in self.reading.arguments) or None

    @property
    def listed(self) -> int | None:
        """The number of agents, where a parameter is given agent by agent."""
        lengths = [len(v) for n, v in self.parameters if n.lower() in EACH and isinstance(v, tuple)]
        return min(lengths, default=None)

    @property
    def seats(self) -> tuple[int, ...]:
        """Of a matching, how many partners each receiver may have; empty where it is one for everybody.

        Raises
        ------
        InputError
            When they are no such numbers.
        """
        given = next((v for n, v in self.parameters if n.lower() in SEATS), ())
        if not given or self.kind.id != "matching":
            return ()
        seats = given if isinstance(given, tuple) else (given,)
        whole = all(isinstance(s, Fraction) and s.denominator == 1 and s > 0 for s in seats)
        if not whole or len(seats) != self.kind.sides[1]:
            raise InputError(
                "capacities are a positive whole number for each receiver, of which --as matching:PROPOSERS,RECEIVERS "
                f"tells how many; not {', '.join(map(str, seats))} with --as {self.kind}"
            )
        return tuple(map(int, seats))

    @property
    def arithmetic(self) -> str:
        """In what numbers outcomes are computed, in words."""
        if self.reading is not None and self.reading.exact and self.reading.numbers != "float":
            return "exact"
        return "float64, read to within 1e-9"

    def to_json(self) -> dict[str, Any]:
        """Everything but the place, as JSON."""
        data: dict[str, Any] = {"as": str(self.kind)}
        if self.parameters:
            data["parameters"] = {n: _written(v) for n, v in self.parameters}
        if self.reading is not None:
            r = self.reading
            data["reading"] = {
                "numbers": r.numbers,
                "arguments": [list(a) for a in r.arguments],
                "style": r.style,
                "result": [list(part) for part in r.result],
                "exact": r.exact,
                **({"assumed": r.assumed} if r.assumed else {}),
            }
        for name, usual in DEFAULTS.items():
            if getattr(self, name) != usual:
                data[name] = getattr(self, name)
        return data

    def text(self) -> str:
        """The target as one line, the same for equal targets."""
        return json.dumps({"place": self.place, **self.to_json()})


DEFAULTS = {
    "numbers": "json", "side": "", "seconds": SECONDS, "megabytes": MEGABYTES, "seed": 0, "min_agents": 1,
    "randomised": False, "varies": False, "draws": False,
}  # fmt: skip


def target_from(place: str, data: Mapping[str, Any]) -> Target:
    """The target that was written.

    Raises
    ------
    InputError
        When the JSON is not that of a target.
    """
    try:
        made = Target(
            place,
            kind(data["as"]),
            tuple((n, _read(v)) for n, v in data.get("parameters", {}).items()),
            **{name: data[name] for name in DEFAULTS if name in data},
        )
        if (told := data.get("reading")) is None:
            return made
        reading = Reading(
            told["numbers"],
            tuple((name, what) for name, what in told["arguments"]),
            told["style"],
            tuple((role, where, form) for role, where, form in told["result"]),
            told["exact"],
            told.get("assumed", ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{place}: how it is read is not written as expected: {error!r}"
        ) from error
    return replace(made, reading=reading)


def target_of(text: str) -> Target:
    """The target of a line that `Target.text` wrote."""
    data = json.loads(text)
    return target_from(data.pop("place"), data)


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_written(v) for v in value]
    return value if isinstance(value, bool) else str(value)


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(v) for v in value)
    if not isinstance(value, str):
        return value
    try:
        return Fraction(value)
    except ValueError:
        return value


__all__ = ["SECONDS", "TOLERANCE", "Reading", "Target", "target_from", "target_of"]
