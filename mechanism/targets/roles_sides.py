"""Results of two sides: buyers and sellers, proposers and receivers."""

from __future__ import annotations

from typing import Any

from mechanism.targets.naming import found
from mechanism.targets.reader import Draft, Form, Reader, Unreadable, entries_of
from mechanism.targets.values import mapping_of, sequence_of


def _side(reader: Reader, role: str) -> slice:
    split = reader.names.split or 0
    return slice(0, split) if role == "buyers" else slice(split, reader.n)


def _ids(role: str) -> Form:
    def form(reader: Reader, draft: Draft, value: Any) -> None:
        entries = sequence_of(value, sets=True)
        if entries is None:
            raise Unreadable(f"{value!r} is no list of {role}")
        found = [reader.agent(who, side=_side(reader, role)) for who in entries]
        if reader.strict and len(set(found)) < len(found):
            raise Unreadable(f"{value!r} names somebody twice")
        for agent in found:
            if agent is not None:
                draft.gets[agent] += 1
                draft.winners.append(agent)

    return form


def _flags(role: str) -> Form:
    def form(reader: Reader, draft: Draft, value: Any) -> None:
        side = _side(reader, role)
        entries = entries_of(reader, value, reader.names.agents[side], role)
        for agent, entry in enumerate(entries, side.start or 0):
            draft.gets[agent] = reader.quantity(entry)

    return form


def _one_price(*roles: str) -> Form:
    def form(reader: Reader, draft: Draft, value: Any) -> None:
        if sequence_of(value) is not None or mapping_of(value) is not None:
            raise Unreadable(f"{value!r} is no price")
        amount = reader.amount(value)
        for role in roles:
            side = _side(reader, role)
            for agent in range(side.start or 0, side.stop):
                owed = draft.gets[agent] * amount
                draft.pays[agent] = owed if role == "buyers" else -owed

    return form


def _amounts(role: str) -> Form:
    def form(reader: Reader, draft: Draft, value: Any) -> None:
        side = _side(reader, role)
        entries = entries_of(reader, value, reader.names.agents[side], role)
        for agent, entry in enumerate(entries, side.start or 0):
            amount = reader.amount(entry)
            draft.pays[agent] = amount if role == "buyers" else -amount

    return form


def _aligned(role: str) -> Form:
    """An amount for each who trades, in the order in which they are named."""

    def form(reader: Reader, draft: Draft, value: Any) -> None:
        side, entries = _side(reader, role), sequence_of(value)
        traders = [a for a in draft.winners if a in range(side.start or 0, side.stop)]
        if entries is None or len(entries) != len(traders):
            raise Unreadable(f"{value!r} does not have an amount for each of the {role}")
        for agent, entry in zip(traders, entries):
            amount = reader.amount(entry)
            draft.pays[agent] = amount if role == "buyers" else -amount

    return form


def _trades(reader: Reader, draft: Draft, value: Any) -> None:
    """A list of (buyer, seller, price) or (buyer, seller, buyer pays, seller gets), or of records of these."""
    entries = sequence_of(value, sets=True)
    if entries is None:
        raise Unreadable(f"{value!r} is no list of trades")
    for trade in map(_trade, entries):
        buyer, seller = _pair(reader, draft, trade)
        draft.pays[buyer] = draft.pays[buyer] + reader.amount(trade[2])
        draft.pays[seller] = draft.pays[seller] - reader.amount(trade[-1])


def _trade(value: Any) -> Any:
    """The parts of a trade, in order; by name where they have names."""
    fields = mapping_of(value)
    if fields is not None:
        for roles in (
            ("buyers", "sellers", "buyers pay", "sellers get"),
            ("buyers", "sellers", "trade price"),
        ):
            if all(named := [found(role, fields) for role in roles]):
                return tuple(fields[names[0]] for names in named)
    if not isinstance(value, (tuple, list)) or len(value) not in (3, 4):
        raise Unreadable(f"{value!r} is no trade (buyer, seller, price)")
    return value


def _traders(reader: Reader, draft: Draft, value: Any) -> None:
    """Pairs of a buyer and a seller."""
    entries = sequence_of(value, sets=True)
    if entries is None or not all(isinstance(e, (tuple, list)) and len(e) == 2 for e in entries):
        raise Unreadable(f"{value!r} is no list of (buyer, seller)")
    for pair in entries:
        draft.winners += _pair(reader, draft, pair)


def _pair(reader: Reader, draft: Draft, trade: Any) -> tuple[int, int]:
    """A unit goes from the seller to the buyer of a trade."""
    buyer = reader.agent(trade[0], side=_side(reader, "buyers"))
    seller = reader.agent(trade[1], side=_side(reader, "sellers"))
    if buyer is None or seller is None:
        raise Unreadable(f"{trade!r} names no buyer or no seller")
    for agent in (buyer, seller):
        draft.gets[agent] += 1
    return buyer, seller


# --- matchings ---------------------------------------------------------------------------------


def _partners(reader: Reader, draft: Draft, value: Any, turned: bool) -> None:
    """For each of one side its partner on the other, or nobody; from a list or a mapping."""
    split = reader.names.split or 0
    own, other = slice(0, split), slice(split, reader.n)
    if turned:
        own, other = other, own
    for agent, who in enumerate(
        entries_of(reader, value, reader.names.agents[own], "agent"), own.start or 0
    ):
        several = sequence_of(who, sets=True) if not isinstance(who, str) else None
        for one in [who] if several is None else several:
            if (partner := reader.agent(one, side=other)) is not None:
                _join(draft, agent, partner)


def _couples(reader: Reader, draft: Draft, value: Any, turned: bool) -> None:
    """Pairs of a proposer and a receiver, or the other way round."""
    entries = sequence_of(value, sets=True)
    if entries is None or not all(isinstance(e, (tuple, list)) and len(e) == 2 for e in entries):
        raise Unreadable(f"{value!r} is no list of pairs")
    split = reader.names.split or 0
    for one, two in ((two, one) if turned else (one, two) for one, two in entries):
        proposer = reader.agent(one, side=slice(0, split))
        receiver = reader.agent(two, side=slice(split, reader.n))
        if proposer is not None and receiver is not None:
            _join(draft, proposer, receiver)


def _join(draft: Draft, one: int, two: int) -> None:
    draft.gets[one][two] += 1
    draft.gets[two][one] += 1


FORMS: dict[str, dict[str, Form]] = {
    "buyers": {"ids": _ids("buyers"), "each": _flags("buyers")},
    "sellers": {"ids": _ids("sellers"), "each": _flags("sellers")},
    "trade price": {"price": _one_price("buyers", "sellers")},
    "buyers pay": {
        "price": _one_price("buyers"),
        "each": _amounts("buyers"),
        "aligned": _aligned("buyers"),
    },
    "sellers get": {
        "price": _one_price("sellers"),
        "each": _amounts("sellers"),
        "aligned": _aligned("sellers"),
    },
    "trades": {"trades": _trades},
    "traders": {"pairs of traders": _traders},
    "partner": {
        "receiver of each proposer": lambda r, d, v: _partners(r, d, v, False),
        "proposer of each receiver": lambda r, d, v: _partners(r, d, v, True),
        "pairs": lambda r, d, v: _couples(r, d, v, False),
        "pairs, receiver first": lambda r, d, v: _couples(r, d, v, True),
    },
}


def _all(*roles: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((role, tuple(FORMS[role])) for role in roles)


SCHEMES = [
    _all("trades"),
    _all("buyers", "sellers", "trade price"),
    _all("buyers", "sellers", "buyers pay", "sellers get"),
    _all("traders", "trade price"),
    _all("traders", "buyers pay", "sellers get"),
]
MATCHING = [_all("partner")]
