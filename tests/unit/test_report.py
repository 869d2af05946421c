"""What the user reads: the table, the counterexamples, the exit code and why."""

import io
import re
from dataclasses import replace
from importlib import import_module

import golden
import pytest
from report_samples import (
    AGAINST,
    ANY,
    AUDIT,
    BROKEN,
    BUNDLE,
    COALITION,
    DSIC,
    EVERY,
    EVERY_CASE,
    FALSE_NAME,
    PROVED,
    PUBLIC,
    REFUTED,
    SKIPPED,
    TIES_ANY,
    TRIO,
    TWO_SIDED,
    UNASKED,
    UNDECIDED,
    UNREFUTED,
    WITHOUT,
    finding,
)

from mechanism.registry import rule
from proofs import replay
from proofs.cli.exits import exit_code
from proofs.report import rows, story, text
from proofs.report.console import console
from proofs.report.emit import emit_smt2
from proofs.restore import obligation_of
from proofs.verdict import Verdict


def sentence(found) -> str:
    return story.sentence(found, obligation_of(found))


def cells(found) -> dict[str, list[str]]:
    grid = story.grid(found, obligation_of(found))
    return {head: [row[n] for row in grid.rows] for n, head in enumerate(grid.heads)}


def test_the_report() -> None:
    golden.check("report.txt", text.audits_text([AUDIT]))


def test_the_report_with_everything() -> None:
    golden.check("report-verbose.txt", text.audits_text([AUDIT], verbose=True))


@pytest.mark.parametrize("found", EVERY_CASE, ids=lambda c: f"{c.target}-{c.property}")
def test_counterexamples(found) -> None:
    golden.check(f"counterexample-{found.target}-{found.property}-{found.margin.denominator}.txt",
                 repr(replay(found)))  # fmt: skip


@pytest.mark.parametrize(
    "found", [*EVERY_CASE, TRIO, DSIC.robust], ids=lambda c: f"{c.target}-{c.property}"
)
def test_the_line_of_python_checks_the_counterexample_again(found) -> None:
    line = story.python_line(found)
    assert "\n" not in line
    first, _, call = line.partition("; ")
    names: dict = {}
    exec(first, names)
    again = eval(call, names)
    assert again.counterexample.instance == found.instance
    assert again.reproduced
    assert again.checked.margin == found.margin


def test_the_line_of_python_for_a_rule_that_is_in_no_file() -> None:
    mine = replace(rule("first-price"), id="mine")
    line = story.python_line(replace(DSIC, target="mine"), "mine")
    assert eval(line.partition("; ")[2], {"replay": replay, "mine": mine}).reproduced


def test_sentences() -> None:
    assert sentence(DSIC) == "Agent 0 gains 1 by misreporting: agent 0 reports 0 instead of 1."
    assert sentence(COALITION) == (
        "The coalition {0, 1} misreports jointly and gains 1 in total: agent 1 reports 0 instead of 1."
    )
    assert sentence(FALSE_NAME).startswith(
        "Agent 0 gains 2 by also taking part as 2: agent 0 reports "
    )
    assert sentence(WITHOUT) == "When agent 2 joins, revenue falls by 1."
    assert sentence(BUNDLE).endswith("agent 0 reports 1, {0} instead of 2, {0}.")


def test_a_violation_without_a_size() -> None:
    found = replace(DSIC, margin=None)
    assert sentence(found).startswith("Agent 0 gains an undefined amount")
    assert "undefined" in rows.evidence(replace(REFUTED, evidence=found), 1)


def test_tables() -> None:
    table = cells(DSIC)
    assert table["agent"] == ["0 (i)", "1"]
    assert table["truthful report"] == ["1", "0"]
    assert table["deviating report"] == ["0", "0"]
    assert table["wins"] == ["yes", "no"]
    assert table["pays"] == ["1 -> 0", "0"]
    assert table["utility before"] == ["0", "0"]
    assert table["utility after"] == ["1", "0"]


def test_the_columns_follow_the_worlds() -> None:
    assert list(cells(PUBLIC)) == ["agent", "value", "gets", "pays", "utility"]
    assert list(cells(WITHOUT))[2:] == [
        "truthful report",
        "gets",
        "pays",
        "utility before",
        "utility without",
    ]
    assert cells(WITHOUT)["utility without"][2] == "-"
    assert "trades" in cells(TWO_SIDED)
    assert cells(TWO_SIDED)["buyer"] == ["yes", "no"]
    # A false name has no value of its own, and its owner is left with what both names bring.
    assert cells(FALSE_NAME)["value"][2] == "-"
    assert cells(FALSE_NAME)["utility before"] == ["1", "0", "-"]
    assert cells(FALSE_NAME)["utility after"] == ["3", "0", "-"]


def test_tie_orders_are_told() -> None:
    told = story.circumstances(TIES_ANY, obligation_of(TIES_ANY))
    assert told[0] == "ties in world 'truth' go to 0 before 1 before 2"


def test_only_claims_and_what_was_asked_for_are_told_whole() -> None:
    told = text.audits_text([replace(AUDIT, findings=(UNASKED,))])
    assert "The payments miss zero by 1." in told
    assert "utility" not in told
    assert "utility" in text.audits_text([replace(AUDIT, findings=(replace(UNASKED, asked=True),))])


def test_unrefuted_is_never_shown_like_proved() -> None:
    assert text.STYLES[Verdict.UNREFUTED] != text.STYLES[Verdict.PROVED]
    told = text.audits_text([replace(AUDIT, findings=(UNREFUTED,))])
    assert "UNREFUTED" in told
    assert "no counterexample in 10,000 profiles" in told
    assert "PROVED" not in told.replace("UNREFUTED", "")
    assert text.counts([PROVED, UNREFUTED, UNREFUTED]) == "1 proved, 2 unrefuted"


def test_any_number_and_some_numbers_are_different_headlines() -> None:
    other = replace(PROVED, scope=UNREFUTED.scope)
    told = text.audits_text([replace(AUDIT, findings=(PROVED, other))])
    assert "any number of agents from 2" in told
    assert "2 to 4 agents" in told


def test_a_report_in_a_file_is_plain_ascii_without_colours() -> None:
    told = text.audits_text([AUDIT], verbose=True)
    assert told.isascii()
    assert "\x1b" not in told


def test_colours_on_a_terminal_unless_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def on_terminal() -> str:
        out = console(Terminal(), width=120)
        text.show_audits(out, [AUDIT])
        return out.file.getvalue()

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;32mPROVED" in on_terminal()
    assert "\x1b[1;31mREFUTED" in on_terminal()
    assert "\x1b[33mUNREFUTED" in on_terminal()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", on_terminal())


def test_brackets_are_text() -> None:
    odd = replace(PROVED, reason="b[i] [bold]")
    assert "b[i] [bold]" in text.audits_text([replace(AUDIT, findings=(odd,))])


@pytest.mark.parametrize("width", [20, 60, 100])
def test_narrow_terminals(width: int) -> None:
    out = console(io.StringIO(), width=width)
    text.show_audits(out, [AUDIT])
    assert "REFUTED" in out.file.getvalue() or width < 60


def test_the_names_of_the_package_are_the_functions() -> None:
    import_module("proofs.replay")
    import proofs

    assert proofs.replay is replay
    assert callable(replay)
    assert proofs.Verdict is Verdict
    with pytest.raises(AttributeError):
        _ = proofs.nothing


# --- exit codes ------------------------------------------------------------------------------------

WRONGLY_DOUBTED = replace(PROVED, claim="fails")
ASKED = replace(UNASKED, asked=True)


@pytest.mark.parametrize(
    ("findings", "strict", "code", "why"),
    [
        ([], False, 5, "no check ran"),
        ([SKIPPED], False, 5, "no check ran"),
        ([SKIPPED, PROVED], True, 0, "all that is claimed or asked for stands"),
        ([PROVED, REFUTED], False, 0, "all that is claimed or asked for stands"),
        ([AGAINST], False, 1, "dsic is claimed to hold, and is refuted"),
        ([ASKED], False, 1, "strong-budget-balance is asked for, and is refuted"),
        ([replace(REFUTED, asked=True)], False, 1, "asked for, and is refuted"),
        ([UNASKED], True, 0, "nothing is claimed"),
        ([WRONGLY_DOUBTED], False, 1, "ex-post-ir is claimed to fail, and is proved"),
        ([UNREFUTED], False, 0, "only with --strict"),
        ([UNREFUTED], True, 3, "anonymity: not decided"),
        ([UNDECIDED], True, 3, "efficiency: not decided"),
        ([replace(UNDECIDED, asked=False)], True, 0, "nothing is claimed"),
        ([AGAINST, UNREFUTED], True, 1, "refuted"),
        ([AGAINST, BROKEN], False, 2, "totality: ended in an error"),
        (EVERY, True, 2, "error"),
    ],
)
def test_exit_codes(findings, strict: bool, code: int, why: str) -> None:
    found, told = exit_code(findings, strict)
    assert found == code
    assert why in told


# --- SMT-LIB files ---------------------------------------------------------------------------------


def test_obligations_are_written(tmp_path) -> None:
    conditional = finding("dsic", Verdict.PROVED, PROVED.evidence, ANY, condition="k <= 2")
    (one, other) = emit_smt2(
        [replace(AUDIT, findings=(PROVED, REFUTED, conditional))], tmp_path / "new"
    )
    assert one.relative_to(tmp_path).as_posix() == "new/first-price/ex-post-ir/01-winner-i.smt2"
    assert other.parent.name == "dsic-k-le-2"
    assert one.read_text() == (
        "; first-price: ex-post-ir, any number of agents from 2\n; obligation: winner = i\n"
        "(assert false)\n(check-sat)\n"
    )
