"""Code that ends its process on some bids only: totality is refuted with them, and the rest is decided."""

import os
import time
from fractions import Fraction
from pathlib import Path

import pytest

from mechanism.targets import clock
from mechanism.targets.apart import Ended, Late, apart
from mechanism.targets.kinds import kind
from mechanism.targets.session import PATIENCE, GaveUp, Session
from mechanism.targets.target import Reading, Target
from proofs import audit
from proofs.report.text import audits_text
from proofs.verdict import Verdict

HERE = Path(__file__).parent
PAIR = Reading(
    "fraction", (("", "bids"),), "list", (("who", "[0]", "id"), ("money", "[1]", "price"))
)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("on_large", "exit code 3"),
        ("on_a_line", "SIGKILL"),
        ("often", "exit code 1"),
        ("in_c", "SIGSEGV"),
        ("on_memory", "MemoryError"),
    ],
)
def test_totality_is_refuted_by_the_bids_that_end_the_process(name, told):
    (found,) = audit(
        f"{HERE}/ending.py:{name}", as_="single-item", properties=["totality"], max_agents=2
    )
    (finding,) = found.findings
    assert finding.verdict is Verdict.REFUTED
    assert told in audits_text([found])


def test_what_is_proved_of_such_code_is_where_it_returns():
    (found,) = audit(
        f"{HERE}/ending.py:on_large", as_="single-item", properties=["dsic"], max_agents=2
    )
    (finding,) = found.findings
    assert finding.verdict is Verdict.PROVED
    assert "where the code returns; it raises EndsProcess: exit code 3" in finding.reason


def test_a_search_gives_up_after_some_hangs():
    asked = Session(
        Target(f"{HERE}/ending.py:hangs", kind("single-item"), reading=PAIR, seconds=0.1)
    )
    with pytest.raises(GaveUp, match=f"hung {PATIENCE}"):
        asked.answers([(Fraction(k), Fraction(k)) for k in range(1, 20)])
    asked.close()


def test_a_call_apart_is_told_from_one_that_ends():
    assert apart(lambda: 3, 1.0) == 3
    with pytest.raises(Ended, match="exit code 5"):
        apart(lambda: os._exit(5), 1.0)


def test_a_child_that_closes_everything_and_goes_on_is_killed(monkeypatch):
    monkeypatch.setattr("mechanism.targets.apart.GRACE", 0.2)

    def closing():
        os.closerange(3, 256)
        time.sleep(60)

    with pytest.raises(Ended, match="SIGKILL"):
        apart(closing, 1.0)


def test_standing_in_line_is_not_the_fault_of_a_call(monkeypatch):
    began = time.monotonic()
    monkeypatch.setattr(clock, "_spent", lambda pid: (0.0, time.monotonic() - began))

    def ring():
        raise Late

    with clock.ringing(0.05, clock.Clock(), ring):
        time.sleep(0.3)
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("busy", [True, False])
def test_a_call_that_computes_has_less_time_than_one_that_waits(busy):
    now = time.thread_time if busy else time.monotonic

    def ring():
        raise Late

    def call():
        with clock.ringing(0.1, clock.Clock(), ring):
            while busy:
                pass
            time.sleep(30)

    began = now()
    with pytest.raises(Late):
        call()
    assert now() - began >= (0.1 if busy else clock.WAITING * 0.1) - 0.01
