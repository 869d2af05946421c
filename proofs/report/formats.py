"""The formats an audit is written in, as data: an option of `strategyproof audit`, a function, a line about it.

Other packages add formats through the entry point group ``strategyproof.reports``: one entry for each name,
which leads to a function that makes text of a `Report`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mechanism.rule import Rule
    from proofs.verdict import Audit, Finding

GROUP = "strategyproof.reports"


@dataclass(frozen=True)
class Report:
    """All that a format may tell.

    Parameters
    ----------
    audits : sequence of Audit
    target : str
        What was audited, as it was given.
    interrupted : bool
        The audit was stopped before its end.
    file : str
        Where it is written to; empty when it is printed.
    rules : mapping of str to Rule
        The audited rules by id, where they are neither in the catalogue nor in a file.
    """

    audits: Sequence[Audit]
    target: str = ""
    seed: int = 0
    seconds: float = 0.0
    interrupted: bool = False
    file: str = ""
    rules: Mapping[str, Rule] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        return [finding for audit in self.audits for finding in audit.findings]


@dataclass(frozen=True)
class Format:
    """A format.

    Parameters
    ----------
    writer : str
        ``module:function``; the function makes text of a `Report`.
    help : str
    appended : bool
        The text is added at the end of the file.
    foreign : bool
        It is only about code that is audited with ``--as``.
    needs : str
        What a text that is worth having contains; ``lacks`` is told of one that does not.
    """

    writer: str
    help: str
    appended: bool = False
    foreign: bool = False
    needs: str = ""
    lacks: str = ""

    def text(self, report: Report) -> str:
        module, _, name = self.writer.partition(":")
        return getattr(import_module(module), name)(report)


FORMATS: dict[str, Format] = {
    "json": Format("proofs.report.json:text", "Write the findings as JSON"),
    "junit": Format(
        "proofs.report.junit:text",
        "Write a JUnit XML report: what is refuted fails, what is not decided is skipped, never passed",
    ),
    "sarif": Format(
        "proofs.report.sarif:text",
        "Write SARIF 2.1.0, with an error at the line of the mechanism for each refutation",
    ),
    "markdown": Format(
        "proofs.report.markdown:text",
        "Add a summary in Markdown to the end of the file, such as $GITHUB_STEP_SUMMARY",
        appended=True,
    ),
    "write-test": Format(
        "proofs.report.regression.file:text",
        "Of code audited with --as: write a plain pytest file that replays each counterexample without this toolkit",
        foreign=True,
        needs="\ndef test_",
        lacks="holds no test: no counterexample that a plain test can show was found",
    ),
}


def formats() -> Iterator[tuple[str, Format]]:
    """Every format by name, those of other packages included."""
    yield from FORMATS.items()
    for point in metadata.entry_points(group=GROUP):
        if point.name not in FORMATS:
            package: Any = point.dist.name if point.dist else point.value
            yield point.name, Format(point.value, f"Write the format of the package {package}")
