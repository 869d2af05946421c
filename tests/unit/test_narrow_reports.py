"""Reports where there is little room, under other tie policies, and of small numbers."""

import io
from dataclasses import replace

import pytest
from report_samples import AGAINST, PROVED

from proofs.report.console import console
from proofs.report.text import audits_text, show_audits
from proofs.verdict import Audit, counted

AUDIT = Audit("first-price", {}, (AGAINST, PROVED), "First-price auction")


@pytest.mark.parametrize("width", [20, 40, 79])
def test_nothing_is_cut_off(width: int) -> None:
    out = console(io.StringIO(), width=width)
    show_audits(out, [AUDIT])
    lines = out.file.getvalue().splitlines()
    whole = "".join("".join(lines).split())
    for finding in AUDIT.findings:
        for part in (finding.property, finding.verdict.name, str(finding.scope)):
            assert "".join(part.split()) in whole
    assert "…" not in whole
    # The line of Python is one to paste.
    assert all(len(line.rstrip()) <= width for line in lines if not line.startswith("from proofs"))


@pytest.mark.parametrize("ties", ["lowest-index", "highest-index", "any"])
def test_the_headline_says_how_ties_fall(ties: str) -> None:
    finding = replace(PROVED, scope=replace(PROVED.scope, ties="any"))
    told = audits_text([replace(AUDIT, ties=ties, findings=(finding,))])
    assert f"ties: {ties} unless stated" in told
    assert (", ties: any" in told) is (ties != "any")


def test_one_agent() -> None:
    assert [counted(n, "agent") for n in (0, 1, 2)] == ["0 agents", "1 agent", "2 agents"]
