"""The whole program: its output, how it is told to end, and audits from end to end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ROOT, failing

from proofs import replay
from proofs.cli import main

pytestmark = pytest.mark.usefixtures("own_cache")


def test_an_unknown_command_suggests(capsys) -> None:
    message = failing(capsys, "adit", "first-price")
    assert "did you mean audit" in message


def shell(arguments: str) -> subprocess.CompletedProcess:
    """Run the command line in a shell, which sends its output somewhere."""
    program = "import sys; from proofs.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        f'"{sys.executable}" -c "{program}" {arguments}',
        shell=True, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("arguments", ["list", "audit second-price --property dsic --jobs 1"])
def test_a_full_output_is_one_error(arguments: str) -> None:
    done = shell(f"{arguments} > /dev/full")
    assert done.returncode == 2
    assert done.stderr == "Error: standard output cannot be written: No space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that can close files")
def test_a_closed_output_is_one_error() -> None:
    done = shell("list >&-")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: standard output is closed")
    assert len(done.stderr.splitlines()) == 1


def test_a_closed_pipe_is_no_error() -> None:
    program = "import sys; from proofs.cli import main; sys.exit(main(['list']))"
    with subprocess.Popen(
        [sys.executable, "-u", "-c", program],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(20) == 141
    assert errors == b""


def test_a_terminal_without_unicode(tmp_path: Path) -> None:
    program = "import sys; from proofs.cli import main; sys.exit(main(['show', 'second-price']))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert b"with j != winner" in done.stdout


def test_what_is_printed_without_unicode_can_be_pasted_back() -> None:
    program = "import sys; from proofs.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, "audit", "kth-price", "--property", "dsic"], cwd=ROOT,
        capture_output=True, check=True, timeout=60, text=True, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("from proofs import"))
    assert "'condition': 'k != 2'" in line
    _, _, call = line.partition("; ")
    assert eval(call, {"replay": replay}).reproduced


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_what_was_found_is_kept_when_the_process_is_told_to_end(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    program = (
        "import signal, sys, time, types\n"
        # Jobs in the background are started with Ctrl-C ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from report_samples import AGAINST\n"
        "engine = types.ModuleType('proofs.audit')\n"
        "def audit_iter(target, **asked):\n"
        "    yield AGAINST\n"
        "    print('ready', file=sys.stderr, flush=True)\n"
        "    time.sleep(60)\n"
        "engine.audit_iter = audit_iter\n"
        "sys.modules['proofs.audit'] = engine\n"
        "from proofs.cli import main\n"
        "sys.exit(main(['audit', 'first-price', '--json', sys.argv[1]]))\n"
    )
    file = tmp_path / "out.json"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(file)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr.readline() == "ready\n"
        process.send_signal(sent)
        process.send_signal(sent)  # as `timeout` does, and an impatient user
        told, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert errors == ""
    assert "Agent 0 gains 1" in told
    assert json.loads(file.read_text())["interrupted"] is True


def test_from_end_to_end(tmp_path: Path, capsys) -> None:
    smt2, cases = str(tmp_path / "smt2"), str(tmp_path / "cases")
    asked = [
        "--property",
        "strategyproofness",
        "--property",
        "individual-rationality",
        "--no-cache",
    ]
    assert main(["audit", "first-price", *asked, "--emit-smt2", smt2, "--save", cases]) == 1
    told = capsys.readouterr().out
    assert "any number of agents from 2" in told
    assert "Agent 0 gains 1 by misreporting: agent 0 reports 0 instead of 1." in told
    assert told.endswith("\nexit 1: dsic is asked for, and is refuted\n") or "claimed" in told
    assert "(check-sat)" in next(Path(smt2).rglob("*.smt2")).read_text()
    assert main(["replay", str(next(Path(cases).iterdir()))]) == 1


def test_a_list_of_rules_in_a_file_from_end_to_end(rule_file: Path, tmp_path: Path, capsys) -> None:
    cases = str(tmp_path / "cases")
    assert main(["audit", f"{rule_file}:BOTH", "--property", "dsic", "--save", cases]) == 1
    told = capsys.readouterr().out
    assert "\nsecond-price: " in told
    assert f"{rule_file}:BOTH[0]" in told
    assert main(["replay", str(next(Path(cases).iterdir()))]) == 1
    # The same rule in another file is another target, also when the answer comes from the cache.
    copy = rule_file.rename(rule_file.with_name("copy.py"))
    capsys.readouterr()
    assert main(["audit", f"{copy}:MINE", "--property", "dsic"]) == 1
    assert f"{copy}:MINE" in capsys.readouterr().out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("option", ["--json", "--junit", "--markdown"])
def test_a_full_disk_is_named(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "second-price", "--property", "dsic", option, "/dev/full"]) == 2
    assert "Error: /dev/full: cannot be written" in capsys.readouterr().err
