"""``strategyproof audit``: check what is claimed of a mechanism, with evidence."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mechanism.errors import InputError
from proofs.cli import foreign, options, reports

if TYPE_CHECKING:
    from mechanism.rule import Rule
    from proofs.report.formats import Report
    from proofs.verdict import Audit, Finding


@click.command("audit", short_help="Check what is claimed of a mechanism, with evidence.")
@click.argument("target")
@click.option(
    "--property",
    "properties",
    multiple=True,
    metavar="ID",
    help="Only this property; repeatable. What is asked for by name decides the exit code, too. `conduct` stands for all of how code behaves.",
)
@click.option(
    "--agents",
    type=options.AgentsType(),
    metavar="N|A..B|any",
    help="Exactly N agents, a range, or every number. By default, every number if that can be proved, else as far as --max-agents.",
)
@click.option(
    "--max-agents",
    metavar="N",
    type=click.IntRange(1),
    default=4,
    show_default=True,
    help="How far the checks for fixed numbers of agents go.",
)
@click.option(
    "--budget",
    type=options.Seconds(),
    help="Seconds for the whole audit; what is not finished then is UNDECIDED.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1),
    default=lambda: os.cpu_count() or 1,
    show_default="as many as there are cores",
    help="How many processes work at the same time.",
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    help="For solvers and searches.",
)
@click.option(
    "--param",
    "parameters",
    type=options.Parameter(),
    multiple=True,
    callback=options.unique,
    help="Fix a parameter; repeatable. VALUE is a number (3, 3/7, 0.1), yes or no, a list (1,2,3; rows by ';'), or functions such as 'uniform(0,10); uniform(0,20)'.",
)
@foreign.options
@click.option(
    "--ties",
    type=click.Choice(["lowest-index", "highest-index", "any"]),
    help="How ties fall, instead of the rule's own policy.",
)
@click.option(
    "--coalition",
    metavar="N",
    type=click.IntRange(1, 5),
    default=2,
    show_default=True,
    help="The largest coalition considered.",
)
@click.option(
    "--emit-smt2",
    "smt2",
    metavar="DIR",
    callback=options.writable_folder,
    help="Write the obligations of every proof as SMT-LIB files, for any other solver.",
)
@reports.report_options
@click.option(
    "--save",
    metavar="DIR",
    callback=options.writable_folder,
    help="Write each counterexample to a JSON file of its own, for `replay`.",
)
@click.option(
    "--strict", is_flag=True, help="Exit with 3 when something claimed or asked for is not decided."
)
@click.option("--no-cache", is_flag=True, help="Neither read nor keep findings in the proof cache.")
@click.option(
    "--verbose",
    "-v",
    is_flag=True,
    help="Show every counterexample whole and as JSON, and the steps of every proof.",
)
def command(target: str, **given: Any) -> int:  # fmt: skip
    """Audit TARGET: an id of the catalogue (`strategyproof list`), path/file.py:NAME, or
    package.module:NAME.

    Without --property, every property that applies is shown, but only claims decide the exit code; a rule
    without claims is asked for feasibility, dsic and ex-post-ir. Each refutation comes with a sentence, a
    table and a line of Python that checks it again; as JSON it is written by --json and --save, and shown
    by --verbose.

    \b
    Exit codes, the first that applies:
      2  an error in the call, or of the program
      1  something claimed to hold, or asked for, is refuted; or a claim that it fails is proved wrong
      3  with --strict, something claimed or asked for is not decided
      5  nothing could be checked, because no property applies
      0  otherwise; 130 when interrupted, 143 by SIGTERM, 129 by SIGHUP: what was found until then is printed and saved
    """  # noqa: D301  (\b is for click)
    from proofs import cache
    from proofs.deadline import ending
    from proofs.report.formats import Report
    from proofs.verdict import grouped

    # Hypothesis would leave a folder of its own in the user's.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(cache.folder() / "hypothesis"))
    files = reports.wanted(given)
    began = time.monotonic()
    given["deadline"] = ending(given["budget"])  # finding out how code is read is part of it
    rules = prepared(target, given)
    findings, ended = run(rules[0] if given["as_"] else target, given)
    audits, seconds = grouped(rules, findings), time.monotonic() - began
    report = Report(audits, target, given["seed"], seconds, interrupted=bool(ended))
    if ended:  # the terminal may be gone
        _save(report, files, given)
        return _print(report, files, given, ended)
    code = _print(report, files, given, ended)
    _save(report, files, given)
    _report_errors(findings)
    return code


def prepared(target: str, given: dict[str, Any]) -> list[Rule]:
    """The rules with their parameters fixed; what does not fit is said before anything long begins."""
    from proofs import targets
    from properties.registry import property_of, spelled_out

    for name in spelled_out((*given["properties"], *given["claims"])):
        property_of(name)
    fixed = targets.prepared(target, given)
    for rule in fixed:
        if isinstance(given["agents"], tuple) and given["agents"][1] < rule.min_agents:
            raise InputError(f"--agents: {rule.id} is meant for {rule.min_agents} agents or more")
    return fixed


def run(target: str | Rule, given: dict[str, Any]) -> tuple[list[Finding], int]:
    """Every finding made, and the exit code if the audit was interrupted before its end, else 0."""
    from proofs.audit import audit_iter
    from proofs.cli.ending import exit_code
    from proofs.cli.progress import Bar
    from proofs.deadline import left

    findings: list[Finding] = []
    try:
        with Bar() as bar:
            found = audit_iter(
                target,
                properties=given["properties"] or None,
                agents=given["agents"],
                max_agents=given["max_agents"],
                budget_seconds=left(given["deadline"]),
                jobs=given["jobs"],
                seed=given["seed"],
                parameters=given["parameters"],
                ties=given["ties"],
                reference=given["reference"],
                against=given["against"],
                coalition=given["coalition"],
                # The cache holds findings without the texts of their obligations.
                cache=not given["no_cache"] and not given["smt2"],
                progress=bar,
            )
            for finding in found:
                findings.append(finding)
    except KeyboardInterrupt as end:
        return findings, exit_code(end)
    return findings, 0


def _print(report: Report, files: dict[str, str], given: dict[str, Any], ended: int) -> int:
    """Print the report, or another format in its place; the exit code."""
    from proofs.cli.exits import exit_code
    from proofs.report import text
    from proofs.report.console import console

    code, why = exit_code(report.findings, given["strict"])
    if ended:
        code, why = ended, "interrupted; this is what was found until then"
    if (other := reports.printed(files, report)) is not None:
        click.echo(other.removesuffix("\n"))
        return code
    out = console()
    text.show_audits(out, report.audits, verbose=given["verbose"])
    out.print()
    out.print(f"{text.counts(report.findings)}; {report.seconds:.1f} s, seed {report.seed}")
    out.print(f"exit {code}: {why}")
    return code


def _save(report: Report, files: dict[str, str], given: dict[str, Any]) -> None:
    """Write the files that were asked for."""
    try:
        reports.save(files, report)
        if given["save"]:
            for path in _save_counterexamples(report.audits, Path(given["save"])):
                click.echo(f"strategyproof replay {path}", err=True)
        if given["smt2"]:
            from proofs.report.emit import emit_smt2

            number = len(emit_smt2(report.audits, given["smt2"]))
            click.echo(f"{number} SMT-LIB files in {given['smt2']}", err=True)
    except OSError as error:
        raise InputError(f"{error.filename}: cannot be written: {error.strerror}") from error


def _save_counterexamples(audits: Sequence[Audit], folder: Path) -> list[Path]:
    import json

    from proofs.report.emit import file_name
    from proofs.report.json_evidence import counterexample_json
    from proofs.report.text import counterexample_in

    written = []
    for audit in audits:
        for finding in audit.findings:
            found = counterexample_in(finding)
            if found is None:
                continue
            folder.mkdir(parents=True, exist_ok=True)
            path = (
                folder / f"{file_name(audit.mechanism, finding.property, finding.condition)}.json"
            )
            path.write_text(json.dumps(counterexample_json(found), indent=2) + "\n", "utf-8")
            written.append(path)
    return written


def _report_errors(findings: list[Finding]) -> None:
    """An engine's bug is no verdict: leave what is needed to report it."""
    from proofs.cli.bundle import bundle
    from proofs.verdict import Verdict

    broken = [f for f in findings if f.verdict is Verdict.ERROR]
    if broken:
        click.echo(
            "ERROR is a bug in strategyproof, not a verdict about your auction. Please report it with "
            f"this file: {bundle({'findings': [repr(f) for f in broken]})}",
            err=True,
        )
