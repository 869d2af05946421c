"""The whole catalogue times all properties, audited afresh, against the verdicts that are expected.

The expectations are those of `expected.json` (see `test_expected.py`). A cell that holds also says in
``proved`` for which numbers of agents that is proved here: ``any``, or ``up to 4``; one that fails is refuted by
a smallest counterexample unless it says ``"minimal": false``. What is listed must be reached; what is better
than listed is only reported. Where the general question takes minutes, ``asked`` says for which numbers of
agents, or for which parameters, it is put instead; what is refuted for some parameters is refuted.

Alone: ``python -m pytest -m matrix``. Without it: ``python -m pytest -m 'not matrix'``.
"""

import json
import os
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

from mechanism.registry import RULES, rule
from proofs.audit import audit_iter
from proofs.verdict import Number, Proof, Verdict
from properties.registry import OF_AUCTIONS

EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text("utf-8"))
SLOW = 5.0  # seconds; slower cells are named
# Under pytest-xdist every core has a test of its own already.
JOBS = 1 if "PYTEST_XDIST_WORKER" in os.environ else 2


def audited(auction, **options):
    return list(audit_iter(auction, jobs=JOBS, cache=False, **options))


def unconditional(name, cells):
    """Every cell of a rule, for all admissible parameters or as asked: without claims nothing is split."""
    ways = {}
    for property_id in OF_AUCTIONS:
        asked = tuple(cells[property_id].get("asked", {}).items())
        ways.setdefault(asked, []).append(property_id)
    found = []
    for asked, wanted in ways.items():
        parameters = dict(asked)
        agents = parameters.pop("agents", None)
        auction = replace(rule(name), claims=()).with_parameters(**parameters)
        found += audited(auction, properties=wanted, agents=agents)
    return found


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


def of_cell(cell, finding):
    """What contradicts the expectation, and what is only open or could be written down, in words."""
    if cell["verdict"] == "n/a":
        fits = finding.verdict is Verdict.NOT_APPLICABLE
        return ("", "") if fits else (f"n/a, but {finding.verdict}", "")
    if finding.property == "regret":
        return of_number(cell, finding)
    if cell["verdict"] == "fails":
        return of_failure(finding, cell.get("minimal", True))
    return of_proof(cell.get("proved"), finding)


def of_failure(finding, minimal=True):
    if finding.verdict is not Verdict.REFUTED:
        return f"fails, but {finding.verdict} ({finding.reason})", ""
    if minimal and not finding.evidence.minimal:
        return f"not shown minimal ({finding.reason})", ""
    return "", "" if minimal == finding.evidence.minimal else "minimal, which is not listed"


def of_proof(listed, finding):
    if finding.verdict is not Verdict.PROVED:
        return f"holds, but {finding.verdict} ({finding.reason})", ""
    assert isinstance(finding.evidence, Proof)
    return of_reach(listed, finding)


def of_reach(listed, finding):
    found = reach(finding)
    if far(found) < far(listed):
        return f"proved for {found} only, listed for {listed}", ""
    return "", "" if found == listed else f"proved for {found}, listed for {listed}"


def far(listed):
    """How many agents a reach covers; a cell without one is listed for none."""
    if listed is None:
        return 0
    number = listed.removeprefix("up to ")
    # Any number of agents, but not of goods: less than any number of both.
    return (float("inf") if number == listed else 1e6) if number == "any" else int(number)


def of_number(cell, finding):
    """The supremum is the same for every number of agents from the smallest with regret."""
    value = cell["value"]
    if finding.verdict is not Verdict.PROVED:
        return f"regret {value}, but {finding.verdict} ({finding.reason})", ""
    assert isinstance(finding.evidence, Number)
    found = [supremum for _, supremum, _ in finding.evidence.values]
    largest = "unbounded" if None in found else str(max(found))
    if largest != value:
        return f"regret {value}, but {largest}", ""
    return of_reach(cell.get("proved"), finding)


def of_claim(finding):
    if finding.claim == "fails":
        return of_failure(finding)
    return of_proof(reach(finding), finding)


@pytest.mark.matrix
@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_every_cell_is_decided_as_expected(name):
    expected = EXPECTED[name]
    cells = [(f, of_cell(expected[f.property], f)) for f in unconditional(name, expected)]
    cells += [(f, of_claim(f)) for f in conditional(name)]
    wrong, loose, slow = [], [], []
    for finding, (trouble, remark) in cells:
        where = finding.property + (f" when {finding.condition}" if finding.condition else "")
        if trouble:
            wrong.append(f"{where}: {trouble}")
        if remark:
            loose.append(f"{where}: {remark}")
        if finding.seconds > SLOW:
            slow.append(f"{where}: {finding.seconds:.0f} s")
    if loose:
        warnings.warn(f"{name}, better than listed: " + "; ".join(loose), stacklevel=1)
    if slow:
        warnings.warn(f"{name}, slow cells: " + "; ".join(slow), stacklevel=1)
    assert not wrong, f"{len(wrong)} cells differ:\n" + "\n".join(wrong)
