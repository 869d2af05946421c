"""A pytest plugin: mechanisms checked as tests, with failures that are expected, and a count that is always told.

It is loaded by pytest wherever this project is installed, so it imports nothing that is heavy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from typing import Any

import pytest

from mechanism.errors import StrategyproofError
from proofs.checks import Check, Expected, checks_for, name_of

MARK = "strategyproof"
USAGE = (
    'strategyproof(mechanism=None, *, as_="single-item", properties=(), expected_failures=None, strict=False, ...): '
    "audit the marked function, or with `mechanism` that one in a test that takes `check`; further arguments are those "
    "of proofs.audit"
)
# In the order of the footer.
COUNTED = {
    "passed": "proved",
    "failed": "failed",
    "expected": "failed as expected",
    "skipped": "skipped",
}
# Whether anything in this session was to be checked; then the footer is there even if nothing ran.
_wanted: list[str] = []
# The check that runs now has done so, and with which outcome.
_ran: dict[str, str] = {}


def parametrize_with_checks(
    mechanisms: Sequence[Any],
    *,
    properties: Iterable[str] = (),
    expected_failures: Expected | None = None,
    strict: bool = False,
    **options: Any,
) -> pytest.MarkDecorator:
    """Parametrize a test over mechanisms and the checks for each.

    Parameters
    ----------
    mechanisms : sequence
        Functions, targets or rules: what `proofs.audit` takes.
    properties : iterable of str
        By default feasibility, dsic and ex-post-ir.
    expected_failures : mapping of str to str, or callable, optional
        For each property that is known to fail, the reason; or a function of the mechanism that tells. One that does
        not fail, fails the test.
    strict : bool
        What is not decided fails, instead of being skipped.
    **options
        Of `proofs.audit`, above all ``as_``.

    Examples
    --------
    ::

        @parametrize_with_checks([vickrey, "shop/auction.py:sealed"], as_="single-item")
        def test_auctions(mechanism, check):
            check(mechanism)
    """
    _wanted.append("parametrize_with_checks")
    told: dict[str, Any] = {"properties": tuple(properties), "expected_failures": expected_failures}
    try:
        cases = [
            pytest.param(mechanism, _Runner(check), id=f"{name_of(mechanism)}-{check.property}")
            for mechanism in mechanisms
            for check in checks_for(mechanism, strict=strict, **told, **options)
        ]
    except StrategyproofError as error:
        raise pytest.Collector.CollectError(f"parametrize_with_checks: {error}") from None
    return pytest.mark.parametrize(("mechanism", "check"), cases)


class _Runner:
    """A check as pytest sees it: called, it ends the test as it came out."""

    def __init__(self, check: Check, *bound: Any) -> None:
        self.check, self.bound = check, bound

    def __repr__(self) -> str:
        return f"<check of {self.check.property}>"

    def __call__(self, *mechanism: Any) -> None:
        __tracebackhide__ = True
        try:
            result = self.check.run(*(mechanism or self.bound))
        except StrategyproofError as error:
            _ran["outcome"] = "failed"
            pytest.fail(str(error), pytrace=False)
        _ran["outcome"] = result.outcome
        if result.outcome == "failed":
            pytest.fail(result.message, pytrace=False)
        if result.outcome == "expected":
            pytest.xfail(result.headline)
        if result.outcome == "skipped":
            pytest.skip(result.headline)


# --- functions that are marked -----------------------------------------------------------------


class _Item(pytest.Item):
    """One check of a function that is marked."""

    def __init__(self, *, runner: _Runner, **given: Any) -> None:
        super().__init__(**given)
        self.runner = runner

    def runtest(self) -> None:
        self.runner()

    def reportinfo(self) -> Any:
        return self.path, None, f"check {self.name}"


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    config.addinivalue_line("markers", USAGE)
    _wanted.clear()


def _marks(function: Any) -> list[pytest.Mark]:
    marks = getattr(function, "pytestmark", [])
    return [m for m in (marks if isinstance(marks, list) else [marks]) if m.name == MARK]


def _checks(mechanism: Any, mark: pytest.Mark) -> list[_Runner]:
    _wanted.append(MARK)
    try:
        return [_Runner(c, mechanism) for c in checks_for(mechanism, **mark.kwargs)]
    except (StrategyproofError, TypeError) as error:
        # Pytest tells of it in this one line, without where in pytest it came up.
        raise pytest.Collector.CollectError(
            f"@pytest.mark.strategyproof of {name_of(mechanism)}: {error}"
        ) from None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: Any, name: str, obj: Any) -> list[pytest.Item] | None:
    """A marked function becomes an item for each property; with a mechanism in the mark, it is a test."""
    if not callable(obj) or isinstance(obj, type):
        return None
    marks = [mark for mark in _marks(obj) if not mark.args]
    return [
        _Item.from_parent(collector, name=f"{name}[{runner.check.property}]", runner=runner)
        for mark in marks
        for runner in _checks(obj, mark)
    ] or None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test whose mark has a mechanism runs once for each property."""
    for mark in metafunc.definition.iter_markers(MARK):
        if "check" not in metafunc.fixturenames:
            raise pytest.Collector.CollectError(
                f"{metafunc.definition.nodeid}: a test with a mechanism in its mark takes `check`, and calls it"
            )
        runners = _checks(mark.args[0], mark)
        metafunc.parametrize("check", runners, ids=[r.check.property for r in runners])


# --- the count ---------------------------------------------------------------------------------


def _is_check(item: pytest.Item) -> bool:
    params = getattr(getattr(item, "callspec", None), "params", {})
    return isinstance(item, _Item) or isinstance(params.get("check"), _Runner)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Every check says what it came to; a test that passes without calling its check has checked nothing."""
    report = yield
    if not _is_check(item):
        return report
    if call.when == "setup":
        _ran.clear()
    if call.when == "call" and report.passed and not _ran:
        report.outcome = "failed"
        report.longrepr = "the test did not call its check, so that nothing was checked"
    if call.when == "call" or (call.when == "setup" and not report.passed):
        done = _ran.get("outcome", "skipped") if not report.failed else "failed"
        report.user_properties.append((MARK, done))
    return report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How many checks ran, and what became of them; also when none did."""
    reports = [r for several in terminalreporter.stats.values() for r in several]
    count = Counter(
        value
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == MARK
    )
    if not count and not _wanted:
        return
    ran = sum(count.values()) - count["skipped"]
    told = ", ".join(f"{count[key]} {word}" for key, word in COUNTED.items())
    terminalreporter.section("strategyproof")
    number = f"{ran} check{'' if ran == 1 else 's'} ran" if ran else "NO CHECK RAN"
    terminalreporter.line(f"{number}: {told}", red=bool(count["failed"]), yellow=not ran)
    if count["skipped"]:
        terminalreporter.line("Skipped is not passed; -rs tells why.")
