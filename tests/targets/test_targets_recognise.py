"""Forms of bids and results: what is recognised, and what is not settled silently."""

from fractions import Fraction
from pathlib import Path

import pytest

from mechanism import Outcome
from mechanism.errors import InputError
from mechanism.targets.adapter import adapter
from mechanism.targets.callee import OBJECTS, Callee
from mechanism.targets.kinds import kind
from mechanism.targets.reading import described
from mechanism.targets.recognise import Unrecognised, recognise
from mechanism.targets.session import Session, read_float
from mechanism.targets.target import Target, target_from, target_of

HERE = Path(__file__).parent
STRANGERS = f"{HERE}/strangers.py"


def plainly(function, *args, **keywords):
    return function(*args, **keywords)


def read(place, setting, **parameters):
    given = tuple((n, Fraction(v)) for n, v in parameters.items())
    return recognise(Callee(Target(place, kind(setting), given)), plainly)


@pytest.mark.parametrize(
    ("name", "setting", "style", "result"),
    [
        ("ebay", "single-item", "dict", "(winner, price in 'final_price')"),
        ("vickrey_from_objects", "single-item", "objects", "(winner, price)"),
        ("np_vickrey", "single-item", "list", "(allocation, payments)"),
        ("FirstPriceAuction.resolve", "single-item", "dict", "(winner, price)"),
        ("uniform", "units:2", "list", "(winners, price)"),
        ("gsp", "slots:1,1/2", "list", "(slot of each, payments)"),
        ("vcg_assign", "assignment:2", "list/list", "(good of each, payments)"),
        ("checked", "single-item", "list", "(winner, price)"),
        ("english", "single-item", "list", "(winner, price)"),
        ("chatty", "single-item", "pairs", "(winner, price)"),
        ("proportional", "single-item", "list", "(allocation, payments)"),
        ("clear", "double:2,2", "dict", "trades"),
        ("reverse_auction", "procurement", "dict", "(winner, price in 'payment')"),
        ("pivotal", "public:2", "list/list", "(decision, payments in 'taxes')"),
        (
            "one_based", "single-item", "list",
            "(winner counted from 1 in 'winning_bidder', price)",
        ),
        ("greedy_combi", "combinatorial:2", "list/frozensets", "(bundle of each, payments)"),
    ],
)  # fmt: skip
def test_strangers(name, setting, style, result):
    found = read(f"{STRANGERS}:{name}", setting)
    told = described(found.result)
    assert (found.style, told) == (style, result.replace(" in 'taxes'", ""))


def given(function, setting="single-item"):
    OBJECTS["given"] = function
    try:
        return read("given", setting)
    finally:
        del OBJECTS["given"]


def second(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], bids[order[1]]


def array(bids):
    return int(bids.argmax()), sorted(bids.tolist())[-2]


def starred(*bids):
    return second(bids)


def keywords(**bids):
    winner = max(bids, key=bids.get)
    return {"winner": winner, "price": sorted(bids.values())[-2]}


def two(alice, bob):
    return ("alice", bob) if alice >= bob else ("bob", alice)


def beside(names, bids):
    winner, price = second(bids)
    return names[winner], price


def records(bids):
    ranked = sorted(bids, key=lambda b: b["amount"], reverse=True)
    return [{"name": ranked[0]["name"], "price": ranked[1]["amount"]}]


def frame(bids):
    pd = pytest.importorskip("pandas")
    winner, price = second(bids)
    rows = [
        {"bidder": i, "won": i == winner, "paid": price * (i == winner)} for i in range(len(bids))
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("function", "style", "result"),
    [
        (second, "list", "(winner, price)"),
        (array, "array", "(winner, price)"),
        (starred, "*", "(winner, price)"),
        (keywords, "**", "(winner, price)"),
        (two, "named arguments", "(winner, price)"),
        (beside, "named list", "(winner, price)"),
        (records, "records", "records of (winners in 'name', price)"),
        (frame, "list", "records of (allocation by id in 'won', payments by id in 'paid')"),
    ],
)
def test_forms(function, style, result):
    found = given(function)
    assert found.style == style
    assert found.result[0][0] == "who"
    if style != "records":
        assert described(found.result) == result


def test_an_adapter_returns_an_outcome():
    def adapter(bids):
        winner, price = second(bids)
        return Outcome(
            [int(i == winner) for i in range(len(bids))],
            [price * (i == winner) for i in range(len(bids))],
        )

    assert described(given(adapter).result) == "an Outcome"


def test_no_sale_is_read():
    def reserve(bids):
        winner, price = second(bids)
        return (winner, price) if bids[winner] >= 60 else (None, 0)

    found = given(reserve)
    OBJECTS["given"] = reserve
    called = Callee(Target("given", kind("single-item"), reading=found)).call(
        [Fraction(3), Fraction(4)]
    )
    assert called == Outcome((0, 0), (0, 0))
    del OBJECTS["given"]


def test_numbers_of_any_kind_pass_through():
    OBJECTS["given"] = second
    target = Target("given", kind("single-item"), reading=given(second))
    OBJECTS["given"] = second
    assert Callee(target).call([1.5, 2.5, 0.5], number=lambda x: x).payments[1] == 1.5
    del OBJECTS["given"]


def test_code_that_checks_for_floats_gets_floats():
    found = read(f"{STRANGERS}:checked", "single-item")
    assert found.numbers == "float"


def test_code_that_drops_other_numbers_gets_floats():
    def drops(bids):
        valid = [b if isinstance(b, (int, float)) else 0 for b in bids]
        return valid.index(max(valid)), sorted(valid)[-2]

    assert given(drops).numbers == "float"


def test_two_readings_that_differ_are_not_settled():
    def ambiguous(bids):
        winner, price = second(bids)
        return winner, price, price / 2

    with pytest.raises(Unrecognised, match="which differ"):
        given(ambiguous)


def test_what_is_not_recognised_is_shown_with_an_adapter():
    with pytest.raises(Unrecognised, match=r"'sold!'(.|\n)*from mechanism import Outcome"):
        read(f"{HERE}/breaking.py:weird", "single-item")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("single", "did you mean single-item"),
        ("units", "units:K"),
        ("units:x", "positive whole number"),
        ("slots:1,2", "do not rise"),
        ("double:3", "two positive"),
        ("single-item:3", "to be written single-item"),
        ("assignment:a,a", "twice"),
    ],
)
def test_settings_that_are_none(text, told):
    with pytest.raises(InputError, match=told):
        kind(text)


@pytest.mark.parametrize(
    "text", ["single-item", "units:2", "slots:1,1/2", "assignment:a,b", "double:2,3", "public:3"]
)
def test_settings_are_written_as_they_are_read(text):
    assert str(kind(text)) == text


def test_a_target_is_its_text():
    made = Target(
        "x.py:f", kind("single-item"), (("reserve", Fraction(2)), ("open", True)), given(second)
    )
    assert target_of(made.text()) == made
    assert target_from(made.place, made.to_json()) == made


@pytest.mark.parametrize(
    ("value", "read"), [(0.1 + 0.2, "3/10"), (1 / 3, "1/3"), (2.0, "2"), (1e-3, "1/1000")]
)
def test_floats_are_read_to_within_the_tolerance(value, read):
    assert read_float(value) == Fraction(read)


def test_an_odd_float_is_its_own_value():
    assert read_float(0.123456789) == Fraction(0.123456789)


@pytest.mark.parametrize("name", ["procure", "refuses", "shares", "millions", "exits", "dies"])
def test_numbers_that_code_does_not_take(name):
    setting = "procurement" if name == "procure" else "single-item"
    asked = Session(Target(f"{HERE}/picky.py:{name}", kind(setting)))
    try:
        reading, agents = asked.recognised()
    finally:
        asked.close()
    assert (reading.style, described(reading.result), agents) == ("list", "(winner, price)", None)


def test_adapters_fit_the_setting_and_the_result():
    plain = adapter(kind("double:2,2"), "market.py:clear", ([0], [1]))
    assert "def adapter(bids, asks):" in plain
    assert "clear(bids, asks)" in plain
    assert "result." not in plain
    assert "buyers, sellers, buyers_pay, sellers_get = ..." in plain
    assert "result.winner" in adapter(kind("single-item"), "shop.py:run", object())
