"""Forms of bids and results: what is recognised, and what is not settled silently."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from mechanism import Outcome
from mechanism.errors import InputError
from mechanism.targets.callee import OBJECTS, Callee
from mechanism.targets.kinds import kind
from mechanism.targets.reading import described
from mechanism.targets.reading import told as reading_told
from mechanism.targets.recognise import Unrecognised, recognise
from mechanism.targets.serve import _calls
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


def standing(*, alice=0, bob=0, carol=0):
    bids = {"alice": alice, "bob": bob, "carol": carol}
    return keywords(**bids)


def test_keyword_arguments_with_one_default_are_bidders():
    found = given(standing)
    assert found.style == "named arguments"
    assert [what for _, what in found.arguments] == ["bid 0 alice", "bid 1 bob", "bid 2 carol"]


def reduced(bids, asks):
    buyers = sorted(range(len(bids)), key=lambda i: -bids[i])
    sellers = sorted(range(len(asks)), key=lambda j: asks[j])
    k = sum(bids[i] >= asks[j] for i, j in zip(buyers, sellers))
    if not k:
        return [], [], 0, 0
    return buyers[: k - 1], sellers[: k - 1], bids[buyers[k - 1]], asks[sellers[k - 1]]


def by_list(bids, asks):
    buyers, sellers, pay, get = reduced(bids, asks)
    return buyers, sellers, [pay] * len(buyers), [get] * len(sellers)


def by_flag(bids, asks):
    buyers, sellers, pay, get = reduced(bids, asks)
    b, s = (
        [int(i in buyers) for i in range(len(bids))],
        [int(j in sellers) for j in range(len(asks))],
    )
    return b, s, [pay * x for x in b], [get * x for x in s]


@pytest.mark.parametrize("function", [reduced, by_list, by_flag])
def test_four_parts_of_a_double_auction_are_taken_in_their_order(function):
    found = given(function, "double:2,2")
    assert found.assumed == "taken to be in this order"
    OBJECTS["given"] = function
    target = Target("given", kind("double:2,2"), reading=found)
    called = Callee(target).call([Fraction(b) for b in (9, 6, 2, 4)])
    del OBJECTS["given"]
    assert called == Outcome((1, 0, 1, 0), (6, 0, -4, 0))


def yielded(bids):
    yield from second(bids)


async def awaited(bids):
    return second(bids)


@pytest.mark.parametrize("function", [awaited, yielded])
def test_what_is_awaited_or_yielded(function):
    assert described(given(function).result) == "(winner, price)"


def rows(bids):
    return bids.argmax(axis=1), np.sort(bids, axis=1)[:, -2]


def mixed_rows(bids):
    return bids.argmax(axis=1), np.full(len(bids), np.sort(bids.ravel())[-2])


@pytest.mark.parametrize(("function", "style"), [(rows, "rows"), (mixed_rows, "one row")])
def test_profiles_as_rows(function, style):
    found = given(function)
    assert (found.style, described(found.result)) == (style, "(winner, price)")
    assert ("change each other" in found.assumed) is (style == "one row")


def test_code_that_takes_no_rows_is_not_given_any():
    def paired(bids):
        winner = max(range(len(bids)), key=bids.__getitem__)
        return [
            (i, max(bids[:i] + bids[i + 1 :], default=0) * (i == winner)) for i in range(len(bids))
        ]

    with pytest.raises(Unrecognised):
        given(paired)


def test_profiles_as_rows_are_called_together():
    calls = []

    def counted(bids):
        calls.append(len(bids))
        return rows(bids)

    found = given(rows)
    OBJECTS["given"] = counted
    target = Target("given", kind("single-item"), reading=found)
    asked = [tuple(map(Fraction, b)) for b in ((3, 4), (5, 4), (1, 2), (7, 8, 9), (2, 2))]
    messages = list(_calls(Callee(target), target, asked, 0, False))
    del OBJECTS["given"]
    answers = [a for _, made in messages for a in made]
    assert calls == [3, 1, 1]
    assert [a.outcome.payments for a in answers] == [(0, 3), (4, 0), (0, 1), (0, 0, 8), (2, 0)]


def test_what_is_read_from_some_calls_only_is_told():
    def refuses(bids):
        if max(bids) > 65:
            raise ValueError("too much")
        return second(bids)

    found = given(refuses)
    assert "since others were refused" in found.assumed
    assert target_of(Target("x.py:f", kind("single-item"), reading=found).text()).reading == found


def clicks(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    slots, prices = [None] * len(bids), [0] * len(bids)
    for slot, (i, j) in enumerate(zip(order[:2], [*order[1:], None])):
        slots[i], prices[i] = slot, 0 if j is None else bids[j]
    return slots, prices


def test_prices_per_click_are_not_taken_for_payments():
    with pytest.raises(Unrecognised, match=r"prices per click(.|\n)*rates = \[1, 1/2\]"):
        given(clicks, "slots:1,1/2")


def higher_rates(bids):
    """VCG at the rates 2 and 1: for each slot, who has it and what it pays in all."""
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    following = [*(bids[i] for i in order[1:3]), 0, 0]
    return [(i, sum(following[s:2])) for s, i in enumerate(order[:2])]


def by_click(bids):
    return [(i, Fraction(paid) / rate) for (i, paid), rate in zip(higher_rates(bids), (2, 1))]


@pytest.mark.parametrize(
    "code",
    [
        by_click,
        lambda bids: tuple(map(list, zip(*by_click(bids)))),
        lambda bids: [
            {"slot": s, "bidder": i, "price": p} for s, (i, p) in enumerate(by_click(bids))
        ],
        lambda bids: {i: {"slot": s, "price": p} for s, (i, p) in enumerate(by_click(bids))},
    ],
)
def test_prices_per_click_are_not_taken_for_payments_at_high_rates(code):
    with pytest.raises(Unrecognised, match=r"prices per click(.|\n)*if they are prices per click"):
        given(code, "slots:2,1")


@pytest.mark.parametrize(
    "code",
    [
        higher_rates,
        lambda bids: [(i, 0) for i, _ in higher_rates(bids)],  # the same either way
        lambda bids: dict(zip(("slots", "cpc"), map(list, zip(*by_click(bids))))),
    ],
)
def test_the_reading_of_amounts_of_slots_is_told(code):
    setting = kind("slots:2,1")
    reading = given(code, "slots:2,1")
    by_name = any(form == "per click" for _, _, form in reading.result)
    what = "prices per click" if by_name else "payments in all"
    assert by_name is isinstance(code((4, 6, 2)), dict)
    assert f"read as {what}" in reading_told(Target("x.py:f", setting, reading=reading))


def test_prices_per_click_are_known_by_their_name():
    def named(bids):
        slots, prices = clicks(bids)
        return {"slots": slots, "price_per_click": prices}

    found = given(named, "slots:1,1/2")
    OBJECTS["given"] = named
    called = Callee(Target("given", kind("slots:1,1/2"), reading=found)).call(
        [Fraction(b) for b in (4, 6, 2)]
    )
    del OBJECTS["given"]
    assert called.payments == (1, 4, 0)


def test_an_adapter_returns_an_outcome():
    def adapter(bids):
        winner, price = second(bids)
        return Outcome(
            [int(i == winner) for i in range(len(bids))],
            [price * (i == winner) for i in range(len(bids))],
        )

    assert described(given(adapter).result) == "an Outcome"


def deferred(proposers, receivers):
    rank = [{p: k for k, p in enumerate(r)} for r in receivers]
    free, held, rest = list(range(len(proposers))), {}, [list(p) for p in proposers]
    while free:
        p = free.pop()
        if not rest[p]:
            continue
        r = rest[p].pop(0)
        kept = min([p, held.get(r, p)], key=rank[r].__getitem__)
        if r in held:
            free.append(held[r] + p - kept)
        elif kept != p:
            free.append(p)
        held[r] = kept
    return held


def matrices(proposers, receivers):
    held = deferred(proposers, receivers)
    rows = [[int(held.get(r) == p) for r in range(len(receivers))] for p in range(len(proposers))]
    return Outcome([*rows, *map(list, zip(*rows))], [0] * (len(proposers) + len(receivers)))


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (deferred, "proposer of each receiver"),
        (lambda p, r: {m: w for w, m in deferred(p, r).items()}, "receiver of each proposer"),
        (lambda p, r: list(deferred(p, r).items()), "pairs, receiver first"),
        (lambda p, r: [(m, w) for w, m in deferred(p, r).items()], "pairs"),
        (matrices, "an Outcome"),
    ],
)
def test_forms_of_matchings(function, told):
    assert described(given(function, "matching").result) == told


def test_pairs_of_sides_that_are_as_large_are_taken_in_the_order_of_the_arguments():
    def pairs(proposers, receivers):
        if len(proposers) != len(receivers):
            raise ValueError("there have to be as many of both")
        return {(p, r) for r, p in deferred(proposers, receivers).items()}

    found = given(pairs, "matching")
    assert (described(found.result), found.assumed) == ("pairs", "taken to be (proposer, receiver)")


def test_an_outcome_that_does_not_fit_is_told():
    with pytest.raises(Unrecognised, match="for each agent 4 flags are expected"):
        given(lambda p, r: Outcome([[0]] * (len(p) + len(r)), [0] * (len(p) + len(r))), "matching")


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


def second_only(bids):
    return sorted(bids)[-2]


def payments_only(bids):
    return [sorted(bids)[-2] if b == max(bids) else 0 for b in bids]


def numbers_by_annotation(bids: list[float]):
    return max(bids)


def demanding(bids):
    if len(bids) < 3:
        raise ValueError("three bidders are needed")
    return max(bids)


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (second_only, r"Fraction\(50, 1\)"),
        (lambda bids: max(bids), r"Fraction\(70, 1\)"),
        (lambda bids: bids[0], r"Fraction\(40, 1\)"),
        (payments_only, r"\[0, Fraction\(50, 1\), 0\]"),
        (numbers_by_annotation, r"Fraction\(70, 1\)"),
        (demanding, r"Fraction\(70, 1\)"),
    ],
)
def test_what_takes_plain_bids_is_not_handed_pairs_until_it_passes_one_on(function, value):
    told = rf"on bids 40, 70, 50 it gave {value} \(no reading fits\); write an adapter"
    with pytest.raises(Unrecognised, match=told):
        given(function)


def whole_pairs(bids: list[tuple[str, float]]):
    return max(bids)


def passing_over(bids):
    """Of plain numbers none is a pair, and that is no error."""
    pairs = sorted((b for b in bids if isinstance(b, tuple)), key=lambda b: -b[1])
    return (pairs[0][0], pairs[1][1]) if len(pairs) > 1 else "too few bids"


def numpy_only(bids):
    doubled = bids * 2  # of a list, twice as many
    won = [int(b == max(doubled)) for b in doubled]
    return {"allocation": won, "payments": [w * b / 2 for w, b in zip(won, doubled)]}


@pytest.mark.parametrize(
    ("function", "style"),
    [
        (whole_pairs, "pairs"),
        (passing_over, "pairs"),
        (numpy_only, "array"),
    ],
)
def test_what_is_written_for_another_form_is_still_handed_it(function, style):
    assert given(function).style == style


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


def keyword_only(*, alice=0, bob=0):
    return "sold!"


def by_place(alice, bob):
    return "sold!"


def any_keywords(**bids):
    return "sold!"


def any_number(*bids):
    return "sold!"


def one_keyword(*, bids):
    return "sold!"


@pytest.mark.parametrize(
    ("function", "passed"),
    [
        (keyword_only, "alice=alice, bob=bob"),
        (by_place, "alice, bob"),
        (any_keywords, "**dict(zip(ids, bids))"),
        (any_number, "*bids"),
        (one_keyword, "bids=bids"),
        (lambda bids: "sold!", "bids"),
    ],
)
def test_adapters_pass_the_bids_on_as_the_function_takes_them(function, passed):
    with pytest.raises(Unrecognised) as told:
        given(function)
    assert f"result = given({passed})  #" in str(told.value)


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (
            "winner",
            r"\('winner' is read, but the price has none of the known names price, payment, ",
        ),
        (
            "price",
            r"\('price' is read, but who wins has none of the known names winner, winner_id, ",
        ),
    ],
)
def test_which_name_is_missing_is_told(field, told):
    def named(bids):
        winner, price = second(bids)
        return {field: {"winner": winner, "price": price}[field], "hammer": "down"}

    with pytest.raises(Unrecognised, match=told):
        given(named)
