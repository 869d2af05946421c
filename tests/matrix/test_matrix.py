"""The whole catalogue times all properties, audited afresh, against the verdicts that are expected.

The expectations are those of `expected.json` (see `test_expected.py`). A cell that holds also says in
``proved`` for which numbers of agents that is proved here: ``any``, or ``up to 4``. It must not fall; when
it rises, it is to be written down.

Alone: ``python -m pytest -m matrix``. Without it: ``python -m pytest -m 'not matrix'``.
"""

import json
import warnings
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from mechanism.registry import RULES, rule
from proofs.audit import audit_iter
from proofs.verdict import Number, Proof, Verdict
from properties.registry import PROPERTIES

FILE = Path(__file__).parent / "expected.json"
SLOW = 5.0  # seconds; slower cells are named


def audited(auction, **options):
    return list(audit_iter(auction, jobs=2, cache=False, **options))


def unconditional(name):
    """Every cell of a rule, for all admissible parameters: without claims nothing is split."""
    return audited(replace(rule(name), claims=()), properties=list(PROPERTIES))


def conditional(name):
    """What the rule's claims say under a condition, and where it is not met."""
    claims = tuple(c for c in rule(name).claims if c.condition != sp.true)
    if not claims:
        return []
    return audited(replace(rule(name), claims=claims), properties=[c.property for c in claims])


def reach(finding):
    """For which numbers of agents: ``any`` (and any number of goods, slots and outcomes), or ``up to N``."""
    tops = [finding.scope.agents[1], *(top for _, top in finding.scope.sizes.values())]
    return "any" if set(tops) == {None} else f"up to {tops[0] or 'any'}"


def of_reach(cell, finding):
    found, listed = reach(finding), cell.get("proved")
    if listed == found:
        return ""
    if listed is None or found == "any":
        return f"proved for {found}, listed for {listed}: write it down"
    if listed == "any" or int(found.split()[-1]) < int(listed.split()[-1]):
        return f"proved for {found} only, listed for {listed}"
    return f"proved for {found}, listed for {listed}: write it down"


def of_cell(cell, finding):
    """What is wrong with a finding, in words, or nothing."""
    if cell["verdict"] == "n/a":
        return "" if finding.verdict is Verdict.NOT_APPLICABLE else f"n/a, but {finding.verdict}"
    if finding.property == "regret":
        return of_number(cell, finding)
    if cell["verdict"] == "fails":
        return of_failure(finding)
    return of_proof(cell, finding)


def of_failure(finding):
    if finding.verdict is not Verdict.REFUTED:
        return f"fails, but {finding.verdict} ({finding.reason})"
    return (
        "" if finding.evidence.minimal else f"refuted, but not by a minimal one ({finding.reason})"
    )


def of_proof(cell, finding):
    if finding.verdict is not Verdict.PROVED:
        return f"holds, but {finding.verdict} ({finding.reason})"
    assert isinstance(finding.evidence, Proof)
    return of_reach(cell, finding)


def of_number(cell, finding):
    """The supremum, the same for every number of agents that can misreport to advantage."""
    if cell["value"] == "unbounded":
        known = isinstance(finding.evidence, Number) and "not a number" in finding.evidence.reason
        return "" if known else f"regret is unbounded, but {finding.verdict} ({finding.reason})"
    if finding.verdict is not Verdict.PROVED:
        return f"regret {cell['value']}, but {finding.verdict} ({finding.reason})"
    assert isinstance(finding.evidence, Number)
    largest = max(value for _, value, _ in finding.evidence.values)
    return (
        of_reach(cell, finding)
        if largest == Fraction(cell["value"])
        else f"regret {cell['value']}, but {largest}"
    )


def of_claim(finding):
    if finding.claim == "fails":
        return of_failure(finding)
    return "" if finding.verdict is Verdict.PROVED else f"holds, but {finding.verdict}"


@pytest.mark.matrix
@pytest.mark.slow
def test_every_cell_is_decided_as_expected():
    assert FILE.is_file(), f"{FILE.name} is missing: nothing says what to expect of the catalogue"
    expected = json.loads(FILE.read_text(encoding="utf-8"))
    wrong, slow = [], []
    for name in RULES:
        cells = [(f, of_cell(expected[name][f.property], f)) for f in unconditional(name)]
        cells += [(f, of_claim(f)) for f in conditional(name)]
        for finding, trouble in cells:
            where = f"{name} {finding.property}"
            where += f" when {finding.condition}" if finding.condition else ""
            if trouble:
                wrong.append(f"{where}: {trouble}")
            if finding.seconds > SLOW:
                slow.append(f"{where}: {finding.seconds:.0f} s")
    if slow:
        warnings.warn("slow cells: " + "; ".join(slow), stacklevel=1)
    assert not wrong, f"{len(wrong)} cells differ:\n" + "\n".join(wrong)
