"""What code imports and reads while it runs on symbols is what its calls import and read."""

import sys
import textwrap

import pytest

from mechanism.targets.foreign import foreign_of
from mechanism.targets.rules import foreign_rule
from proofs.engines.paths import engine
from proofs.question import Question
from proofs.refute import AFRESH
from properties.registry import property_of

HOUSE = """
import importlib
import json
from pathlib import Path

CALLS = 0


def ranked(bids):
    winner = max(range(len(bids)), key=lambda i: bids[i])
    return winner, max([b for i, b in enumerate(bids) if i != winner], default=0)


def premium_beside(bids):
    winner, price = ranked(bids)
    try:
        from their_premiums import premium
    except ImportError:
        return winner, price
    return winner, price + premium(price)


def price_beside(bids):
    from their_premiums import second

    return ranked(bids)[0], second(bids)


def rate_beside(bids):
    winner, price = ranked(bids)
    try:
        rate = json.loads((Path(__file__).parent / "rate.json").read_text())
    except OSError:
        return winner, price
    return winner, price + rate * price


def rate_here(bids):
    winner, price = ranked(bids)
    try:
        with open("rate.json") as file:
            rate = json.load(file)
    except OSError:
        return winner, price
    return winner, price + rate * price


def nowhere_import(bids):
    try:
        import their_nowhere
    except ImportError:
        return ranked(bids)


def nowhere_by_name(bids):
    try:
        importlib.import_module("their_nowhere")
    except ImportError:
        return ranked(bids)


def nowhere_open(bids):
    try:
        open("their_nowhere.json")
    except OSError:
        return ranked(bids)


def nowhere_path(bids):
    try:
        Path("their_nowhere.json").read_text()
    except OSError:
        return ranked(bids)


def counts(bids):
    global CALLS
    CALLS += 1
    winner, price = ranked(bids)
    return winner, bids[winner] if CALLS > 60 else price


def counts_beside(bids):
    from their_premiums import counted

    winner, price = ranked(bids)
    return winner, bids[winner] if counted() > 200 else price
"""

BESIDE = """
CALLS = 0


def premium(price):
    return price / 10 if price > 3 else 0


def second(bids):
    return sorted(bids)[-2] if len(bids) > 1 else 0


def counted():
    global CALLS
    CALLS += 1
    return CALLS
"""


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """The question whether a function is truthful, of two bidders."""
    folder = tmp_path / tmp_path.name  # sessions are kept by the text of the target
    folder.mkdir()
    (folder / "house.py").write_text(textwrap.dedent(HOUSE))
    (folder / "their_premiums.py").write_text(textwrap.dedent(BESIDE))
    for place in (folder, tmp_path):
        (place / "rate.json").write_text("1")
    monkeypatch.chdir(tmp_path)
    yield lambda name, wanted="dsic": Question(
        property_of(wanted).on(foreign_rule(f"{folder.name}/house.py:{name}", "single-item")),
        agents=(2, 2),
    )
    sys.modules.pop("their_premiums", None)


@pytest.mark.parametrize("name", ["premium_beside", "rate_beside", "rate_here"])
def test_what_is_found_beside_the_code_or_here_is_found_on_symbols(asked, name):
    before = list(sys.path)
    assert engine.decide(asked(name)).verdict == "refuted"
    assert sys.path == before


def test_a_module_imported_by_the_function_is_proved_with_it(asked):
    question = asked("price_beside")
    finding = engine.decide(question)
    assert finding.verdict == "proved"
    assert any(
        s.endswith("their_premiums.py") for s in foreign_of(question.obligation.rule).sources
    )


@pytest.mark.parametrize(
    "name", ["nowhere_import", "nowhere_by_name", "nowhere_open", "nowhere_path"]
)
def test_what_is_missing_ends_the_exploration_with_its_line(asked, name):
    why = engine.decide(asked(name))
    assert isinstance(why, str)
    line = 1 + HOUSE[: HOUSE.index("their_nowhere", HOUSE.index(name))].count("\n")
    assert f"house.py:{line}: " in why
    assert "Error: " in why


@pytest.mark.parametrize("name", ["counts", "counts_beside"])
def test_code_that_counts_its_calls_is_not_proved(asked, name):
    finding = engine.decide(asked(name))
    assert getattr(finding, "verdict", "") not in ("proved", "error")


def test_a_contradiction_that_no_fresh_process_shows_is_undecided(asked, monkeypatch):
    monkeypatch.setattr("proofs.engines.paths.validate.MANY", 0)
    finding = engine.decide(asked("counts"))
    assert (finding.verdict, finding.reason) == ("undecided", AFRESH)
