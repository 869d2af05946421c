"""A file of rules whose import does not come to an end is stopped, with one error."""

import threading
from pathlib import Path

import pytest

from mechanism.errors import InputError
from proofs import targets
from proofs.cli import main


def test_a_loop_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    (tmp_path / "loop.py").write_text("while True:\n    pass\n")
    monkeypatch.setattr(targets, "IMPORTING", 0.2)
    monkeypatch.chdir(tmp_path)
    for place in ("loop.py", "loop.py:rule", "loop:rule"):
        assert main(["audit", place]) == 2
        told = capsys.readouterr().err
        assert "importing it takes more than 0.2 s" in told
        assert "Traceback" not in told


def test_an_import_in_another_thread_has_no_alarm(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("x = 1\n")
    told: list[str] = []

    def work() -> None:
        with pytest.raises(InputError) as error:
            targets.load(f"{tmp_path / 'plain.py'}:x")
        told.append(str(error.value))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert "not a Rule" in told[0]
