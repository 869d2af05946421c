"""What a target may be called: functions, methods, objects and classes, in files and in modules."""

import time
from fractions import Fraction
from pathlib import Path

import pytest

from mechanism import Outcome
from mechanism.errors import InputError
from mechanism.targets.callee import Callee
from mechanism.targets.kinds import kind
from mechanism.targets.recognise import recognise
from mechanism.targets.rules import foreign_rule
from mechanism.targets.target import Target
from proofs import audit
from proofs.targets import prepared

HERE = Path(__file__).parent
FILE = f"{HERE}/named.py"
PLAIN, RESERVED = Outcome((0, 1), (0, 1)), Outcome((0, 1), (0, 3))


def called(function, *args, **keywords):
    return function(*args, **keywords)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("second", {}, PLAIN),
        ("second", {"reserve": 3}, RESERVED),
        ("short", {}, PLAIN),
        ("partial", {}, RESERVED),
        ("shop.sell", {}, RESERVED),
        ("bound", {}, RESERVED),
        ("shop", {}, RESERVED),
        ("Shop", {"reserve": 3}, RESERVED),
        ("Shop.sell", {"reserve": 3}, RESERVED),
        ("Shop.static", {}, PLAIN),
        ("Shop.of_class", {}, PLAIN),
        ("Branch", {}, RESERVED),
        ("Branch.sell", {}, RESERVED),
        ("Outer.Inner.run", {}, PLAIN),
        ("later", {}, PLAIN),
        ("yields_one", {}, PLAIN),
        ("yields_parts", {}, PLAIN),
        ("Made.result", {}, PLAIN),
    ],
)
def test_names(name, given, expected):
    told = tuple((n, Fraction(v)) for n, v in given.items())
    target = Target(f"{FILE}:{name}", kind("single-item"), told)
    reading = recognise(Callee(target), called)
    found = Callee(Target(target.place, target.kind, told, reading=reading))
    assert found.call([Fraction(1), Fraction(7)]) == expected


def test_an_installed_module():
    target = Target("statistics:median_low", kind("single-item"))
    assert Callee(target).function([3, 1, 2]) == 2


@pytest.mark.parametrize("name", ["Shop", "Shop.sell"])
def test_what_an_object_is_made_with_is_asked_for(name):
    told = "Shop is made with 'reserve'; write --param reserve=VALUE"
    with pytest.raises(InputError, match=told):
        Callee(Target(f"{FILE}:{name}", kind("single-item")))


@pytest.mark.parametrize("place", [FILE, f"{FILE}:"])
def test_a_file_alone_is_no_target(place):
    with pytest.raises(InputError, match=r"in .*named.py there are second, Shop, Branch, Outer"):
        prepared(place, {"as_": "single-item"})


SLOW = """
import time
def second(bids):
    time.sleep(0.2)
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    return order[0], bids[order[1]] if len(order) > 1 else 0
"""


def test_finding_out_the_form_is_part_of_the_budget(tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    with pytest.raises(
        InputError, match=r"slow.py:second: trying .* longer than the budget.*--budget"
    ):
        foreign_rule(f"{tmp_path}/slow.py:second", "single-item", until=time.monotonic() + 1.5)


def test_so_is_importing_it(tmp_path):
    (tmp_path / "endless.py").write_text("while True: pass\n")
    with pytest.raises(InputError, match="importing it takes longer than the budget"):
        audit(f"{tmp_path}/endless.py:f", as_="single-item", budget_seconds=0.5)
