"""The Hypothesis engine: fractions, unusual parameters and large profiles, driven towards the margin.

It proves nothing; it looks where whole numbers on a grid do not.
"""

from __future__ import annotations

import warnings

from mechanism.instance import Instance
from proofs.engines.search import Tried
from properties.check import check
from properties.property import Obligation

ID = "hypothesis"


def search(obligation: Obligation, agents: tuple[int, int], examples: int, seed: int) -> Tried:
    """Draw instances, aiming for a high margin; what violates is shrunk.

    Parameters
    ----------
    agents : tuple of (int, int)
        The smallest and the largest number of agents.
    examples : int
    seed : int
    """
    import hypothesis
    from hypothesis import HealthCheck, Phase, settings, target

    from properties.strategies import instances

    admitted = 0
    smallest: Instance | None = None

    @hypothesis.seed(seed)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.target, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @hypothesis.given(instances(obligation, agents=agents))
    def attack(instance: Instance) -> None:
        nonlocal admitted, smallest
        found = check(obligation, instance)
        hypothesis.assume(found.admitted)
        admitted += 1
        if found.margin is not None:
            target(float(found.margin))
        if found.violated:
            smallest = instance
            raise _Violation

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", hypothesis.errors.HypothesisWarning)
        try:
            attack()
        except _Violation:
            pass
        except hypothesis.errors.Unsatisfiable:
            return Tried(0)
    return Tried(admitted, smallest)


class _Violation(Exception):
    """An instance violates the property."""
