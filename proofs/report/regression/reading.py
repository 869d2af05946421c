"""How a result is read, as plain Python; the forms are those of `mechanism.targets.roles`."""

from __future__ import annotations

from mechanism.targets.forms import WHO as IDS
from mechanism.targets.target import Target
from proofs.report.regression.literals import literal

PART = '''\
def part(result, name):
    """A field of a dict, an object, or a frame."""
    try:
        return result[name]
    except (TypeError, KeyError, IndexError):
        return getattr(result, name)'''
NUMBER = """\
def number(value):
    return Fraction(value) if isinstance(value, str) else value or 0"""
SAME = '''\
def same(one, other):
    """Whether nested lists of numbers agree, up to rounding."""
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or (one is not None and other is not None and abs(one - other) <= 1e-9)'''
COLUMN = '''\
def column(result, name):
    """A field of every row; of a frame, the column."""
    if hasattr(result, "columns"):
        return result[name]
    return [part(row, name) for row in result]'''
BY_ID = f'''\
def by_id(result, name):
    """A field of every row by its id: a key, another field, or the index of a frame."""
    if isinstance(result, dict):
        return {{who: part(row, name) for who, row in result.items()}}
    frame = hasattr(result, "columns")
    names = result.columns if frame else result[0] if isinstance(result[0], dict) else dir(result[0])
    who = next((n for n in {IDS!r} if n in names), None)
    return result[name] if who is None else dict(zip(column(result, who), column(result, name)))'''
HELPERS = {"by_id": BY_ID, "column": COLUMN, "part": PART, "number": NUMBER, "same": SAME}

# For each form: lines that turn `value` into `winners` and `gets`, or into `pays`.
WHO = {
    "id": (
        "named = value if isinstance(value, (list, tuple)) else [value]",
        "winners = [i for i, agent in enumerate(agents) if agent in named]",
        "gets = [int(i in winners) for i in range(n)]",
    ),
    "id from 1": (
        "winners = [i for i in range(n) if i + 1 == value]",
        "gets = [int(i in winners) for i in range(n)]",
    ),
    "ids": (
        "winners = [agents.index(agent) for agent in value if agent in agents]",
        "gets = [winners.count(i) for i in range(n)]",
    ),
    "ids from 1": (
        "winners = [agent - 1 for agent in value]",
        "gets = [winners.count(i) for i in range(n)]",
    ),
    "each": (
        "gets = [number(got) for got in value]",
        "winners = [i for i, got in enumerate(gets) if got]",
    ),
    "by id": (
        "gets = [number(value.get(agent)) for agent in agents]",
        "winners = [i for i, got in enumerate(gets) if got]",
    ),
    "by slot": (
        "gets = [sum(rate for rate, name in zip({rates}, value) if name == agent) for agent in agents]",
        "winners = [agents.index(name) for name in value if name in agents][:{slots}]",
    ),
    "slot": (
        "each = [value.get(agent) for agent in agents] if isinstance(value, dict) else list(value)",
        "gets = [dict(enumerate({rates})).get(slot, 0) for slot in each]",
        "winners = sorted((i for i, got in enumerate(gets) if got), key=lambda i: each[i])",
    ),
    "good of each": (
        "each = [value.get(agent) for agent in agents] if isinstance(value, dict) else list(value)",
        "gets = [[int(good == got) for good in goods] for got in each]",
        "winners = [i for i, row in enumerate(gets) if any(row)]",
    ),
    "bundle of each": (
        "each = [value.get(agent) for agent in agents] if isinstance(value, dict) else list(value)",
        "gets = [[int(good in (got or ())) for good in goods] for got in each]",
        "winners = [i for i, row in enumerate(gets) if any(row)]",
    ),
    "agent of each good": (
        "each = [value.get(good) for good in goods] if isinstance(value, dict) else list(value)",
        "gets = [[int(agent == got) for got in each] for agent in agents]",
        "winners = [i for i, row in enumerate(gets) if any(row)]",
    ),
    "pairs": (
        "gets = [[sum(agent == a and good == g for a, g in value) for good in goods] for agent in agents]",
        "winners = [i for i, row in enumerate(gets) if any(row)]",
    ),
    "matrix": ("gets = [[number(got) for got in row] for row in value]", "winners = [*range(n)]"),
    "decision": ("gets, winners = goods.index(value), [*range(n)]",),
}
MONEY = {
    "price": ("pays = [number(value) * (i in winners) for i in range(n)]",),
    "one price": ("pays = [number(value) * (i in winners) for i in range(n)]",),
    "payments": ("pays = [number(paid) for paid in value]",),
    "by id": ("pays = [number(value.get(agent)) for agent in agents]",),
    "aligned": (
        "pays = [sum(number(p) for w, p in zip(winners, value) if w == i) for i in range(n)]",
    ),
    "per click": (
        "prices = [value.get(agent, 0) for agent in agents] if isinstance(value, dict) else list(value)",
        "prices = prices if len(prices) == n else [dict(zip(winners, prices)).get(i, 0) for i in range(n)]",
        "pays = [number(price) * got for price, got in zip(prices, gets)]",
    ),
    "by good": (
        "prices = [value.get(good) for good in goods] if isinstance(value, dict) else list(value)",
        "pays = [sum(held * number(price) for held, price in zip(row, prices)) for row in gets]",
    ),
}
SPLIT = {
    ("sales", "prices by winner"): (
        "gets = [int(agent in value) for agent in agents]",
        "pays = [number(value.get(agent)) for agent in agents]",
    ),
    ("buyers", "ids"): (
        "gets[:{buyers}] = [int(agent in value) for agent in agents[:{buyers}]]",
        "buyers = [agents[:{buyers}].index(agent) for agent in value]",
    ),
    ("sellers", "ids"): (
        "gets[{buyers}:] = [int(agent in value) for agent in agents[{buyers}:]]",
        "sellers = [agents[{buyers}:].index(agent) for agent in value]",
    ),
    ("buyers pay", "aligned"): (
        "paid = dict(zip(buyers, value))",
        "pays[:{buyers}] = [number(paid.get(i, 0)) for i in range({buyers})]",
    ),
    ("sellers get", "aligned"): (
        "got = dict(zip(sellers, value))",
        "pays[{buyers}:] = [-number(got.get(j, 0)) for j in range(n - {buyers})]",
    ),
    ("buyers", "each"): ("gets[:{buyers}] = [number(got) for got in value]",),
    ("sellers", "each"): ("gets[{buyers}:] = [number(got) for got in value]",),
    ("trade price", "price"): (
        "pays = [number(value) * got * (1 if i < {buyers} else -1) for i, got in enumerate(gets)]",
    ),
    ("buyers pay", "price"): (
        "pays[:{buyers}] = [number(value) * got for got in gets[:{buyers}]]",
    ),
    ("sellers get", "price"): (
        "pays[{buyers}:] = [-number(value) * got for got in gets[{buyers}:]]",
    ),
    ("buyers pay", "each"): ("pays[:{buyers}] = [number(paid) for paid in value]",),
    ("sellers get", "each"): ("pays[{buyers}:] = [-number(got) for got in value]",),
}


def reading(target: Target) -> str | None:
    """The function that reads a result, or nothing for a form that is read nowhere else."""
    assert target.reading is not None
    kind = target.kind
    words = {
        "rates": literal(list(kind.rates)),
        "slots": kind.count,
        "buyers": kind.sides[0],
    }
    if target.reading.result[0][0] == "outcome":
        body = ["gets, pays = result.allocation, result.payments"]
    else:
        body = ["n = len(agents)", "gets, pays, winners = [0] * n, [0] * n, []"]
        if not kind.by_good and kind.id != "public":
            body += ["if result is None:", "    return gets, pays  # no sale"]
        for role, place, form in target.reading.result:
            found = {"who": WHO, "money": MONEY}.get(role, {}).get(form) or SPLIT.get((role, form))
            if found is None or place == "*":
                return None
            where = part(place)
            if place.startswith("*") and form == "by id":
                where = where.replace("column(", "by_id(", 1)
            body += [f"value = {where}", *(line.format(**words) for line in found)]
        if kind.id == "procurement":
            body.append("pays = [-price for price in pays]  # prices are what sellers receive")
    lines = ['"""What each agent gets and pays."""', *body, "return gets, pays"]
    return "def outcome(result, agents, goods=()):\n" + "\n".join(f"    {line}" for line in lines)


def part(place: str) -> str:
    """How a part of a result is taken, as Python."""
    if place == "":
        return "result"
    if place.startswith("["):
        return f"result{place}"
    if place.startswith("*"):
        key = place[1:]
        return f"column(result, {int(key[1:-1]) if key.startswith('[') else key!r})"
    return f"part(result, {place!r})"
