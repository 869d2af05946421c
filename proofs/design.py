"""An optimal menu, audited exactly before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mechanism.contracts.design import Design, design
from mechanism.contracts.problem import Problem
from mechanism.errors import InputError
from proofs.audit import audit
from proofs.counterexample import Counterexample
from proofs.question import EngineError
from proofs.verdict import Finding, Verdict

PATIENT = 20.0  # seconds for single crossing; where it stays open, the audit of the menu decides


@dataclass(frozen=True)
class Audited:
    """A design and the findings about its menu; all are proved."""

    design: Design
    findings: tuple[Finding, ...]


def designed(problem: Problem, *, references: bool = True) -> Audited:
    """The optimal menu of a problem.

    Raises
    ------
    InputError
        For a problem without single crossing, without a solution or without a limit.
    EngineError
        When the menu does not meet what was asked, which is a bug.

    Examples
    --------
    >>> from mechanism.contracts.problem import problem_from
    >>> found = designed(problem_from({"types": [1, 2], "prior": ["1/2", "1/2"], "surplus": "4*q",
    ...     "payoff": {"family": "reward-minus-cost-over-type", "cost": "q**2"}}))
    >>> [(str(q), str(r)) for q, r in found.design.menu.items]
    [('4/3', '16/9'), ('4', '80/9')]
    """
    crosses = problem.parts.crosses() or _crosses(problem)
    found = design(problem, references=references)
    (checked,) = audit(found.menu.rule, properties=needed(problem), cache=False)
    for finding in checked.findings:
        if finding.verdict not in (Verdict.PROVED, Verdict.VACUOUS):
            told = f"a designed menu is not {finding.property}: {finding.verdict}"
            if crosses:
                raise EngineError(told)
            raise InputError(f"payoff: {problem.payoff} is not known to have single crossing, and {told}")  # fmt: skip
    return Audited(found, checked.findings)


def needed(problem: Problem) -> list[str]:
    """The properties that an answer to the problem must have."""
    names = ["second-period-ic", "intertemporal-ic"] if problem.two_periods else ["menu-ic"]
    # A reservation of its own is met by the programme; whoever gets it gets at least 0 if it is not below.
    names += ["menu-ir"] if problem.reservation >= 0 else []
    if problem.two_periods and problem.participation == "per-history":
        names += ["first-period-ir", "second-period-ir"]
    if problem.limited_liability:
        names += ["limited-liability"] + ["second-period-liability"] * problem.two_periods
    return names + ["menu-budget"] * (problem.budget is not None)


def _crosses(problem: Problem) -> bool:
    """Whether the payoff is proved to have single crossing.

    Raises
    ------
    InputError
        For one without, with the two items that show it.
    """
    small = replace(problem, transition=None)
    menu = small.menu([(0, 0)] * len(problem.types), None)
    (checked,) = audit(
        menu.rule, properties=["single-crossing"], cache=False, budget_seconds=PATIENT
    )
    (finding,) = checked.findings
    if isinstance(finding.evidence, Counterexample):
        tables = finding.evidence.instance.tables
        items = [f"({tables[x]}, {tables[y]})" for x, y in (("x1", "y1"), ("x2", "y2"))]
        raise InputError(f"payoff: {problem.payoff} has no single crossing: see the items {' and '.join(items)}")  # fmt: skip
    return finding.verdict is Verdict.PROVED
