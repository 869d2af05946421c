"""Reads what foreign code returns as an outcome: who gets how much, and who pays what.

A result has parts. Each is found at a *place*: the whole result (``""``), a position (``[0]``), a key
or attribute (``winner``), or a column of records (``*paid``). Each has a *role*, such as ``who`` or
``money``, and is read in a *form*: an id, a list of ids, a number for each agent, numbers by id, ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from mechanism.outcome import Outcome
from mechanism.targets.forms import WHO, Names
from mechanism.targets.kinds import Kind
from mechanism.targets.values import columns, mapping_of, plain, sequence_of, unboxed

NOBODY = (-1, "", "none", "None", "NONE")
ZERO = Fraction(0)


class Unreadable(Exception):
    """A result, or a part of it, does not have the form."""


@dataclass
class Draft:
    """An outcome in the making.

    Parameters
    ----------
    gets : list
        The quantity of each agent, or a list of quantities by good; for a public decision, its number.
    pays : list
    winners : list of int
        In the order in which the result names them, so that prices can be given in that order.
    """

    gets: Any
    pays: list[Any]
    winners: list[int] = field(default_factory=list)


Form = Callable[["Reader", Draft, Any], None]


@dataclass(frozen=True)
class Reader:
    """Reads results on one number of agents.

    Parameters
    ----------
    kind : Kind
    names : Names
        What agents and goods are called.
    number : callable
        What becomes of a number: `mechanism.targets.values.plain` checks that it is one.
    strict : bool
        Nobody is named twice in a list of ids: told of results that are to be recognised.
    """

    kind: Kind
    names: Names
    number: Callable[[Any], Any] = plain
    strict: bool = False

    @property
    def n(self) -> int:
        return len(self.names.agents)

    def read(self, result: Any, parts: Iterable[tuple[str, str, str]]) -> Outcome:
        """The outcome that a result stands for.

        Raises
        ------
        Unreadable
            Saying which part is not as expected.
        """
        from mechanism.targets.roles import FORMS

        parts = tuple(parts)
        if parts[0][0] == "outcome":
            return self._outcome(result)
        draft = Draft(self._nothing(), [ZERO] * self.n)
        if not nobody(result) and not _empty(result):
            for role, place, form in parts:
                FORMS[role][form](self, draft, at(result, place))
        elif self.kind.id == "public":
            raise Unreadable("a decision is always taken")
        sign = -1 if self.kind.id == "procurement" else 1  # there, prices are what sellers receive
        gets = draft.gets
        if isinstance(gets, list):
            gets = tuple(tuple(g) if isinstance(g, list) else g for g in gets)
        return Outcome(gets, tuple(p if sign > 0 else -p for p in draft.pays))

    def _nothing(self) -> Any:
        if self.kind.id == "matching":
            return [[ZERO] * self.n for _ in range(self.n)]
        if self.kind.by_good:
            return [[ZERO] * self.kind.count for _ in range(self.n)]
        return [ZERO] * self.n

    def _outcome(self, result: Any) -> Outcome:
        if not isinstance(result, Outcome):
            raise Unreadable(f"an Outcome is expected, not {result!r}")
        gets, pays = sequence_of(result.allocation), sequence_of(result.payments)
        if pays is None or len(pays) != self.n:
            raise Unreadable(
                f"Outcome.payments must have {self.n} entries, not {result.payments!r}"
            )
        money = tuple(map(self.number, pays))
        if self.kind.id == "public":
            return Outcome(self.decision(result.allocation), money)
        if gets is None or len(gets) != self.n:
            raise Unreadable(
                f"Outcome.allocation must have {self.n} entries, not {result.allocation!r}"
            )
        if self.kind.id == "matching":
            return Outcome(self._partners(list(map(sequence_of, gets))), money)
        read = self._row if self.kind.by_good else self.number
        return Outcome(tuple(map(read, gets)), money)

    def _row(self, row: Any) -> tuple:
        entries = sequence_of(row)
        if entries is None or len(entries) != self.kind.count:
            raise Unreadable(f"for each agent {self.kind.count} goods are expected, not {row!r}")
        return tuple(map(self.number, entries))

    def _partners(self, rows: list[list[Any] | None]) -> tuple:
        """Rows over everybody, or over those on the other side."""
        split = self.names.split or 0
        made = []
        for agent, row in enumerate(rows):
            others = range(split, self.n) if agent < split else range(split)
            wide = [ZERO] * self.n
            if row is not None and len(row) == self.n:
                wide = list(map(self.number, row))
            elif row is not None and len(row) == len(others):
                for other, entry in zip(others, row):
                    wide[other] = self.number(entry)
            else:
                raise Unreadable(
                    f"for each agent {self.n} flags are expected, or one for each on the other side, not {row!r}"
                )
            made.append(tuple(wide))
        return tuple(made)

    # --- names ---------------------------------------------------------------------------------

    def agent(self, who: Any, first: int = 0, side: slice = slice(None)) -> int | None:
        """The agent that a value names, or None for nobody.

        Parameters
        ----------
        first : int
            What the first agent's number is, where agents are numbered.
        side : slice
            Those among whom it is.
        """
        if nobody(who):
            return None
        ids = self.names.agents[side]
        for candidate in _named(who):
            candidate = unboxed(candidate)
            if first and isinstance(candidate, int):
                candidate -= first
            if not isinstance(candidate, bool) and _hashable(candidate) and candidate in ids:
                return ids.index(candidate) + (side.start or 0)
        raise Unreadable(f"{who!r} names none of {ids}")

    def good(self, what: Any) -> int | None:
        """The good that a value names, or None."""
        if nobody(what):
            return None
        what = unboxed(what)
        if isinstance(what, bool) or what not in self.names.goods:
            raise Unreadable(f"{what!r} names none of {self.names.goods}")
        return self.names.goods.index(what)

    def decision(self, what: Any) -> int:
        """The outcome of a public decision."""
        if (found := self.good(what)) is None:
            raise Unreadable(f"{what!r} is no decision")
        return found

    def amount(self, value: Any) -> Any:
        """A sum of money; None is none."""
        value = unboxed(value)
        return ZERO if value is None else self.number(value)

    def quantity(self, value: Any) -> Any:
        """How much somebody gets; a flag is all or nothing."""
        value = unboxed(value)
        if value is None or isinstance(value, bool):
            return Fraction(bool(value))
        got = self.number(value)
        if self.strict and not 0 <= got <= max(self.kind.rates, default=1):
            raise Unreadable(f"{value!r} is no quantity")
        return got


def nobody(value: Any) -> bool:
    """Whether a value says that there is no winner: None, -1, an empty text, NaN."""
    value = unboxed(value)
    if value is None or value is False:
        return True
    if isinstance(value, float):
        return value != value
    return isinstance(value, (int, str)) and value in NOBODY


def _empty(value: Any) -> bool:
    return hasattr(value, "__len__") and len(value) == 0


def _named(who: Any) -> Iterator[Any]:
    """The value itself, or the id in it, where a whole bid is returned."""
    if _hashable(who):
        yield who
    if isinstance(who, (tuple, list)) and len(who) == 2:
        yield from who
    elif (fields := mapping_of(who)) is not None:
        yield from (fields[name] for name in WHO if name in fields)


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def at(result: Any, place: str) -> Any:
    """The part of a result at a place."""
    if place == "":
        return result
    if place.startswith("*"):
        told = columns(result)
        if told is None or place[1:] not in told:
            raise Unreadable(f"{result!r} has no column '{place[1:]}'")
        return told[place[1:]]
    if place.startswith("["):
        entries = sequence_of(result)
        if entries is None or len(entries) <= int(place[1:-1]):
            raise Unreadable(f"{result!r} has no entry {place[1:-1]}")
        return entries[int(place[1:-1])]
    fields: Mapping[str, Any] | None = mapping_of(result)
    if fields is None or place not in fields:
        raise Unreadable(f"{result!r} has no '{place}'")
    return fields[place]


def entries_of(reader: Reader, value: Any, names: list[Any], what: str) -> list[Any]:
    """One entry for each name, from a list in that order or from a mapping; None where there is none."""
    fields = mapping_of(value)
    if fields is not None:
        keys = {unboxed(k): v for k, v in fields.items()}
        if any(k not in names for k in keys):
            raise Unreadable(f"{value!r} is not by {what}")
        return [keys.get(name) for name in names]
    entries = sequence_of(value)
    if entries is None or len(entries) != len(names):
        raise Unreadable(f"{value!r} is no list of {len(names)} entries, one for each {what}")
    return entries
