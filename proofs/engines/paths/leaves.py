"""What an exploration ends with: the leaves, and what it noticed on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

from mechanism.language.family import Domain
from mechanism.outcome import Outcome
from proofs.engines.paths.atoms import Atom
from proofs.engines.paths.closure import State
from proofs.engines.paths.forms import Form, form, rational
from proofs.engines.paths.path import Auxiliary, Bounds
from proofs.engines.paths.proxy import Proxy


@dataclass(frozen=True)
class Crash:
    """The exception that the code raises on a path.

    Parameters
    ----------
    refused : bool
        By a ``raise`` or ``assert`` of its own.
    """

    kind: str
    message: str
    place: str
    refused: bool = False

    def __str__(self) -> str:
        return f"{self.kind}{': ' if self.message else ''}{self.message} ({self.place})"


@dataclass(frozen=True)
class Leaf:
    """One path.

    Parameters
    ----------
    condition : tuple of Atom
        What the path assumes beyond the domain of the reports.
    allocation, payments
        As in `Outcome`, with a `Form` for each number.
    crash : Crash or None
        Where the code raises instead.
    state : State
        The whole conjunction, to run the path again.
    """

    condition: tuple[Atom, ...]
    allocation: Any
    payments: tuple[Form, ...]
    crash: Crash | None
    auxiliaries: tuple[Auxiliary, ...]
    state: State
    decisions: int
    trace: int

    def assignment(self, reports: Mapping[int, Any]) -> dict[int, Any] | None:
        """The reports with the values of the path's auxiliary numbers; None where one has none."""
        values = dict(reports)
        for one in self.auxiliaries:
            value = _auxiliary_value(one, [f.value(values) for f in one.of])
            if value is None:
                return None
            values[one.variable] = value
        return values

    def outcome(self, values: Mapping[int, Any]) -> Outcome:
        """The outcome on a full assignment."""
        return Outcome(
            over(self.allocation, lambda f: f.value(values)),
            tuple(f.value(values) for f in self.payments),
        )


def _auxiliary_value(one: Auxiliary, of: list[Any]) -> Any:
    if one.kind == "quotient":
        return None if of[1] == 0 else Fraction(of[0]) / Fraction(of[1])
    if one.kind == "root":
        return None if of[0] < 0 else float(of[0]) ** 0.5
    return floor(of[0])


@dataclass(frozen=True)
class Stop:
    """Why an exploration is not complete.

    Parameters
    ----------
    kind : str
        ``stop`` (what cannot be executed on symbols), ``bound``, ``random``, or ``mismatch`` (the
        validation disagrees).
    """

    kind: str
    reason: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}" if self.place else self.reason


# Notes that a proof leans on; the others are told, and harmless.
SOFT = {
    "rounding": "rounding to decimals is taken as exact",
    "hash": "numbers are used as keys of a set or dict",
    "random": "random draws are those of one seed",
    "decimal": "decimal numbers are taken as exact",
    "state": "what earlier calls leave behind, and its answers depend on, is forgotten",
    "fresh": "each call on its own, from a fresh start",
}
# Of these, what a scope can say truthfully: a proof stands, within it.
SCOPED = ("random", "fresh")


@dataclass(frozen=True)
class Exploration:
    """A summary of the code for one number of agents.

    Parameters
    ----------
    leaves : tuple of Leaf
    stops : tuple of Stop
        Empty where every path was run to its end and validated.
    notes : mapping of str to str
        What was noticed, with its place; those in `SOFT` keep a proof from being one.
    checks : mapping of str to int
        How often each step of the validation agreed.
    counters : mapping of str to number
        Forks, comparisons, solver checks, seconds.
    """

    agents: int
    over: tuple[int, ...]
    domain: Domain
    bounds: Bounds
    leaves: tuple[Leaf, ...]
    stops: tuple[Stop, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, int] = field(default_factory=dict)
    counters: Mapping[str, float] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether the leaves say what the code does, everywhere in the domain."""
        return not self.stops

    @property
    def soft(self) -> tuple[str, ...]:
        """The assumptions that a proof from the leaves would lean on, in words."""
        return tuple(
            f"{SOFT[kind]} ({where})" if where else SOFT[kind]
            for kind, where in self.notes.items()
            if kind in SOFT
        )

    @property
    def crashes(self) -> tuple[Leaf, ...]:
        return tuple(leaf for leaf in self.leaves if leaf.crash)

    @property
    def variables(self) -> int:
        size = self.agents
        for k in self.over:
            size *= k
        return size


def over(nested: Any, change: Callable[[Form], Any]) -> Any:
    """Nested tuples with every form changed."""
    if isinstance(nested, Form):
        return change(nested)
    return tuple(over(part, change) for part in nested)


def forms(value: Any) -> Any:
    """Numbers and proxies as forms, in nested tuples."""
    if isinstance(value, Proxy):
        return value.form
    if isinstance(value, (list, tuple)):
        return tuple(forms(part) for part in value)
    return form({}, rational(value))


def every_form(leaf: Leaf) -> Iterator[Form]:
    """The forms of a leaf's outcome."""
    found: list[Form] = []
    over((leaf.allocation, leaf.payments), found.append)
    yield from found
