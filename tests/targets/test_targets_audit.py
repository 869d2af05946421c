"""Audits of somebody else's code: verdicts, conduct, conformance, matchings, replays, the command line."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from mechanism.errors import InputError
from mechanism.targets.foreign import foreign_of
from mechanism.targets.rules import foreign_rule
from proofs import matchings
from proofs.audit import audit
from proofs.refute import AFRESH
from proofs.replay import replay
from proofs.report.json import audits_from, document, schema
from proofs.report.json_evidence import counterexample_json
from proofs.verdict import Verdict

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "implementations"


def verdicts(target, setting, *properties, **options):
    (found,) = audit(target, as_=setting, properties=properties, max_agents=2, **options)
    return {f.property: f for f in found.findings}


def refuted(finding):
    """A refutation that another process confirms."""
    if finding.verdict is not Verdict.REFUTED:
        return False
    return replay(json.loads(json.dumps(counterexample_json(finding.evidence)))).reproduced


# --- settings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "setting", "parameters"),
    [
        ("FirstPriceAuction.resolve", "single-item", {"reserve_price": 2}),
        ("gsp", "slots:1,1/2", {}),
        ("clear", "double:1,1", {}),
        ("reverse_auction", "procurement", {}),
        ("greedy_combi", "combinatorial:1", {}),
    ],
)
def test_code_that_is_manipulable(name, setting, parameters):
    (found,) = verdicts(
        f"{HERE}/strangers.py:{name}", setting, "dsic", parameters=parameters
    ).values()
    assert refuted(found)


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("vickrey_from_objects", "single-item"),
        ("vcg_assign", "assignment:1"),
        ("pivotal", "public:2"),
    ],
)
def test_code_that_is_strategyproof(name, setting):
    (found,) = verdicts(f"{HERE}/strangers.py:{name}", setting, "dsic").values()
    assert found.verdict in (Verdict.PROVED, Verdict.UNREFUTED)


@pytest.mark.parametrize("name", ["rounded_share", "tenths", "thirds", "decimals"])
def test_rounding_is_no_defect(name):
    """Floats that miss the exact numbers by their last digits."""
    found = verdicts(f"{HERE}/floats.py:{name}", "single-item", "dsic", "ex-post-ir", agents=2)
    assert not [f.property for f in found.values() if f.verdict is Verdict.REFUTED]


def test_a_cheat_beyond_rounding_is_found():
    (found,) = verdicts(f"{HERE}/floats.py:cheats", "single-item", "ex-post-ir").values()
    assert refuted(found)
    assert found.scope.arithmetic == "float64, read to within 1e-9"


def test_the_reserve_in_the_code_is_tried():
    (found,) = verdicts(f"{SAMPLES}/bidders.py:reserve_forgotten", "single-item", "dsic").values()
    assert refuted(found)


def test_a_claim_decides():
    (found,) = audit(
        f"{HERE}/strangers.py:FirstPriceAuction.resolve", as_="single-item",
        claims={"dsic": "fails"}, properties=["dsic"], max_agents=1,
    )  # fmt: skip
    assert found.findings[0].claim == "fails"


def test_a_function_as_an_object():
    def highest(bids):
        return bids.index(max(bids)), max(bids)

    (found,) = audit(highest, as_="single-item", properties=["dsic"], max_agents=2)
    assert found.findings[0].verdict is Verdict.REFUTED
    assert replay(found.findings[0].evidence).reproduced


def test_a_function_needs_a_setting():
    with pytest.raises(InputError, match="--as"):
        audit(lambda bids: (0, 0))


# --- conduct ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "property"),
    [
        ("mutating", "unchanged-inputs"),
        ("counting", "repeatability"),
        ("stateful", "no-hidden-state"),
        ("tiring", "no-hidden-state"),
        ("lottery", "seed-independence"),
        ("hashy", "hash-independence"),
        ("zero", "totality"),
    ],
)
def test_conduct(name, property):
    (found,) = verdicts(f"{HERE}/misbehaving.py:{name}", "single-item", property).values()
    assert refuted(found)


CONDUCT = ("totality", "unchanged-inputs", "repeatability", "no-hidden-state", "seed-independence",
           "hash-independence")  # fmt: skip


@pytest.mark.parametrize("place", ["misbehaving.py:refusing", "strangers.py:chatty"])
def test_harmless_conduct(place):
    found = verdicts(f"{HERE}/{place}", "single-item", *CONDUCT, agents=2)
    assert {f.verdict for f in found.values()} <= {Verdict.PROVED, Verdict.UNREFUTED}


def test_a_crash_is_told_with_its_line():
    (found,) = verdicts(f"{HERE}/misbehaving.py:zero", "single-item", "totality").values()
    assert "ZeroDivisionError" in found.reason
    assert "(misbehaving.py, line " in found.reason


def test_a_lottery_is_said_to_be_one():
    (found,) = audit(
        f"{HERE}/misbehaving.py:lottery",
        as_="single-item",
        properties=["feasibility"],
        max_agents=2,
    )
    assert "randomised, audited for seed 0" in found.title


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import time\ndef f(bids): return bids.index(max(bids)), time.time_ns()", "answers vary"),
        ("import random\ndef f(bids): return bids.index(max(bids)), 0", "imports random numbers"),
    ],
)
def test_the_clock_is_no_lottery_and_a_lottery_that_never_shows_is_told(tmp_path, text, said):
    (tmp_path / "code.py").write_text(text)
    place = f"{tmp_path}/code.py:f"
    (found,) = audit(place, as_="single-item", properties=["feasibility"], max_agents=1)
    assert said in found.title
    assert "randomised" not in found.title


def test_edges_are_told():
    (found,) = audit(
        f"{HERE}/misbehaving.py:refusing", as_="single-item", properties=["totality"], max_agents=2
    )
    (note,) = found.notes
    assert "one bidder: refused, ValueError: two bidders please" in note
    assert "very large: an outcome" in note


def test_what_no_fresh_process_shows_is_no_refutation():
    (found,) = verdicts(
        f"{HERE}/misbehaving.py:counting", "single-item", "ex-post-ir", agents=2
    ).values()
    assert found.verdict is not Verdict.PROVED
    assert found.verdict is not Verdict.REFUTED or refuted(found)


# --- code that remembers ---------------------------------------------------------------------------


REMEMBERING = """
class Auction:
    def __init__(self):
        self.best = self.second = 0
        self.winner = None

    def run(self, bids):
        for i, bid in enumerate(bids):
            if bid > self.best:
                self.second, self.best, self.winner = self.best, bid, i
            elif bid > self.second:
                self.second = bid
        return self.winner, self.second

_AUCTION = Auction()

def sell(bids):
    return _AUCTION.run(bids)
"""


def test_code_that_remembers_is_judged_alike_whatever_else_is_asked(tmp_path):
    (tmp_path / "remembering.py").write_text(REMEMBERING)

    def asked(*names):
        place = f"{tmp_path / 'remembering.py'}:sell"
        (found,) = audit(
            place, as_="single-item", properties=names, max_agents=2, jobs=1, cache=False
        )
        return {f.property: (f.verdict, f.reason) for f in found.findings}

    together = asked("feasibility", "dsic", "ex-post-ir")
    assert together["dsic"] == (Verdict.UNDECIDED, AFRESH)
    assert together == asked("feasibility") | asked("dsic") | asked("ex-post-ir")


def test_a_replay_in_either_order(tmp_path):
    (tmp_path / "remembering.py").write_text(REMEMBERING)
    rule = foreign_rule(f"{tmp_path / 'remembering.py'}:sell", "single-item")
    session = foreign_of(rule).session
    low, high = (Fraction(0), Fraction(1)), (Fraction(0), Fraction(2))
    assert session.replayed([high, low]) is None
    answers = session.replayed([high])
    session.outcome(low)  # after which the code would say otherwise
    assert session.outcome(high) == answers[high].outcome
    assert answers[high].outcome.payments == (0, 0)


# --- matchings -------------------------------------------------------------------------------------

MATCHING = ("feasibility", "strategyproofness", "stability", "pareto-efficiency")


@pytest.mark.parametrize(
    ("name", "side", "fail"),
    [
        ("deferred_acceptance", "", set()),
        ("immediate_acceptance", "", set()),
    ],
)
def test_matchings_of_two_and_two(name, side, fail):
    found = verdicts(
        f"{SAMPLES}/schools.py:{name}", "matching", *MATCHING, agents="2..4", side=side
    )
    assert {p for p, f in found.items() if refuted(f)} == fail
    assert {f.verdict for p, f in found.items() if p not in fail} == {Verdict.PROVED}
    assert all(f.scope.domain.startswith("grid") for f in found.values())


@pytest.mark.slow
def test_with_three_on_a_side_receivers_gain_by_lies():
    found = verdicts(
        f"{SAMPLES}/schools.py:deferred_acceptance",
        "matching",
        "strategyproofness",
        side="receivers",
    )
    assert refuted(found["matching-strategyproofness"])


# --- reports and the command line ------------------------------------------------------------------


def test_json_keeps_everything():
    (found,) = audit(
        f"{SAMPLES}/lists.py:first_price", as_="single-item", properties=["dsic"], max_agents=2
    )
    told = json.loads(json.dumps(document([found])))
    jsonschema.validate(told, json.loads(schema()))
    (back,) = audits_from(told)
    assert back.notes == found.notes
    assert back.findings[0].evidence == found.findings[0].evidence


def run(*arguments, cwd=HERE):
    command = [sys.executable, "-m", "proofs", "audit", *arguments]
    if not (HERE.parents[1] / "proofs" / "__main__.py").exists():
        command = [str(Path(sys.executable).parent / "strategyproof"), "audit", *arguments]
    return subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NO_COLOR": "1"},
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nofile.py:f"], "there is no such file"),
        (["strangers.py:ebey"], "did you mean ebay?"),
        (["breaking.py:weird"], "from mechanism import Outcome"),
        (["strangers.py:ebay", "--param", "incremnt=2"], "did you mean increment?"),
        (["second-price"], "--as is for code"),
        (["strangers.py:ebay", "--reference", "second-prise"], "did you mean second-price"),
    ],
)
def test_mistakes(arguments, told):
    done = run(*arguments, "--as", "single-item", "--property", "dsic")
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_line():
    done = run("strangers.py:FirstPriceAuction.resolve", "--as", "single-item", "--param", "reserve_price=2",
               "--property", "dsic", "--max-agents", "2")  # fmt: skip
    assert done.returncode == 1
    assert "bids as a dict by id, Fractions; result as (winner, price)" in done.stdout


def test_a_program(tmp_path):
    place = f"exec:{sys.executable} {SAMPLES}/lines.py"
    (found,) = audit(place, as_="single-item", properties=["dsic", "totality"], max_agents=2)
    assert {f.verdict for f in found.findings} <= {Verdict.PROVED, Verdict.UNREFUTED}
    assert "bids as a list of JSON numbers; " in found.title


def test_too_many_preferences_are_not_waited_for(monkeypatch):
    monkeypatch.setattr(matchings, "ALL", 0.0)
    found = verdicts(f"{SAMPLES}/schools.py:deferred_acceptance", "matching", "stability")
    assert found["stability"].verdict is Verdict.UNDECIDED
    assert "no time for every profile" in found["stability"].reason


@pytest.mark.parametrize(("name", "property"), [("cents", "ex-post-ir"), ("as_text", "efficiency")])
def test_numbers_at_decimal_borders_are_tried(name, property):
    found = verdicts(f"{HERE}/picky.py:{name}", "single-item", property, agents="2..3")
    assert refuted(found[property])


@pytest.mark.parametrize("name", ["single_precision", "thirty_two_bits"])
def test_numbers_that_need_more_bits_are_tried(name):
    found = verdicts(f"{HERE}/picky.py:{name}", "single-item", "efficiency", agents="2..2")
    assert refuted(found["efficiency"])


def test_doubles_are_no_violation():
    wanted = ("dsic", "anonymity")
    found = verdicts(f"{HERE}/picky.py:double_precision", "single-item", *wanted, agents="2..2")
    assert {f.verdict for f in found.values()} == {Verdict.UNREFUTED}


CROWD = """
import json, sys

for line in sys.stdin:
    bids = json.loads(line)["bids"]
    if len(bids) == 3:
        sys.exit("three is a crowd")
    print(json.dumps([bids.index(max(bids)), sorted(bids)[-2] if len(bids) > 1 else 0]), flush=True)
"""


def test_a_program_that_takes_only_some_numbers_of_bidders(tmp_path):
    (tmp_path / "crowd.py").write_text(CROWD)
    place = f"exec:{sys.executable} {tmp_path}/crowd.py"
    rule = foreign_rule(place, "single-item")
    assert "3 bidders: ProgramError: it ends with exit code 1" in rule.summary
    assert "three is a crowd" in rule.summary
    found = verdicts(place, "single-item", "ex-post-ir", agents="2..3")["ex-post-ir"]
    assert found.verdict is Verdict.UNREFUTED
    assert "none with 3 agents meets the premises" in found.evidence.detail


def test_what_is_proved_of_code_that_takes_only_some_numbers_of_bidders():
    found = verdicts(f"{HERE}/picky.py:no_three", "single-item", "dsic", agents="1..3")
    assert (found["dsic"].verdict, found["dsic"].scope.agents) == (Verdict.PROVED, (1, 2))
    assert "three is a crowd" in found["dsic"].reason
