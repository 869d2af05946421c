"""Whatever code does costs one call: it is told, and the next one goes on."""

import sys
from fractions import Fraction
from pathlib import Path

import pytest

from mechanism.errors import InputError, NoOutcome
from mechanism.targets import program
from mechanism.targets.kinds import kind
from mechanism.targets.session import Session
from mechanism.targets.target import Reading, Target

HERE = Path(__file__).parent
PAIR = Reading(
    "fraction", (("", "bids"),), "list", (("who", "[0]", "id"), ("money", "[1]", "price"))
)
ONE, TWO = Fraction(1), Fraction(2)


def session(name, **limits):
    limits = {"seconds": 0.4, **limits}
    return Session(
        Target(f"{HERE}/breaking.py:{name}", kind("single-item"), reading=PAIR, **limits)
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("exits", "SystemExit: 3"),
        ("dies", "exit code 3"),
        ("segv", "SIGSEGV"),
        ("flood", "no answer within 0.4 s, with more than 1,000,000 characters printed"),
        ("eats", "MemoryError: more than the 2048 MB that it may take"),
        ("sleeps", "no answer within 0.4 s"),
        ("reads", "EOFError"),
    ],
)
def test_a_bad_call_costs_one_call(name, told):
    asked = session(name)
    try:
        before, bad, after = asked.answers([(ONE, TWO), (ONE, ONE), (TWO, ONE)])
        assert before.outcome.winners == (1,)
        assert bad.outcome is None
        assert told in bad.told
        assert after.outcome.winners == (0,)
        with pytest.raises(NoOutcome):
            asked.outcome((ONE, ONE))
    finally:
        asked.close()


def test_the_line_is_told():
    asked = session("reads")
    (answer,) = asked.answers([(ONE, ONE)])
    asked.close()
    assert "(breaking.py, line " in answer.told


def test_a_worker_is_gone_when_its_session_is_closed():
    asked = session("second_price")
    asked.answers([(ONE, TWO)])
    worker = asked.worker
    asked.close()
    assert worker.process.poll() is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import nosuchmodule\n", "line 1: ModuleNotFoundError"),
        ("def f(:\n", "line 1: SyntaxError"),
        ("import os\nos._exit(7)\n", r"ended the process \(exit code 7\)"),
        ("import sys\nsys.exit('no')\n", "line 2: SystemExit: no"),
        ("def g(bids): pass\n", "there is no 'f' in it"),
        ("f = 3\n", "is of type int"),
        (
            "import json\njson.loads('no')\n",
            r"line 2: JSONDecodeError: .* \(decoder.py, line \d+\)",
        ),
    ],
)
def test_imports_that_fail(text, told, tmp_path):
    (tmp_path / "broken.py").write_text(text)
    with pytest.raises(InputError, match=told):
        Session(Target(f"{tmp_path}/broken.py:f", kind("single-item"))).recognised()


def test_an_endless_import_ends(tmp_path, monkeypatch):
    monkeypatch.setattr("mechanism.targets.worker.START", 1.0)
    (tmp_path / "endless.py").write_text("while True: pass\n")
    with pytest.raises(InputError, match="takes more than"):
        Session(Target(f"{tmp_path}/endless.py:f", kind("single-item"), seconds=0.5)).recognised()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("wants", "what is to be given for 'reserve' and 'tax'.*; or write an adapter"),
        ("noargs", "takes no argument for the bids, .*; name a function that is given the bids"),
        ("hang", "no answer within 0.4 s"),
        ("none", "nothing is ever sold"),
        ("speechless", "<Speechless, whose repr raises ValueError>"),
        ("slippery", "looking at it raises RuntimeError"),
    ],
)
def test_what_cannot_be_read(name, told):
    asked = session(name)
    asked.target = Target(asked.target.place, kind("single-item"), seconds=0.4)
    with pytest.raises(InputError, match=told):
        asked.recognised()
    asked.close()


ANSWERS = """
import json, sys, time
for line in sys.stdin:
    bids = json.loads(line)["bids"]
    print(json.dumps({"winner": bids.index(max(bids)), "price": sorted(bids)[-2]}), flush=True)
"""
PROGRAMS = {
    "garbage": ("print('hello', flush=True)\ninput()\n", "which is not JSON"),
    "silent": ("import time\ntime.sleep(99)\n", "no answer within"),
    "twice": (
        ANSWERS + "    print('debug', flush=True)\n",
        "it printed a second line: 'debug'; a program is to",
    ),
    "later": (
        ANSWERS + "    time.sleep(0.005)\n    print('debug', flush=True)\n",
        "a second line: 'debug'; a pro",
    ),
    "once": (ANSWERS + "    break\n", "it exits after one answer; a program is to"),
    "falls": (
        ANSWERS + "    sys.exit('too late')\n",
        "it exits after one answer: too late; a program",
    ),
    "slow": (
        ANSWERS + "    time.sleep(0.2)\n    break\n",
        "it exits after one answer; a program is to",
    ),
    "thrice": (
        ANSWERS.replace("sys.stdin", "map(next, [sys.stdin] * 3)"),
        "it exits after 3 answers",
    ),
    "dying": ("import sys\ninput()\nsys.exit('no licence')\n", "no licence"),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_that_do_not_answer(name, tmp_path):
    import sys

    text, told = PROGRAMS[name]
    (tmp_path / "program.py").write_text(text)
    place = f"exec:{sys.executable} {tmp_path}/program.py"
    asked = Session(Target(place, kind("single-item"), seconds=1.0))
    with pytest.raises(InputError, match=told):
        asked.recognised()
    asked.close()


ENDLESS = """
import sys

for _ in sys.stdin:
    while True:
        {stream}.write("x" * 100_000)
"""


@pytest.mark.parametrize(
    ("stream", "told"),
    [
        ("sys.stdout", "it prints more than 1 MB without the end of a line"),
        ("sys.stderr", "it wrote 1 MB to its standard error"),
    ],
)
def test_a_program_that_writes_without_end_is_stopped(stream, told, tmp_path, monkeypatch):
    for limit in ("LINE", "COMPLAINTS"):
        monkeypatch.setattr(program, limit, 1 << 20)
    file = tmp_path / "endless.py"
    file.write_text(ENDLESS.format(stream=stream))
    asked = program.Program(f"{sys.executable} {file}", Target("exec:x", kind("single-item")))
    try:
        with pytest.raises(program.ProgramError, match=told):
            asked(bids=[1, 2])
    finally:
        asked.stop()
