"""Auctions that nobody prepared: each is read as what it is, or refused; none is taken for something else."""

from fractions import Fraction
from pathlib import Path

import pytest

from mechanism import Outcome
from mechanism.targets.callee import Callee
from mechanism.targets.kinds import kind
from mechanism.targets.reading import described
from mechanism.targets.recognise import Unrecognised, recognise
from mechanism.targets.target import Target
from proofs import audit
from proofs.verdict import Verdict

FILE = f"{Path(__file__).parent}/unprepared.py"
VICKREY = (3, 9, 4), (0, 1, 0), (0, 4, 0)
TWO = (3, 9, 4), (0, 1, 1), (0, 3, 3)
MARKET = (5, 9, 2, 1), (1, 1, 1, 1), (5, 5, -2, -2)
ONE_TRADE = (5, 9, 2, 1), (0, 1, 0, 1), (0, 5, 0, -2)
BOTH = (
    (5, 9, 2, 1),
    (1, 1, 1, 1),
    (Fraction(7, 2), Fraction(7, 2), Fraction(-7, 2), Fraction(-7, 2)),
)
# The setting, the form of the bids, the reading, reports, and who then gets and pays what.
READ = {
    "name_to_price": ("single-item", "dict", "prices by winner", *VICKREY),
    "bid_and_name": ("single-item", "bid-first pairs", "(winner, price)", *VICKREY),
    "untyped_bid_and_name": ("single-item", "bid-first pairs", "(winner, price)", *VICKREY),
    "amount_due": ("single-item", "pairs", "(winner, price in 'amount_due')", *VICKREY),
    "sale_object": ("single-item", "objects", "(winner in 'sold_to', price in 'hammer_price')", *VICKREY),
    "award_tuple": ("single-item", "list", "(winner, price in 'amount_due')", *VICKREY),
    "frame_in_frame_out": (
        "single-item", "frame",
        "records of (allocation by id in 'won', payments by id in 'pays')", *VICKREY,
    ),
    "whole_record": ("single-item", "records", "(winner, price)", *VICKREY),
    "camel_case": ("single-item", "records", "(winner in 'winnerId', price in 'pricePaid')", *VICKREY),
    "marks_the_bidder": ("single-item", "objects", "(winner in 'buyer', price in 'payment')", *VICKREY),
    "AddsBids.run": ("single-item", "pairs", "(winner, price)", *VICKREY),
    "LeavesItInside.close": ("single-item", "pairs", "(winner, price)", *VICKREY),
    "PriceFirst.settle": ("single-item", "bid-first pairs", "(winner, price)", *VICKREY),
    "Unnamed.run": ("single-item", "bid-first pairs", "(winner, price)", *VICKREY),
    "quantity_and_price": ("units:2", "dict", "records of (allocation by id, payments by id)", *TWO),
    "prices_of_winners": ("units:2", "dict", "prices by winner", *TWO),
    "lines_of_sales": ("units:2", "list", "records of (winners, prices of the winners)", *TWO),
    "uniform_result": ("units:2", "dict", "(winners in 'successful_bidders', price in 'cutoff_price')", *TWO),
    "four_parts": ("double:2,2", "dict", "trades", *ONE_TRADE),
    "trades_and_price": ("double:2,2", "list", "(pairs of traders in 'trades', price)", *BOTH),
    "trade_objects": ("double:2,2", "list", "trades", *ONE_TRADE),
    "bundles_by_id": (
        "combinatorial:2", "dict/frozensets", "(bundle of each, payments by id)",
        ((3, 1, 4), (5, 4, 9)), ((0, 0), (1, 1)), (0, 4),
    ),
    "zero_one_matrix": (
        "assignment:2", "list/list", "(matrix, payments)",
        ((3, 1), (5, 4)), ((1, 0), (0, 1)), (1, 0),
    ),
    "good_and_price": (
        "assignment:2", "dict/dict", "records of (good of each, payments by id)",
        ((3, 1), (5, 4)), ((1, 0), (0, 1)), (0, 0),
    ),
    "supplier": ("procurement", "dict", "(winner in 'supplier', price in 'payment')", (3, 9, 4), (1, 0, 0), (-4, 0, 0)),
}  # fmt: skip


def called(function, *args, **keywords):
    return function(*args, **keywords)


@pytest.mark.filterwarnings("ignore:Setting an item")
@pytest.mark.parametrize("name", READ)
def test_it_is_read_as_what_it_is(name):
    if name == "frame_in_frame_out":
        pytest.importorskip("pandas")
    setting, style, told, reports, gets, pays = READ[name]
    target = Target(f"{FILE}:{name}", kind(setting))
    reading = recognise(Callee(target), called)
    assert (reading.style, described(reading.result)) == (style, told)
    exact = [tuple(map(Fraction, r)) if isinstance(r, tuple) else Fraction(r) for r in reports]
    outcome = Callee(Target(target.place, target.kind, reading=reading)).call(exact)
    assert outcome == Outcome(gets, pays)


@pytest.mark.parametrize(
    ("name", "setting", "told"),
    [
        ("either_order", "single-item", r"list of \(id, bid\) and as a list of \(bid, id\); annotate"),
        ("winning_bid_only", "single-item", "the price has none of the known names"),
        ("units_by_winner", "single-item", "no reading fits"),
        ("sellers_first", "double:2,2", "sellers would get more than buyers pay"),
    ],
)  # fmt: skip
def test_what_could_be_two_things_is_not_settled(name, setting, told):
    with pytest.raises(Unrecognised, match=rf"{told}(.|\n)*def adapter\("):
        recognise(Callee(Target(f"{FILE}:{name}", kind(setting))), called)


@pytest.mark.parametrize(
    "name", ["untyped_bid_and_name", "AddsBids.run", "SubmitsRecords.winner_and_price"]
)
def test_it_is_audited_in_one_line(name):
    given = {"reserve": 2} if name.startswith("Submits") else {}
    (found,) = audit(
        f"{FILE}:{name}",
        as_="single-item",
        properties=["dsic"],
        parameters=given,
        max_agents=2,
        cache=False,
    )
    assert [f.verdict for f in found.findings] == [Verdict.PROVED]
