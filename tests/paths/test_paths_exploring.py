"""The exploration: what is explored, what stops it, and the devices on the way."""

import heapq
import math
import random
import statistics
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from paths_rules import POSITIVE, explored, rule_of, verdict, winner_pays

from mechanism.language.family import Domain
from mechanism.outcome import Outcome
from proofs.engines.paths.choice import LazySorted, lazy_max, lazy_min, lazy_sorted
from proofs.engines.paths.explorer import explore
from proofs.engines.paths.path import Bounds

HERE = [__file__]


def second(bids):
    order = sorted(range(len(bids)), key=lambda i: bids[i], reverse=True)
    return order[0], bids[order[1]]


def by_hand(bids):
    w = 0
    for i in range(1, len(bids)):
        if bids[i] > bids[w]:
            w = i
    return w, max((bids[i] for i in range(len(bids)) if i != w), default=0)


def two_largest(bids):
    first, second_ = heapq.nlargest(2, range(len(bids)), key=lambda i: bids[i])
    return first, bids[second_]


def test_the_largest_are_read_of_a_sorted_list():
    told = explored(two_largest, 5)
    assert told.complete
    assert len(told.leaves) == 20


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_only_what_is_read_of_a_sorted_list_is_decided(n):
    told = explored(second, n)
    assert told.complete
    assert len(told.leaves) == n * (n - 1)
    assert len(explored(second, n, files=()).leaves) == math.factorial(n)


def test_every_check_of_the_validation_is_made():
    told = explored(second, 3)
    assert told.checks == {"interior": 6, "lattice": 48, "replayed": 6, "covered": 1}
    assert told.counters["open"] == told.counters["solver checks"] == 0


def test_the_leaves_of_plain_comparisons_need_no_solver():
    told = explored(by_hand, 4)
    assert told.complete
    assert told.counters["solver checks"] == 0


# --- what stops it -------------------------------------------------------------------------------


def endless(bids):
    while True:
        pass


def endless_comparisons(bids):
    price = 0
    while price < bids[0]:
        price += 1
    return 0, price


def logarithm(bids):
    return 0, math.log(bids[0] + 1)


def machine_number(bids):
    return 0, Decimal.from_float(bids[0])


@pytest.mark.parametrize(
    ("function", "options", "kind", "reason"),
    [
        (endless, {"stuck": 0.2}, "bound", "takes more than"),
        (endless_comparisons, {"decisions": 40}, "bound", "comparisons on one path"),
        (by_hand, {"leaves": 10}, "bound", "more than 10 paths"),
        (by_hand, {"seconds": 0}, "bound", "time ran out"),
        (logarithm, {}, "stop", "math.log"),
    ],
)
def test_what_does_not_end_is_said(function, options, kind, reason):
    told = explored(function, 4, **options)
    assert not told.complete
    assert told.stops[0].kind == kind
    assert reason in told.stops[0].reason


def test_the_line_is_named():
    (stop,) = explored(logarithm, 1).stops
    assert stop.place == f"{__file__}:{logarithm.__code__.co_firstlineno + 1}"


def test_a_box_bounds_a_loop():
    told = explored(endless_comparisons, 1, domain=Domain(lower=Fraction(0), upper=Fraction(5)))
    assert told.complete
    assert len(told.leaves) == 6


def draws(bids):
    return random.randrange(len(bids)), 0


def test_a_random_draw_is_noted_and_the_state_is_put_back():
    random.seed(7)
    before = random.getstate()
    told = explored(draws, 2)
    assert told.complete
    assert told.soft[0].startswith("random draws are those of one seed")
    assert random.getstate() == before


def test_names_are_put_back():
    explored(second, 2)
    assert (sorted, max, float) == (
        __builtins__["sorted"], __builtins__["max"], __builtins__["float"],
    )  # fmt: skip
    assert not {"sorted", "max", "float", "type"} & set(globals())
    assert math.log(1) == 0


# --- auxiliary numbers ---------------------------------------------------------------------------


def harmonic(bids):
    """Wins who bids most; the price is a quotient of both bids."""
    total = bids[0] + bids[1]
    if total == 0:
        return None, 0
    winner = 0 if bids[0] >= bids[1] else 1
    return winner, bids[0] * bids[1] / total


def floored(bids):
    winner, price = by_hand(bids)
    return winner, price // 1


def to_whole_up(bids):
    winner, price = by_hand(bids)
    return winner, math.ceil(price)


def halves(bids):
    winner, price = by_hand(bids)
    return winner, round(price)


@pytest.mark.parametrize(
    ("function", "dsic", "rational"),
    [
        (harmonic, "refuted", "proved"),
        (floored, "refuted", "proved"),
        (to_whole_up, "refuted", "refuted"),
    ],
)
def test_an_auxiliary_number_is_not_shared_between_worlds(function, dsic, rational):
    rule = rule_of(winner_pays(function), HERE, function.__name__)
    assert verdict(rule, "dsic", 2)[0] == dsic
    assert verdict(rule, "ex-post-ir", 2)[0] == rational


def test_a_rounded_price_is_refuted():
    rule = rule_of(winner_pays(halves), HERE, "halves")
    assert verdict(rule, "dsic", 2)[0] == "refuted"
    assert verdict(rule, "ex-post-ir", 2)[0] == "refuted"


def test_equal_terms_share_an_auxiliary_constant_and_different_ones_do_not():
    import z3
    from z3 import z3util

    from proofs.lowering.leaves import ways_of

    told = explored(harmonic, 2)
    truth, lie, other = z3.Reals("v0 b0 v1")

    def names(*terms):
        guards = [way.guard for way in ways_of(told, list(terms), "harmonic").ways]
        found = {str(c) for guard in guards for c in z3util.get_vars(guard)}
        return {name for name in found if name.startswith("quotient")}

    assert names(truth, other)
    assert names(truth, other).isdisjoint(names(lie, other))


# --- hooks ---------------------------------------------------------------------------------------


def conversions(bids):
    x = float(bids[0])
    assert isinstance(x, float)
    assert isinstance(x, (int, float))
    assert not isinstance(x, int)
    assert type(x) in (int, float)
    assert str is str
    assert float("inf") > x
    assert isinstance(1.5, float)
    assert Fraction(x) == x
    assert math.isfinite(x)
    assert not math.isnan(x)
    assert math.fsum([x, x]) == 2 * x
    assert statistics.mean([x, x]) == x
    assert math.sqrt(x * x) == x
    assert float(f"{x}") == x
    assert float(str(x)) == x
    assert abs(-x) == x
    assert divmod(x, 1)[0] + x % 1 == x
    assert np.isclose(x, x)
    assert np.float64(2) * x == x + x
    assert sum([x, x]) == x * 2
    assert pow(x, 2) == x**2 == x * x
    assert {x: 1}[x] == 1
    assert (x > 1) in (True, False)
    return 0, x


def test_conversions_keep_the_symbol():
    told = explored(conversions, 1)
    assert told.complete, told.stops
    assert not told.crashes, told.crashes
    assert {leaf.payments[0].terms for leaf in told.leaves} == {(((0,), 1),)}


def shims_imported_inside(bids):
    from math import floor

    import numpy

    a = numpy.zeros(len(bids))
    for i, b in enumerate(bids):
        a[i] = b
    w = int(numpy.argmax(a))
    a[w] = -1
    assert floor(a.max()) <= a.max()
    return w, max(a.max(), 0)


def test_modules_imported_in_a_function_are_replaced():
    told = explored(shims_imported_inside, 2)
    assert told.complete, told.stops
    assert not told.crashes


@pytest.mark.parametrize("values", [[3, 1, 2], [1, 1, 1, 0], [2, 0, 2], [0]])
def test_the_lazy_builtins_are_the_builtins_on_numbers(values):
    pairs = [(v, -i) for i, v in enumerate(values)]
    assert lazy_sorted(values, reverse=True) == sorted(values, reverse=True)
    assert lazy_sorted(pairs) == sorted(pairs)
    assert lazy_max(pairs) == max(pairs)
    assert lazy_min(*values, 5) == min(*values, 5)
    assert lazy_max([], default=4) == 4
    with pytest.raises(ValueError, match="empty"):
        lazy_max([])


def lists_of_all_kinds(bids):
    rows = sorted(((b, i) for i, b in enumerate(bids)), key=lambda r: -r[0])
    assert isinstance(rows, list)
    assert len(rows) == len(bids)
    top, *rest = rows
    assert [*rest] == rows[1:]
    assert rows[-1] == next(reversed(rows))
    assert rows[::-1][0] == rows[len(rows) - 1]
    copy = rows[:]
    copy.append(top)
    assert copy.pop() == top
    assert [*rows] == rows + []  # noqa: RUF005
    assert top in rows
    first = rows.pop(0)
    assert first == top
    assert len(rows) == len(bids) - 1
    return top[1], rows[0][0] if rows else 0


def test_a_lazy_list_is_a_list():
    told = explored(lists_of_all_kinds, 3)
    assert told.complete, told.stops
    assert not told.crashes, told.crashes
    assert issubclass(LazySorted, list)


def test_nested_reports_are_explored():
    def call(reports):
        best = max(range(2), key=lambda i: reports[i][0] + reports[i][1])
        return Outcome(
            tuple((int(i == best), 0) for i in range(2)),
            tuple(reports[1 - best][0] if i == best else 0 for i in range(2)),
        )

    told = explore(call, 2, POSITIVE, Bounds(), over=(2,), files=HERE)
    assert told.complete, told.stops
    assert len(told.leaves) == 2
    assert told.variables == 4
