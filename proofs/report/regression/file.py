"""Counterexamples of foreign code as a plain pytest file, which needs that code and nothing of this project.

Each test fails as long as the counterexample is one.
"""

from __future__ import annotations

import re
import textwrap
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mechanism.errors import InputError, NoOutcome
from mechanism.outcome import Outcome
from mechanism.targets.answer import LATE
from mechanism.targets.arguments import call_with
from mechanism.targets.foreign import foreign_of
from mechanism.targets.target import Target
from proofs.counterexample import Counterexample, table
from proofs.report import story
from proofs.report.formats import Report
from proofs.report.regression import matchings
from proofs.report.regression.claims import Call, Seen, assertions, utility
from proofs.report.regression.opening import WITHIN, imports, opening
from proofs.report.regression.reading import HELPERS, reading
from proofs.report.text import counterexample_in
from proofs.report.versions import own_version
from proofs.restore import obligation_of
from proofs.verdict import Finding, Verdict
from properties.check import referee
from properties.property import Obligation


def text(report: Report) -> str:
    """The report as a file of tests.

    Raises
    ------
    InputError
        When what was audited is no foreign code.
    """
    refuted = [f for f in report.findings if _told(f)]
    targets = {_target(f, report) for f in refuted}
    if None in targets:
        raise InputError(
            "--write-test: tests are written for code that is audited with --as; for a rule, --save a "
            "counterexample and `strategyproof replay` it"
        )
    head = f'"""What strategyproof {own_version()} found about {report.target}'
    if not refuted:
        return f'{head}: no counterexample, so there is nothing to replay."""\n'
    (target,) = targets
    assert target is not None
    made = {f.property: _test(f, target, report) for f in refuted}
    tests = [test for test in made.values() if test]
    left = [name for name, test in made.items() if not test]
    folder = Path(report.file).resolve().parent if report.file else Path.cwd()
    start, body = opening(target, folder), [*_helpers(target, "".join(tests)), *tests]
    needed = imports("\n".join([start, *body]))
    doc = f"{head} (as {target.kind}).\n\nEach test fails until its counterexample is none. Plain pytest, and the code itself, is all it needs.\n"
    if left:
        doc += f"Not told here, but by `strategyproof replay`: {', '.join(left)}.\n"
    return f'{doc}"""\n\n{needed}\n\n' + "\n\n\n".join([start, *body]) + "\n"


def _told(finding: Finding) -> bool:
    """Only what is against a claim or a request; a test of what nobody wants would only ever fail."""
    return (
        finding.verdict is Verdict.REFUTED
        and finding.against_claim
        and counterexample_in(finding) is not None
    )


def _target(finding: Finding, report: Report) -> Target | None:
    found = counterexample_in(finding)
    assert found is not None
    foreign = foreign_of(obligation_of(found, report.rules.get(finding.mechanism)).rule)
    return None if foreign is None else foreign.target


# --- tests -------------------------------------------------------------------------------------


def _helpers(target: Target, tests: str) -> list[str]:
    """The functions that the tests call, and those that these call."""
    made = []
    if "outcome(" in tests:
        made.append(str(reading(target)))
    if "utility(" in tests:
        made.append(str(utility(target)))
    if target.kind.id == "matching":
        made += matchings.helpers(target, tests)
    if "within(" in tests:
        made.append(WITHIN)
    needed = "".join([tests, *made])
    for name in ("by_id", "column"):
        needed += HELPERS[name] if f"{name}(" in needed else ""
    return [*(piece for name, piece in HELPERS.items() if f"{name}(" in needed), *made]


def _test(finding: Finding, target: Target, report: Report) -> str:
    """A test, or nothing for what a plain test cannot show."""
    found = counterexample_in(finding)
    assert found is not None
    obligation = obligation_of(found, report.rules.get(finding.mechanism))
    lines = assertions(_seen(obligation, found, target))
    if not lines or ("outcome(" in "".join(lines) and reading(target) is None):
        return ""
    said = story.sentence(found, obligation).replace('"', "'")
    doc = textwrap.fill(f"{finding.property}: {said}", 100, subsequent_indent="    ")
    name = re.sub(r"\W+", "_", finding.property)
    body = "".join(f"    {line}\n" for line in (f'"""{doc}"""', *lines))
    return f"def test_{name}():\n{body}".rstrip()


def _seen(obligation: Obligation, found: Counterexample, target: Target) -> Seen:
    """What a test is made of: the calls in each world, what they gave, and what is true of the agents."""
    read, foreign = referee(obligation, found.instance), foreign_of(obligation.rule)
    assert foreign is not None
    (b,) = obligation.rule.reports
    made = Seen(obligation.property.id, target, dict(found.instance.roles))
    made.values = list(found.instance.tables[b.truth.name])
    made.expected = _due(obligation, found)
    for world in obligation.worlds.values():
        reports = foreign.request(read, world)
        made.calls.append(_call(target, reports))
        made.split = len(reports[0]) if target.kind.id == "matching" else 0
        made.hangs |= foreign.session.answers([reports])[0].trouble == LATE
        with suppress(NoOutcome):
            made.outcomes.append(foreign.session.outcome(reports))
    return made


def _due(obligation: Obligation, found: Counterexample) -> Outcome | None:
    """What a reference gives, where there is one and it has an outcome."""
    if (reference := obligation.property.reference) is None:
        return None
    rows = table(replace(obligation, rule=reference), found.instance)
    got = [v for row in rows for v in row.gets.values()]
    paid = [v for row in rows for v in row.pays.values()]
    if len(got) < len(rows):
        return None
    return Outcome(got[0] if obligation.rule.setting.id == "public" else tuple(got), tuple(paid))


def _call(target: Target, reports: tuple) -> Call:
    """A call, with whole numbers as such where the code takes fractions, too."""
    reading = target.reading
    assert reading is not None
    numbers = "int" if reading.numbers == "fraction" else reading.numbers
    args, keywords, names = call_with(target, reading.arguments, reading.style, numbers, reports)
    return Call(args, keywords, names.agents, names.goods)
