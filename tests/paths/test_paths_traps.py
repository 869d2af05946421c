"""Planted traps: code that shows a proxy something else than it shows a number.

None of them may end in a wrong proof: the exploration stops, or leans on an assumption that it names, or its
verdict is the truth.
"""

import json
import random
import sys

import numpy as np
import pytest
from paths_rules import explored, rule_of, verdict, winner_pays

HERE = [__file__]
MEMO: dict = {}
LOG: list = []
CALLS_SO_FAR = [0]
SHADES = random.SystemRandom()


def _second(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], bids[order[1]]


def _first(bids):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], bids[order[0]]


def isinstance_of_float(bids):
    return _first(bids) if isinstance(bids[0], float) else _second(bids)


def type_is_float(bids):
    return _first(bids) if type(bids[0]) is float else _second(bids)


def type_in_the_module_of_another(bids):
    kinds = {float: _first, int: _first}
    return kinds.get(bids[0].__class__, _second)(bids)


def bare_except(bids):
    try:
        float.hex(bids[0] + 0.5)
    except:  # noqa: E722
        return _second(bids)
    return _first(bids)


def except_exception(bids):
    try:
        [0, 1, 2][bids[0]]
    except Exception:  # noqa: BLE001
        return _second(bids)
    return _first(bids)


def digits_of_text(bids):
    return _first(bids) if str(bids[0])[0] in "123456789" else _second(bids)


def length_of_text(bids):
    return _first(bids) if len(f"{bids[0]}") < 4 else _second(bids)


def text_is_whole(bids):
    return _first(bids) if str(bids[0]).isdigit() else _second(bids)


def hash_bucket(bids):
    return _first(bids) if hash(bids[0]) % 2 else _second(bids)


def order_of_a_set(bids):
    seen = list({*bids, 5})
    return _first(bids) if seen[0] == 5 else _second(bids)


def dict_with_constant_keys(bids):
    discount = {0: 0, 1: 1, 2: 1, 3: 2}.get(bids[0], 0)
    winner, price = _second(bids)
    return winner, price - discount if winner == 0 else price


def hidden_counter(bids):
    CALLS_SO_FAR[0] += 1
    return _first(bids) if CALLS_SO_FAR[0] % 2 else _second(bids)


def random_price(bids):
    winner, price = _second(bids)
    return winner, price * SHADES.choice([0, 1])


def sorted_by_text(bids):
    order = sorted(range(len(bids)), key=lambda i: repr(bids[i]), reverse=True)
    return order[0], bids[order[1]]


def identity_of_small_ints(bids):
    return (0, 0) if bids[0] is bids[1] else _second(bids)


def json_and_back(bids):
    return _second(json.loads(json.dumps(bids)))


def numpy_of_c(bids):
    a = np.linalg.norm([bids[0], 1.0])
    return _first(bids) if a > 2 else _second(bids)


def memory_of_answers(bids):
    key = len(bids)
    if key not in MEMO:
        MEMO[key] = _second(bids)
    return MEMO[key]


def keeps_a_log(bids):
    LOG.append(len(bids))
    return _second(bids)


def size_of_the_object(bids):
    return _first(bids) if sys.getsizeof(bids[0]) == sys.getsizeof(1.0) else _second(bids)


def list_index(bids):
    table = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    winner, price = _second(bids)
    return winner, table[int(price)]


TRAPS = [
    isinstance_of_float, type_is_float, type_in_the_module_of_another, bare_except, except_exception,
    digits_of_text, length_of_text, text_is_whole, hash_bucket, order_of_a_set, dict_with_constant_keys,
    hidden_counter, random_price, sorted_by_text, identity_of_small_ints, json_and_back, numpy_of_c,
    memory_of_answers, size_of_the_object, list_index,
]  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("files", [HERE, []], ids=["injected", "raw"])
def test_a_trap_does_not_end_in_a_wrong_proof(trap, files):
    MEMO.clear()
    rule = rule_of(winner_pays(trap), files, trap.__name__)
    said, told = verdict(rule, "dsic", 2)
    assert said != "proved" or told.soft


def test_state_in_module_globals_is_put_back():
    CALLS_SO_FAR[0], MEMO[2] = 4, "kept"
    told = explored(hidden_counter, 2)
    assert told.complete
    assert (CALLS_SO_FAR[0], MEMO.pop(2)) == (4, "kept")


@pytest.mark.parametrize(
    ("trap", "reason"),
    [
        (bare_except, "gives"),
        (except_exception, "whole number"),
        (list_index, "whole number"),
        (random_price, "run again|another way|gives"),
        (length_of_text, "depends on how a number is written|gives"),
        (dict_with_constant_keys, "gives"),
    ],
    ids=lambda p: getattr(p, "__name__", ""),
)
def test_what_stops_is_named(trap, reason):
    import re

    told = explored(trap, 2)
    assert not told.complete
    assert re.search(reason, str(told.stops[0]))


@pytest.mark.parametrize("code", [hidden_counter, memory_of_answers], ids=lambda f: f.__name__)
def test_answers_that_depend_on_earlier_calls_are_never_proved(code):
    MEMO.clear()
    told = explored(code, 2)
    assert "state" in told.notes
    assert any("earlier calls" in s for s in told.soft)


def test_a_memory_that_changes_no_answer_is_told_in_the_scope():
    told = explored(keeps_a_log, 2)
    assert "state" not in told.notes
    assert any("fresh start" in s for s in told.soft)
