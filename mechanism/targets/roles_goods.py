"""Results that tell goods apart, and public decisions."""

from __future__ import annotations

from typing import Any

from mechanism.targets.reader import Draft, Form, Reader, Unreadable, entries_of, nobody
from mechanism.targets.values import mapping_of, sequence_of


def _good_of(reader: Reader, draft: Draft, value: Any) -> None:
    """For each agent the good it gets, or nothing."""
    for agent, what in enumerate(entries_of(reader, value, reader.names.agents, "agent")):
        if sequence_of(what, sets=True) is not None:
            raise Unreadable(f"{what!r} is no good")
        if (good := reader.good(what)) is not None:
            _give(draft, agent, good)


def _bundle_of(reader: Reader, draft: Draft, value: Any) -> None:
    """For each agent the goods it gets."""
    for agent, what in enumerate(entries_of(reader, value, reader.names.agents, "agent")):
        goods = [] if nobody(what) else sequence_of(what, sets=True)
        if goods is None and isinstance(what, str):
            goods = list(what)  # "AB"
        if goods is None or (reader.strict and len(set(goods)) < len(goods)):
            raise Unreadable(f"{what!r} is no set of goods")
        for one in goods:
            if (good := reader.good(one)) is not None:
                _give(draft, agent, good)


def _agent_of(reader: Reader, draft: Draft, value: Any) -> None:
    """For each good the agent that gets it, or nobody."""
    for good, who in enumerate(entries_of(reader, value, reader.names.goods, "good")):
        if (agent := reader.agent(who)) is not None:
            _give(draft, agent, good)


def _pairs(reader: Reader, draft: Draft, value: Any) -> None:
    """Pairs of an agent and a good."""
    entries = sequence_of(value, sets=True)
    if entries is None or not all(isinstance(e, (tuple, list)) and len(e) == 2 for e in entries):
        raise Unreadable(f"{value!r} is no list of (agent, good)")
    if reader.strict and len(set(map(tuple, entries))) < len(entries):
        raise Unreadable(f"{value!r} has a pair twice")
    for who, what in entries:
        agent, good = reader.agent(who), reader.good(what)
        if agent is not None and good is not None:
            _give(draft, agent, good)


def _matrix(reader: Reader, draft: Draft, value: Any) -> None:
    """A row for each agent, with the quantity of each good."""
    rows = entries_of(reader, value, reader.names.agents, "agent")
    told = [entries_of(reader, row, reader.names.goods, "good") for row in rows]
    draft.gets = [[reader.quantity(q) for q in row] for row in told]


def _give(draft: Draft, agent: int, good: int) -> None:
    draft.gets[agent][good] += 1
    if agent not in draft.winners:
        draft.winners.append(agent)


def _decision(reader: Reader, draft: Draft, value: Any) -> None:
    draft.gets = reader.decision(value)


def _by_good(reader: Reader, draft: Draft, value: Any) -> None:
    """A price for each good, which those who hold it pay."""
    prices = entries_of(reader, value, reader.names.goods, "good")
    for agent, row in enumerate(draft.gets):
        for held, price in zip(row, prices):
            draft.pays[agent] = draft.pays[agent] + held * reader.amount(price)


def _total(reader: Reader, draft: Draft, value: Any) -> None:
    if sequence_of(value) is not None or mapping_of(value) is not None:
        raise Unreadable(f"{value!r} is no price")
    for agent in draft.winners:
        draft.pays[agent] = draft.pays[agent] + reader.amount(value)


WHO: dict[str, Form] = {
    "good of each": _good_of,
    "bundle of each": _bundle_of,
    "agent of each good": _agent_of,
    "pairs": _pairs,
    "matrix": _matrix,
    "decision": _decision,
}
MONEY: dict[str, Form] = {"by good": _by_good, "one price": _total}
