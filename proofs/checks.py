"""Checks for test suites: one property of one mechanism, and what an audit makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mechanism.errors import InputError
from properties.registry import DEFAULT, OF_MATCHINGS_CALLED, property_id, spelled_out

if TYPE_CHECKING:
    from proofs.verdict import Finding

Expected = Mapping[str, str] | Callable[[Any], Mapping[str, str]]


@dataclass(frozen=True)
class Result:
    """What a check came to.

    Parameters
    ----------
    outcome : str
        ``passed``, ``failed``, ``expected`` (it failed, and was expected to) or ``skipped``.
    message : str
        Verdict, scope and reason; a failure has the counterexample below it.
    """

    outcome: str
    message: str

    @property
    def headline(self) -> str:
        """The message without a counterexample."""
        return self.message.partition("\n")[0]


@dataclass
class Check:
    """A check; call it to run it.

    Parameters
    ----------
    property : str
    options : mapping
        Of `proofs.audit`.
    expected : str
        Why it is expected to fail; empty when it is not.
    strict : bool
        What is not decided fails, instead of being skipped.
    """

    property: str
    options: Mapping[str, Any] = field(default_factory=dict)
    expected: str = ""
    strict: bool = False

    def run(self, mechanism: Any) -> Result:
        """Audit a mechanism, and compare the verdict with what is expected.

        Raises
        ------
        InputError
            For a mechanism or options that do not fit.
        """
        from proofs.audit import audit
        from proofs.report.formats import Report
        from proofs.verdict import Verdict

        report = Report(audit(mechanism, properties=[self.property], **self.options))
        worst = max((f for f in report.findings if self._about(f)), key=_badness)
        message = _told(worst, report)
        if worst.verdict is Verdict.ERROR:
            return Result("failed", f"an error of strategyproof, not of the mechanism: {message}")
        if self.expected:
            if worst.against_claim:
                return Result("expected", f"{self.expected}; {message}")
            return Result("failed", f"expected to fail ({self.expected}), and did not: {message}")
        if worst.against_claim:
            return Result("failed", message)
        if worst.decided:
            return Result("passed", message)
        if worst.verdict is Verdict.NOT_APPLICABLE:
            return Result("skipped", message)
        return Result("failed" if self.strict else "skipped", f"not decided: {message}")

    def _about(self, finding: Finding) -> bool:
        """Whether a finding is about what the check asks; a reference brings others along."""
        return finding.property in (self.property, OF_MATCHINGS_CALLED.get(self.property))


def _badness(finding: Finding) -> tuple[bool, bool, bool]:
    from proofs.verdict import Verdict

    return finding.verdict is Verdict.ERROR, finding.against_claim, not finding.decided


def _told(finding: Finding, report: Any) -> str:
    from proofs.report import told

    parts = (told.headline(finding, report), told.counterexample(finding, report))
    return f"{told.name(finding)} " + "\n".join(filter(None, parts))


def checks_for(
    mechanism: Any,
    *,
    properties: Iterable[str] = (),
    expected_failures: Expected | None = None,
    strict: bool = False,
    **options: Any,
) -> list[Check]:
    """A check for each property.

    Parameters
    ----------
    mechanism : str, callable or Rule
        What `proofs.audit` takes.
    properties : iterable of str
        By default feasibility, dsic and ex-post-ir; and conformance, where something is compared with.
    expected_failures : mapping of str to str, or callable, optional
        For each property that is known to fail, the reason; or a function of the mechanism that tells.
    strict : bool
        What is not decided fails, instead of being skipped.
    **options
        Of `proofs.audit`.

    Raises
    ------
    InputError
        For a property that there is not, or a failure that is expected of one that is not checked.
    """
    compared = ("conformance",) if options.get("reference") or options.get("against") else ()
    names = [property_id(name) for name in spelled_out(properties) or (*DEFAULT, *compared)]
    told = expected_failures(mechanism) if callable(expected_failures) else expected_failures or {}
    expected = {property_id(name): reason for name, reason in told.items()}
    for name, reason in expected.items():
        if name not in names:
            raise InputError(f"{name} is expected to fail, but is not among the properties checked")
        if not reason:
            raise InputError(f"{name} is expected to fail: say why")
    return [Check(name, options, expected.get(name, ""), strict) for name in names]


def name_of(mechanism: Any) -> str:
    """What a mechanism is called in the name of a test."""
    if isinstance(mechanism, str):
        return mechanism
    return str(getattr(mechanism, "id", None) or getattr(mechanism, "__name__", mechanism))
