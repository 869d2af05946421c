"""The adapter that an error shows works as it stands, once it says what is taken from the result."""

import sys
import textwrap
from fractions import Fraction

import pytest

from mechanism import Outcome
from mechanism.errors import InputError
from mechanism.targets.callee import Callee
from mechanism.targets.kinds import kind
from mechanism.targets.reading import described
from mechanism.targets.recognise import Unrecognised, recognise
from mechanism.targets.target import Target

SECOND = """
def told(pairs):
    ranked = sorted(pairs, key=lambda pair: -pair[1])
    return f"{ranked[0][0]} pays {ranked[1][1] if len(ranked) > 1 else 0}"
"""
MARKET = """
def told(bids, asks):
    buyer, bid = max(bids, key=lambda pair: pair[1])
    seller, ask = min(asks, key=lambda pair: pair[1])
    return f"{buyer} {seller} {bid} {ask}" if bid >= ask else "none"
"""
SOLD = "int(result.split()[0]), Fraction(result.split()[2])"
NAMED = "result.split()[0], Fraction(result.split()[2])"
TRADED = "[{0}], [{1}], [Fraction(w[2]) * ({0} == i) for i in {2}], [Fraction(w[3]) * ({1} == j) for j in {3}]"
# The code, its setting, what is taken from the result, reports, and who then gets and pays what.
CASES = {
    "a list": (
        "def f(bids): return told(enumerate(bids))",
        "single-item", SOLD, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
    "an array": (
        "def f(bids): return told(enumerate(bids[bids >= 0].tolist()))",
        "single-item", SOLD, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
    "a dict": (
        "def f(bids): return told(bids.items())",
        "single-item", NAMED, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
    "pairs": (
        "def f(bids: list[tuple[str, float]]): return told([(who.upper(), bid) for who, bid in bids])",
        "single-item", NAMED, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
    "pairs with the bid first": (
        "def f(bids: list[tuple[float, str]]): return told([(who, bid) for bid, who in bids])",
        "single-item", NAMED, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
    "records": (
        'def f(bids): return told([(b["player"], b["offer"]) for b in bids])',
        "single-item", NAMED, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
    "objects": (
        "def f(bids): return told([(b.name, b.amount) for b in bids])",
        "single-item", NAMED, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
    "keywords": (
        "def f(**bids): return told(bids.items())",
        "single-item", NAMED, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
    "two bidders": (
        'def f(alice, bob): return told([("alice", alice), ("bob", bob)])',
        "single-item", NAMED, (3, 9), ((0, 1), (0, 3)),
    ),
    "two keywords": (
        'def f(*, alice=0, bob=0): return told([("alice", alice), ("bob", bob)])',
        "single-item", NAMED, (3, 9), ((0, 1), (0, 3)),
    ),
    "names beside": (
        "def f(names, bids): return told([(who.upper(), bid) for who, bid in zip(names, bids)])",
        "single-item", NAMED, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
    "procurement": (
        "def f(costs): return told([(i, -c) for i, c in enumerate(costs)])",
        "procurement", SOLD.replace("Fraction", "-Fraction"), (3, 9, 4), ((1, 0, 0), (-4, 0, 0)),
    ),
    "units": (
        'def f(bids): return " ".join(map(str, sorted(range(len(bids)), key=lambda i: -bids[i])[:2])) + " win"',
        "units:2", "[int(w) for w in result.split()[:-1]], 1", (3, 9, 4), ((0, 1, 1), (0, 1, 1)),
    ),
    "slots": (
        'def f(bids, ctrs): return "ranked: " + "".join(map(str, sorted(range(len(bids)), key=lambda i: -bids[i])))',
        "slots:1,1/2", '[result[8:].index(str(i)) for i in range(len(bids))], [0] * len(bids)',
        (3, 9, 4), ((0, 1, Fraction(1, 2)), (0, 0, 0)),
    ),
    "assignment": (
        'def f(values): return "good 0: " + str(max(range(len(values)), key=lambda i: values[i][0]))',
        "assignment:2", "[int(result[8:]), None], [0] * len(bids)",
        ((3, 1), (5, 1)), (((0, 0), (1, 0)), (0, 0)),
    ),
    "assignment by id": (
        'def f(values): return "good B: " + max(values, key=lambda who: values[who]["B"])',
        "assignment:2", "[None, result[8:]], [0] * len(bids)",
        ((3, 1), (5, 4)), (((0, 0), (0, 1)), (0, 0)),
    ),
    "combinatorial": (
        'def f(bids): return "all to " + str(max(range(len(bids)), key=lambda i: bids[i][(0, 1)]))',
        "combinatorial:2", "[int(result[7:])] * 2, [0] * len(bids)",
        ((3, 1, 4), (5, 4, 9)), (((0, 0), (1, 1)), (0, 0)),
    ),
    "public": (
        'def f(values): return f"option {max(range(2), key=lambda o: sum(v[o] for v in values))} it is"',
        "public:2", "int(result[7]), [0] * len(bids)", ((3, 1), (1, 4)), (1, (0, 0)),
    ),
    "double": (
        "def f(bids, asks): return told(list(enumerate(bids)), list(enumerate(asks)))",
        "double:2,2", TRADED.format("int(w[0])", "int(w[1])", "range(len(bids))", "range(len(asks))"),
        (5, 9, 4, 2), ((0, 1, 0, 1), (0, 9, 0, -2)),
    ),
    "double by id": (
        "def f(bids, asks): return told(bids.items(), asks.items())",
        "double:2,2", TRADED.format("w[0]", "w[1]", "ids", "others"),
        (5, 9, 4, 2), ((0, 1, 0, 1), (0, 9, 0, -2)),
    ),
    "one book": (
        "def f(book): return told(list(enumerate(book[0])), list(enumerate(book[1])))",
        "double:2,2", TRADED.format("int(w[0])", "int(w[1])", "range(len(bids))", "range(len(asks))"),
        (5, 9, 4, 2), ((0, 1, 0, 1), (0, 9, 0, -2)),
    ),
    "a market": (
        """class f:
    def __init__(self):
        self.bids, self.asks = [], []

    def add_bid(self, who, price):
        self.bids.append((who, price))

    def add_ask(self, price, who):
        self.asks.append((who, price))

    def close(self):
        return told(self.bids, self.asks)
""",
        "double:2,2", TRADED.format("int(w[0])", "int(w[1])", "range(len(bids))", "range(len(asks))"),
        (5, 9, 4, 2), ((0, 1, 0, 1), (0, 9, 0, -2)),
    ),
    "a room": (
        """class f:
    def __init__(self, reserve=0):
        self.there, self.bids = [], {}

    def add_bidder(self, name):
        self.there.append(name)

    def place_bid(self, name, amount):
        self.bids[name] = amount

    def close(self):
        return told((who, self.bids[who]) for who in self.there)
""",
        "single-item", SOLD, (3, 9, 4), ((0, 1, 0), (0, 4, 0)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_shown_works_when_it_is_pasted(name, tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "theirs", raising=False)
    code, setting, taken, reports, expected = CASES[name]
    helper = MARKET if setting.startswith("double") else SECOND
    (tmp_path / "theirs.py").write_text(f"import math\n{helper}\n\n{code}\n")
    target = f"{tmp_path}/theirs.py:f" + (".close" if name in ("a room", "a market") else "")
    shown = advice(target, setting)
    shown = shown.replace("f(bids, asks)", "f((bids, asks))") if name == "one book" else shown
    assert shown.count(" = ...") == 1
    if setting.startswith("double"):
        shown = shown.replace("    buyers,", "    w = result.split()\n    buyers,")
    (tmp_path / "mine.py").write_text(
        "from fractions import Fraction\n" + shown.replace(" = ...  #", f" = {taken}  #")
    )
    mine = Target(f"{tmp_path}/mine.py:adapter", kind(setting))
    mine = Target(mine.place, mine.kind, reading=recognise(Callee(mine), called))
    assert described(mine.reading.result) == "an Outcome"
    gets, pays = expected
    exact = Callee(mine).call([_exact(r) for r in reports])
    assert exact == Outcome(gets, pays)


def _exact(report):
    return tuple(map(Fraction, report)) if isinstance(report, tuple) else Fraction(report)


def called(function, *args, **keywords):
    return function(*args, **keywords)


def advice(target, setting):
    """The lines that the error shows."""
    with pytest.raises((Unrecognised, InputError)) as told:
        recognise(Callee(Target(target, kind(setting))), called)
    lines = str(told.value).partition("and audit that:\n\n")[2]
    assert lines.startswith("    ")
    return textwrap.dedent(lines) + "\n"


MATCHED = """
def f(proposers, receivers):
    held, free = {}, list(proposers)
    rest = {p: list(row) for p, row in proposers.items()}
    while free:
        p = free.pop(0)
        r = rest[p].pop(0)
        order = receivers[r].index
        loser = held.get(r)
        if loser is None or order(p) < order(loser):
            held[r], p = p, loser
        free += [p] if p is not None else []
    return "; ".join(f"{p} with {r}" for r, p in held.items())
"""


def test_an_adapter_of_a_matching(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "theirs", raising=False)
    (tmp_path / "theirs.py").write_text(MATCHED)
    shown = advice(f"{tmp_path}/theirs.py:f", "matching:2,2")
    taken = '[tuple(map(int, pair.split(" with "))) for pair in result.split("; ")]'
    (tmp_path / "mine.py").write_text(shown.replace(" = ...  #", f" = {taken}  #"))
    found = recognise(Callee(Target(f"{tmp_path}/mine.py:adapter", kind("matching:2,2"))), called)
    assert described(found.result) == "receiver of each proposer"


def test_adapters_import_what_has_no_name_of_a_module(tmp_path):
    (tmp_path / "my-auction.py").write_text("def f(bids): return 'sold!'\n")
    (tmp_path / "mine.py").write_text(advice(f"{tmp_path}/my-auction.py:f", "single-item"))
    with pytest.raises(Unrecognised, match="cannot unpack"):
        recognise(Callee(Target(f"{tmp_path}/mine.py:adapter", kind("single-item"))), called)
