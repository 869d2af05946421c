"""What foreign code returns, read as an outcome: who gets how much, and who pays what.

A result has parts. Each is found at a *place*: the whole result (``""``), a position (``[0]``), a key
or attribute (``winner``), or a column of records (``*paid``). Each is read in a *form*: an id, a list
of ids, a number for each agent, numbers by id, and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mechanism.outcome import Outcome
from mechanism.targets.forms import WHO
from mechanism.targets.kinds import Kind
from mechanism.targets.values import is_number, items, mapping_of, plain, sequence_of

WHO_NAMES = (
    "winner", "winner_id", "winner_index", "winner_idx", "winning_bidder", "winner_name", "highest_bidder",
    "sold_to", "buyer", "assigned_to", "bidder", "winner_bidder", "who", "idx", "index",
    "winners", "winner_ids", "winning_bidders", "winning_ids", "selected", "chosen", "accepted",
    "allocation", "allocations", "alloc", "assignment", "assignments", "quantities", "quantity", "x", "won",
    "wins", "is_winner", "allocated", "slots", "ranking", "positions", "slot", "position",
    "trades", "trade", "item", "items", "goods", "good", "bundle", "bundles", "matching", "decision", "outcome", "choice",
)  # fmt: skip
MONEY_NAMES = (
    "price", "payment", "clearing_price", "winning_price", "sale_price", "final_price", "price_paid",
    "amount", "amount_paid", "cost", "paid", "pays", "pay", "to_pay", "charge", "fee", "second_price", "p", "transfer",
    "payments", "prices", "charges", "transfers", "costs", "amounts",
)  # fmt: skip
NOBODY = (-1, "", "none", "None", "NONE")


class Unreadable(Exception):
    """A result, or a part of it, does not have the form."""


@dataclass(frozen=True)
class Reader:
    """Reads results on one number of agents.

    Parameters
    ----------
    kind : Kind
    ids : list
        What the agents are called.
    number : callable
        What becomes of a number: `mechanism.targets.values.plain` checks that it is one.
    """

    kind: Kind
    ids: list[Any]
    number: Callable[[Any], Any] = plain

    @property
    def n(self) -> int:
        return len(self.ids)

    def read(self, result: Any, parts: Iterable[tuple[str, str, str]]) -> Outcome:
        """The outcome that a result stands for.

        Raises
        ------
        Unreadable
            Saying which part is not as expected.
        """
        parts = tuple(parts)
        if [role for role, _, _ in parts] == ["outcome"]:
            return self._outcome(result)
        nothing = (Fraction(0),) * self.n
        if _nobody(result) or _empty(result):
            return Outcome(nothing, nothing)
        where = {role: (place, form) for role, place, form in parts}
        place, form = where["who"]
        quantities, winners = WHO_FORMS[form](self, at(result, place))
        if "money" not in where:
            return Outcome(tuple(quantities), nothing)
        place, form = where["money"]
        payments = MONEY_FORMS[form](self, at(result, place), winners)
        return Outcome(tuple(quantities), tuple(payments))

    def _outcome(self, result: Any) -> Outcome:
        if not isinstance(result, Outcome):
            raise Unreadable(f"an Outcome is expected, not {result!r}")
        gets, pays = sequence_of(result.allocation), sequence_of(result.payments)
        if pays is None or len(pays) != self.n:
            raise Unreadable(
                f"Outcome.payments must have {self.n} entries, not {result.payments!r}"
            )
        if self.kind.id == "public":
            return Outcome(int(result.allocation), tuple(map(self.number, pays)))
        if gets is None or len(gets) != self.n:
            raise Unreadable(
                f"Outcome.allocation must have {self.n} entries, not {result.allocation!r}"
            )
        rows = tuple(self._row(g) if self.kind.by_good else self.number(g) for g in gets)
        return Outcome(rows, tuple(map(self.number, pays)))

    def _row(self, row: Any) -> tuple:
        entries = sequence_of(row)
        if entries is None or len(entries) != self.kind.count:
            raise Unreadable(f"for each agent {self.kind.count} goods are expected, not {row!r}")
        return tuple(map(self.number, entries))

    def place(self, who: Any, first: int = 0) -> int | None:
        """The agent that a value names, or None for nobody."""
        if _nobody(who):
            return None
        for candidate in _named(who):
            candidate = _unboxed(candidate)
            if first and isinstance(candidate, int):
                candidate -= first
            if not isinstance(candidate, bool) and candidate in self.ids:
                return self.ids.index(candidate)
        raise Unreadable(f"{who!r} names none of {self.ids}")

    def served(self, winners: Iterable[int | None]) -> list[Any]:
        """A unit for each time an agent is named."""
        got = [Fraction(0)] * self.n
        for agent in winners:
            if agent is not None:
                got[agent] += 1
        return got


def _nobody(value: Any) -> bool:
    value = _unboxed(value)
    if value is None or value is False:
        return True
    if isinstance(value, float):
        return value != value
    return isinstance(value, (int, str)) and value in NOBODY


def _empty(value: Any) -> bool:
    return hasattr(value, "__len__") and len(value) == 0


def _unboxed(value: Any) -> Any:
    """A numpy scalar as Python's."""
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return value.item()
    return value


def _named(who: Any) -> Iterable[Any]:
    """The value itself, or the id in it, where a whole bid is returned."""
    if isinstance(who, (list, dict)) or not _hashable(who):
        pass
    else:
        yield who
    if isinstance(who, (tuple, list)) and len(who) == 2:
        yield from who
        return
    fields = mapping_of(who)
    if fields is not None:
        yield from (fields[name] for name in WHO if name in fields)


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


# --- who ---------------------------------------------------------------------------------------

Quantities = tuple[list[Any], list[int]]


def _one(reader: Reader, value: Any, first: int = 0) -> Quantities:
    if isinstance(value, (list, set, dict)) or (
        is_number(value) and isinstance(value, float) and value % 1
    ):
        raise Unreadable(f"{value!r} is no id")
    agent = reader.place(value, first)
    winners = [] if agent is None else [agent]
    return reader.served(winners), winners


def _several(reader: Reader, value: Any, first: int = 0) -> Quantities:
    if (value := sequence_of(value, sets=True)) is None:
        raise Unreadable("no list of ids")
    winners = [a for a in (reader.place(v, first) for v in value) if a is not None]
    return reader.served(winners), winners


def _each(reader: Reader, value: Any) -> Quantities:
    entries = sequence_of(value)
    if entries is None or len(entries) != reader.n:
        raise Unreadable(f"{value!r} is no list of {reader.n} quantities")
    got = [_quantity(reader, e) for e in entries]
    return got, [a for a, q in enumerate(got) if q]


def _by_id(reader: Reader, value: Any) -> Quantities:
    fields = mapping_of(value)
    if fields is None or any(_hashable(k) and _unboxed(k) not in reader.ids for k in fields):
        raise Unreadable(f"{value!r} does not give quantities by id")
    got: list[Any] = [Fraction(0)] * reader.n
    for who, quantity in fields.items():
        got[reader.ids.index(_unboxed(who))] = _quantity(reader, quantity)
    return got, [a for a, q in enumerate(got) if q]


def _quantity(reader: Reader, value: Any) -> Any:
    value = _unboxed(value)
    if value is None or isinstance(value, bool):
        return Fraction(int(bool(value)))
    number = reader.number(value)
    return number


def _by_rank(reader: Reader, value: Any, first: int = 0) -> Quantities:
    """Ids in the order of the slots."""
    entries = sequence_of(value)
    if entries is None or len(entries) > max(reader.kind.count, reader.n):
        raise Unreadable(f"{value!r} is no list of ids by slot")
    got: list[Any] = [Fraction(0)] * reader.n
    winners = []
    for rate, who in zip(reader.kind.rates, entries):
        agent = reader.place(who, first)
        if agent is not None:
            winners.append(agent)
            got[agent] += rate
    return got, winners


def _slot_of(reader: Reader, value: Any, first: int = 0) -> Quantities:
    """For each agent the number of its slot."""
    fields = mapping_of(value)
    entries = [fields.get(i) for i in reader.ids] if fields is not None else sequence_of(value)
    if entries is None or len(entries) != reader.n:
        raise Unreadable(f"{value!r} is no list of {reader.n} slots")
    got: list[Any] = []
    order = []
    for agent, slot in enumerate(map(_unboxed, entries)):
        if _nobody(slot):
            got.append(Fraction(0))
            continue
        if isinstance(slot, bool) or not isinstance(slot, int) or slot < first:
            raise Unreadable(f"{slot!r} is no slot")
        rates = reader.kind.rates
        got.append(rates[slot - first] if slot - first < len(rates) else Fraction(0))
        if slot - first < len(rates):
            order.append((slot, agent))
    return got, [agent for _, agent in sorted(order)]


WHO_FORMS: dict[str, Callable[[Reader, Any], Quantities]] = {
    "id": _one,
    "id from 1": lambda r, v: _one(r, v, 1),
    "ids": _several,
    "ids from 1": lambda r, v: _several(r, v, 1),
    "each": _each,
    "by id": _by_id,
}
SLOT_FORMS: dict[str, Callable[[Reader, Any], Quantities]] = {
    "by slot": _by_rank,
    "slot": _slot_of,
    "slot from 1": lambda r, v: _slot_of(r, v, 1),
    "each": _each,
    "by id": _by_id,
}
WHO_FORMS |= SLOT_FORMS

# --- money -------------------------------------------------------------------------------------


def _price(reader: Reader, value: Any, winners: list[int]) -> list[Any]:
    value = _unboxed(value)
    amount = Fraction(0) if value is None else reader.number(value)
    return [amount if a in winners else Fraction(0) for a in range(reader.n)]


def _payments(reader: Reader, value: Any, winners: list[int]) -> list[Any]:
    entries = sequence_of(value)
    if entries is None or len(entries) != reader.n:
        raise Unreadable(f"{value!r} is no list of {reader.n} payments")
    return [_amount(reader, e) for e in entries]


def _money_by_id(reader: Reader, value: Any, winners: list[int]) -> list[Any]:
    fields = mapping_of(value)
    if fields is None or any(_unboxed(k) not in reader.ids for k in fields):
        raise Unreadable(f"{value!r} does not give payments by id")
    paid: list[Any] = [Fraction(0)] * reader.n
    for who, amount in fields.items():
        paid[reader.ids.index(_unboxed(who))] = _amount(reader, amount)
    return paid


def _aligned(reader: Reader, value: Any, winners: list[int]) -> list[Any]:
    entries = sequence_of(value)
    if entries is None or len(entries) != len(winners):
        raise Unreadable(f"{value!r} does not have a price for each of {len(winners)} winners")
    paid: list[Any] = [Fraction(0)] * reader.n
    for agent, amount in zip(winners, entries):
        paid[agent] = paid[agent] + _amount(reader, amount)
    return paid


def _amount(reader: Reader, value: Any) -> Any:
    value = _unboxed(value)
    return Fraction(0) if value is None else reader.number(value)


MONEY_FORMS: dict[str, Callable[[Reader, Any, list[int]], list[Any]]] = {
    "price": _price,
    "payments": _payments,
    "by id": _money_by_id,
    "aligned": _aligned,
}


def at(result: Any, place: str) -> Any:
    """The part of a result at a place."""
    if place == "":
        return result
    if place.startswith("*"):
        columns = items(result)
        if columns is None or place[1:] not in columns:
            raise Unreadable(f"{result!r} has no column '{place[1:]}'")
        return columns[place[1:]]
    if place.startswith("["):
        entries = sequence_of(result)
        if entries is None or len(entries) <= int(place[1:-1]):
            raise Unreadable(f"{result!r} has no entry {place[1:-1]}")
        return entries[int(place[1:-1])]
    fields: Mapping[str, Any] | None = mapping_of(result)
    if fields is None or place not in fields:
        raise Unreadable(f"{result!r} has no '{place}'")
    return fields[place]
