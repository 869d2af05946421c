"""The parts that a result may have, and the forms in which each is read, for single quantities and slots.

Goods, two sides and matchings have modules of their own; all are registered in `FORMS` and `SCHEMES`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mechanism.targets import roles_goods, roles_sides
from mechanism.targets.forms import WHO
from mechanism.targets.kinds import Kind
from mechanism.targets.reader import Draft, Form, Reader, Unreadable, entries_of, nobody
from mechanism.targets.values import is_number, mapping_of, sequence_of, unboxed

# --- who ---------------------------------------------------------------------------------------


def _one(reader: Reader, draft: Draft, value: Any, first: int = 0) -> None:
    whole_bid = isinstance(value, dict) and any(name in value for name in WHO)
    several = isinstance(value, (list, set, frozenset, dict)) and not whole_bid
    if several or (is_number(value) and unboxed(value) % 1):
        raise Unreadable(f"{value!r} is no id")
    _serve(draft, [reader.agent(value, first)])


def _several(reader: Reader, draft: Draft, value: Any, first: int = 0) -> None:
    entries = sequence_of(value, sets=True)
    if entries is None:
        raise Unreadable(f"{value!r} is no list of ids")
    winners = [reader.agent(v, first) for v in entries]
    if reader.strict and len(set(winners)) < len(winners):
        raise Unreadable(f"{value!r} names somebody twice")
    if reader.strict and len(winners) > max(reader.kind.count, 1):
        raise Unreadable(f"{value!r} names more than there is for sale")
    _serve(draft, winners)


def _serve(draft: Draft, winners: Iterable[int | None]) -> None:
    """A unit for each time an agent is named."""
    for agent in winners:
        if agent is not None:
            draft.winners.append(agent)
            draft.gets[agent] += 1


def _each(reader: Reader, draft: Draft, value: Any) -> None:
    if mapping_of(value) is not None:
        raise Unreadable(f"{value!r} is no list")
    _quantities(reader, draft, entries_of(reader, value, reader.names.agents, "agent"))


def _by_id(reader: Reader, draft: Draft, value: Any) -> None:
    if mapping_of(value) is None:
        raise Unreadable(f"{value!r} does not give quantities by id")
    _quantities(reader, draft, entries_of(reader, value, reader.names.agents, "id"))


def _quantities(reader: Reader, draft: Draft, entries: list[Any]) -> None:
    draft.gets = [reader.quantity(e) for e in entries]
    if (
        reader.strict
        and reader.kind.rates
        and sum(draft.gets) != sum(reader.kind.rates[: reader.n])
    ):
        raise Unreadable(f"{entries!r} are not the rates of the slots")
    draft.winners = [agent for agent, entry in enumerate(entries) if _something(entry)]


def _something(entry: Any) -> bool:
    entry = unboxed(entry)
    return entry is not None and entry is not False and not (type(entry) is int and entry == 0)


# --- slots -------------------------------------------------------------------------------------


def _by_slot(reader: Reader, draft: Draft, value: Any, first: int = 0) -> None:
    """Ids in the order of the slots."""
    entries = sequence_of(value)
    if entries is None or len(entries) > max(reader.kind.count, reader.n):
        raise Unreadable(f"{value!r} is no list of ids by slot")
    if reader.strict and len(entries) > reader.kind.count and len(set(entries)) < reader.n:
        raise Unreadable(
            f"{value!r} has more entries than there are slots, and does not rank everybody"
        )
    for rate, who in zip(reader.kind.rates, entries):
        if (agent := reader.agent(who, first)) is not None:
            draft.winners.append(agent)
            draft.gets[agent] += rate


def _slot_of(reader: Reader, draft: Draft, value: Any, first: int = 0) -> None:
    """For each agent the number of its slot."""
    order = []
    for agent, slot in enumerate(
        map(unboxed, entries_of(reader, value, reader.names.agents, "agent"))
    ):
        if nobody(slot):
            continue
        if isinstance(slot, bool) or not isinstance(slot, int) or slot < first:
            raise Unreadable(f"{slot!r} is no slot")
        if slot - first < reader.kind.count:
            draft.gets[agent] += reader.kind.rates[slot - first]
            order.append((slot, agent))
    draft.winners = [agent for _, agent in sorted(order)]


# --- money -------------------------------------------------------------------------------------


def _price(reader: Reader, draft: Draft, value: Any) -> None:
    if sequence_of(value) is not None or mapping_of(value) is not None:
        raise Unreadable(f"{value!r} is no price")
    amount = reader.amount(value)
    for agent in draft.winners:
        draft.pays[agent] = draft.pays[agent] + amount


def _payments(reader: Reader, draft: Draft, value: Any) -> None:
    if mapping_of(value) is not None:
        raise Unreadable(f"{value!r} is no list")
    draft.pays = [reader.amount(e) for e in entries_of(reader, value, reader.names.agents, "agent")]


def _payments_by_id(reader: Reader, draft: Draft, value: Any) -> None:
    if mapping_of(value) is None:
        raise Unreadable(f"{value!r} does not give payments by id")
    draft.pays = [reader.amount(e) for e in entries_of(reader, value, reader.names.agents, "id")]


def _per_click(reader: Reader, draft: Draft, value: Any) -> None:
    """A price for each agent, or for each winner, of which it pays its rate times as much."""
    entries = sequence_of(value)
    if mapping_of(value) is not None:
        _payments_by_id(reader, draft, value)
    elif entries is not None and len(entries) == reader.n:
        _payments(reader, draft, value)
    else:
        _aligned(reader, draft, value)
    draft.pays = [price * rate for price, rate in zip(draft.pays, draft.gets)]


def _aligned(reader: Reader, draft: Draft, value: Any) -> None:
    entries = sequence_of(value)
    if entries is None or len(entries) != len(draft.winners):
        raise Unreadable(
            f"{value!r} does not have a price for each of {len(draft.winners)} winners"
        )
    for agent, amount in zip(draft.winners, entries):
        draft.pays[agent] = draft.pays[agent] + reader.amount(amount)


# --- both in one -------------------------------------------------------------------------------


def _prices_by_winner(reader: Reader, draft: Draft, value: Any) -> None:
    """A mapping from those who win a unit to what each pays."""
    sold = mapping_of(value)
    if sold is None:
        raise Unreadable(f"{value!r} does not give prices by winner")
    _several(reader, draft, list(sold))
    for agent, amount in zip(draft.winners, sold.values()):
        if isinstance(unboxed(amount), bool):
            raise Unreadable(f"{amount!r} is no price")
        draft.pays[agent] = draft.pays[agent] + reader.amount(amount)


FORMS: dict[str, dict[str, Form]] = {
    "who": {
        "id": _one,
        "id from 1": lambda r, d, v: _one(r, d, v, 1),
        "ids": _several,
        "ids from 1": lambda r, d, v: _several(r, d, v, 1),
        "each": _each,
        "by id": _by_id,
        "by slot": _by_slot,
        "by slot, from 1": lambda r, d, v: _by_slot(r, d, v, 1),
        "slot": _slot_of,
        "slot from 1": lambda r, d, v: _slot_of(r, d, v, 1),
        **roles_goods.WHO,
    },
    "money": {
        "price": _price,
        "payments": _payments,
        "by id": _payments_by_id,
        "aligned": _aligned,
        "per click": _per_click,
        **roles_goods.MONEY,
    },
    "sales": {"prices by winner": _prices_by_winner},
    **roles_sides.FORMS,
}
_SINGLE = ("id", "id from 1", "ids", "ids from 1", "each", "by id")
_SLOTS = ("by slot", "by slot, from 1", "slot", "slot from 1", "each", "by id")
_MONEY = ("price", "payments", "by id", "aligned")

Scheme = tuple[tuple[str, tuple[str, ...]], ...]


def schemes(kind: Kind) -> list[Scheme]:
    """The combinations of roles that a result may have, each with its forms."""
    if kind.id == "double":
        return roles_sides.SCHEMES
    if kind.id == "matching":
        return roles_sides.MATCHING
    if kind.id == "public":
        return [(("who", ("decision",)), ("money", ("payments", "by id")))]
    if kind.by_good:
        money = (*_MONEY[1:3], *roles_goods.MONEY)
        return [(("who", tuple(f for f in roles_goods.WHO if f != "decision")), ("money", money))]
    if kind.rates:
        return [(("who", _SLOTS), ("money", (*_MONEY, "per click")))]
    return [(("who", _SINGLE), ("money", _MONEY)), (("sales", ("prices by winner",)),)]
