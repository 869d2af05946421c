"""What tests of the command line share."""

from pathlib import Path
from types import ModuleType

import pytest

from proofs.cli import main

ROOT = Path(__file__).parents[2]


class Engine(ModuleType):
    """In the place of `proofs.audit`: yields given findings, and keeps what it was asked."""

    def __init__(self, findings, end: BaseException | None = None) -> None:
        super().__init__("proofs.audit")
        self.findings, self.end, self.target, self.asked = findings, end, None, {}

    def audit_iter(self, target, *, progress, **asked):
        self.target, self.asked = target, asked
        for done, finding in enumerate(self.findings, 1):
            progress(finding, done, len(self.findings))
            yield finding
        if self.end is not None:
            raise self.end


def failing(capsys: pytest.CaptureFixture, *arguments: str) -> str:
    """The one message of a call that is wrong."""
    assert main(list(arguments)) == 2
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.out == ""
    return said.err
