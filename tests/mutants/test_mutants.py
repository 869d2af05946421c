"""Every rule with a mistake in it is refuted, by a counterexample that replays; the rule itself is not."""

from functools import cache

import bundle_mutants
import one_good_mutants
import pytest
import rounds_mutants
import two_sided_mutants
import unit_mutants
from mutant import Mutant

from mechanism.registry import RULES
from proofs.audit import audit_iter
from proofs.verdict import Verdict
from properties.check import check
from properties.registry import property_of

MUTANTS = (
    *one_good_mutants.MUTANTS,
    *unit_mutants.MUTANTS,
    *bundle_mutants.MUTANTS,
    *two_sided_mutants.MUTANTS,
    *rounds_mutants.MUTANTS,
)


def decided(rule, property):
    (finding,) = audit_iter(rule, properties=[property], cache=False)
    return finding


@cache
def of_the_original(of, property, parameters):
    mutant = next(m for m in MUTANTS if (m.of, tuple(m.parameters.items())) == (of, parameters))
    return decided(mutant.original, property)


def test_every_rule_has_a_mutant():
    assert {mutant.of for mutant in MUTANTS} >= set(RULES)


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_mutant(mutant: Mutant):
    finding = decided(mutant.rule, mutant.breaks)
    assert finding.verdict is Verdict.REFUTED, f"{finding.verdict}: {finding.reason}"
    obligation = property_of(mutant.breaks).on(mutant.rule)
    assert check(obligation, finding.evidence.instance).violated

    original = of_the_original(mutant.of, mutant.breaks, tuple(mutant.parameters.items()))
    assert original.verdict in (Verdict.PROVED, Verdict.UNREFUTED), f"original: {original.verdict}"
