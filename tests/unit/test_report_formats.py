"""Reports for other programs: JUnit, SARIF, Markdown."""

import json
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree as xml

import jsonschema
import pytest
from report_samples import (
    AGAINST,
    ANY,
    AUDIT,
    BROKEN,
    PROVED,
    REFUTED,
    SKIPPED,
    UNASKED,
    UNDECIDED,
    UNREFUTED,
    VACUOUS,
    finding,
)

from proofs.report import formats, junit, markdown, sarif
from proofs.report.formats import Report
from proofs.verdict import Audit, Verdict

SARIF = json.loads((Path(__file__).parent / "sarif_subset.json").read_text("utf-8"))
WRONGLY_DOUBTED = replace(PROVED, claim="fails")


def report(*findings, **more) -> Report:
    return Report([Audit("first-price", {}, findings or AUDIT.findings)], **more)


# --- the registry ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [n for n, f in formats.FORMATS.items() if not f.foreign])
def test_every_format_tells_every_kind_of_finding(name: str) -> None:
    told = formats.FORMATS[name].text(report(target="first-price"))
    assert told.endswith("\n")
    assert "dsic" in told


def test_another_package_adds_a_format(monkeypatch: pytest.MonkeyPatch) -> None:
    point = metadata.EntryPoint("mine", "proofs.report.json:text", formats.GROUP)
    monkeypatch.setattr(metadata, "entry_points", lambda group: [point] * (group == formats.GROUP))
    found = dict(formats.formats())
    assert [*found] == [*formats.FORMATS, "mine"]
    assert json.loads(found["mine"].text(report()))["schema"] == 1


# --- JUnit -----------------------------------------------------------------------------------------


def cases(*findings, **more) -> list[xml.Element]:
    return list(xml.fromstring(junit.text(report(*findings, **more)).encode()).iter("testcase"))


@pytest.mark.parametrize(
    ("found", "result", "why"),
    [
        (PROVED, None, None),
        (REFUTED, None, None),  # as claimed
        (AGAINST, "failure", "Agent 0 gains 1 by misreporting"),
        (replace(UNASKED, asked=True), "failure", "(asked for)"),
        (replace(REFUTED, asked=True), "failure", "(asked for)"),
        (WRONGLY_DOUBTED, "failure", "(claimed to fail by Krishna 2009)"),
        (UNASKED, "skipped", "REFUTED"),
        (UNREFUTED, "skipped", "UNREFUTED for 2 to 4 agents: no counterexample in 10,000 profiles"),
        (UNDECIDED, "skipped", "the resource limit was reached"),
        (VACUOUS, "skipped", "no two agents are alike"),
        (SKIPPED, "skipped", "NOT_APPLICABLE: agents do not simply win or lose"),
        (BROKEN, "error", "the replay disagrees"),
    ],
)
def test_only_what_is_decided_as_claimed_passes(found, result: str | None, why: str | None) -> None:
    (case,) = cases(found)
    children = {child.tag: child for child in case}
    if result is None:
        assert set(children) == {"system-out"}
        assert found.verdict.name in str(children["system-out"].text)
        return
    assert set(children) == {result}
    assert str(why) in children[result].attrib["message"]
    assert ("type" in children[result].attrib) == (result != "skipped")


def test_the_numbers_are_those_of_the_cases() -> None:
    root = xml.fromstring(junit.text(report(*AUDIT.findings, AGAINST, seconds=1.5)).encode())
    assert (root.tag, root.attrib["time"]) == ("testsuites", "1.500")
    (suite,) = root
    tests = suite.findall("testcase")
    for element in (root, suite):
        assert int(element.attrib["tests"]) == len(tests) == len(AUDIT.findings) + 1
        for number, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.attrib[number]) == len(suite.findall(f"testcase/{tag}"))
    # The order of the standard schema: properties before the cases.
    assert [child.tag for child in suite] == ["properties", *["testcase"] * len(tests)]


def test_a_claim_that_it_fails_is_not_called_by_the_name_of_the_property_alone() -> None:
    assert [case.attrib["name"] for case in cases(REFUTED, AGAINST)] == [
        "dsic (fails)",
        "dsic if k <= 2",
    ]


def test_a_failure_holds_the_counterexample() -> None:
    (case,) = cases(AGAINST)
    told = str(case[0].text)
    assert "utility before" in told
    assert "from proofs import replay; replay({" in told


def test_what_xml_cannot_hold_is_replaced() -> None:
    odd = finding("dsic", Verdict.UNDECIDED, reason="a\x00b\x1b[1m <&> \uffff")
    (case,) = cases(odd, target="exec:\x08")
    assert "a?b?[1m <&> ?" in case[0].attrib["message"]


# --- SARIF -----------------------------------------------------------------------------------------


def run(*findings, **more) -> dict:
    log = sarif.log(report(*findings, **more))
    jsonschema.validate(log, SARIF, cls=jsonschema.Draft202012Validator)
    return log["runs"][0]


def test_only_what_is_against_a_claim_is_a_result() -> None:
    found = run(*AUDIT.findings, AGAINST, WRONGLY_DOUBTED, replace(UNASKED, asked=True))
    results = found["results"]
    assert [r["ruleId"] for r in results] == ["dsic", "ex-post-ir", "strong-budget-balance"]
    assert {(r["kind"], r["level"]) for r in results} == {("fail", "error")}
    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    assert all(rules[r["ruleIndex"]] == r["ruleId"] for r in results)
    assert len(rules) == len(set(rules))


def test_what_is_not_decided_is_a_notification() -> None:
    (call,) = run(UNREFUTED, UNDECIDED, SKIPPED, PROVED)["invocations"]
    assert call["executionSuccessful"]
    told = [n["message"]["text"] for n in call["toolExecutionNotifications"]]
    assert [n["level"] for n in call["toolExecutionNotifications"]] == ["warning", "warning"]
    assert "UNREFUTED" in told[0]
    assert "the resource limit was reached" in told[1]


def test_an_error_of_the_program_is_told_as_such() -> None:
    (call,) = run(BROKEN)["invocations"]
    assert not call["executionSuccessful"]
    assert call["toolExecutionNotifications"][0]["level"] == "error"
    assert not run(PROVED, interrupted=True)["invocations"][0]["executionSuccessful"]


def test_a_result_points_at_the_function(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "my code").mkdir()
    (tmp_path / "my code" / "mine.py").write_text(
        "import os\n\n\ndef rule(bids):\n    return 0, 0\n"
    )
    monkeypatch.chdir(tmp_path)
    (result,) = run(AGAINST, target="my code/mine.py:rule")["results"]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "my%20code/mine.py"},
        "region": {"startLine": 4},
    }
    monkeypatch.chdir(tmp_path / "my code")
    (result,) = run(AGAINST, target=str(tmp_path / "my code" / "mine.py:rule"))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "mine.py"


def test_a_rule_of_the_catalogue_has_a_place_too() -> None:
    (result,) = run(AGAINST, target="first-price")["results"]
    where = result["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"].endswith("mechanism/rules/first_price.py")
    assert where["region"]["startLine"] > 1


def test_the_same_finding_is_the_same_alert() -> None:
    first, again, other = run(AGAINST, replace(AGAINST, scope=ANY), replace(AGAINST, condition=""))[
        "results"
    ]
    assert first["partialFingerprints"] == again["partialFingerprints"]
    assert first["partialFingerprints"] != other["partialFingerprints"]


# --- Markdown --------------------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_finding() -> None:
    lines = markdown.text(report()).splitlines()
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) == 2 + len(AUDIT.findings)
    assert {row.replace("\\|", "").count("|") for row in rows} == {7}
    assert "2 proved, 2 refuted, 1 unrefuted" in lines[-2]


def test_only_what_is_decided_is_in_bold() -> None:
    told = markdown.text(report(PROVED, UNREFUTED))
    assert "| **PROVED** |" in told
    assert "| UNREFUTED |" in told


def test_what_is_against_a_claim_opens_up() -> None:
    told = markdown.text(report(AGAINST, REFUTED))
    assert told.count("<details>") == 1
    assert "<summary>dsic: REFUTED for 2 agents: Agent 0 gains 1" in told
    assert "```text\nAgent 0 gains 1 by misreporting" in told


def test_what_was_only_asked_for_is_not_against_a_claim() -> None:
    asked = markdown.text(report(replace(AGAINST, claim="", asked=True)))
    assert "**REFUTED** (asked for) |" in asked
    assert "against the claim" not in asked
    assert "**REFUTED** (against the claim) |" in markdown.text(report(AGAINST))


def test_text_is_no_mark_up() -> None:
    odd = finding("dsic", Verdict.UNDECIDED, reason="a|b <b> `c` *d*\ne")
    told = markdown.text(Report([Audit("my_rule", {}, (odd,))]))
    assert "### my\\_rule" in told
    assert "a\\|b \\<b\\> \\`c\\`" in told
    assert "\\*d\\* e |" in told


# --- the command line ------------------------------------------------------------------------------


def test_the_files_are_written_beside_the_tables(tmp_path: Path, capsys, monkeypatch) -> None:
    from proofs.cli import main

    monkeypatch.setenv("STRATEGYPROOF_CACHE", str(tmp_path / "cache"))
    files = {name: tmp_path / f"out.{name}" for name, f in formats.FORMATS.items() if not f.foreign}
    options = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    call = ["audit", "first-price", "--property", "dsic", "--property", "ex-post-ir"]
    for times in (1, 2):
        assert main([*call, *options]) == 1
        assert "exit 1" in capsys.readouterr().out
        # A summary is added to; the others are written anew.
        assert files["markdown"].read_text().count("### first-price") == times
    xml.fromstring(files["junit"].read_bytes())
    jsonschema.validate(json.loads(files["sarif"].read_text()), SARIF)
    assert json.loads(files["json"].read_text())["audits"][0]["mechanism"] == "first-price"


def test_a_format_is_printed_in_place_of_the_tables(capsys, monkeypatch, tmp_path: Path) -> None:
    from proofs.cli import main

    monkeypatch.setenv("STRATEGYPROOF_CACHE", str(tmp_path / "cache"))
    call = ["audit", "first-price", "--property", "dsic"]
    assert main([*call, "--junit", "-"]) == 1  # asked for by name, and refuted
    assert xml.fromstring(capsys.readouterr().out.encode()).tag == "testsuites"
    assert main([*call, "--junit", "-", "--sarif", "-"]) == 2
    said = capsys.readouterr()
    assert "--junit - and --sarif -" in said.err
    assert said.out == ""


def test_a_format_for_code_is_refused_for_a_rule_before_anything_long_begins(capsys) -> None:
    from proofs.cli import main

    assert main(["audit", "first-price", "--write-test", "test_x.py"]) == 2
    assert "--write-test is for code that is audited with --as" in capsys.readouterr().err
