"""FMMRA for many tasks, repaired, with negative payments cut off at 0: no longer truthful.

Expected profits are not negative here; with negative ones, an agent might be given a task at a loss.
"""

from dataclasses import replace

from mechanism.bibliography import works
from mechanism.language import Max, report
from mechanism.rule import fails, holds
from mechanism.rules.fmmra_repaired import FMMRA_REPAIRED, b

profit = report("b", over=("agent", "good"), at_least=0)

FMMRA_REPAIRED_CLIPPED = replace(
    FMMRA_REPAIRED,
    id="fmmra-repaired-clipped",
    title="FMMRA for many tasks, repaired, payments cut off at 0",
    summary="As fmmra-repaired, but nobody is paid: a negative payment becomes 0.",
    reports=profit,
    solver="mechanism.repaired:run_clipped",
    allocation=FMMRA_REPAIRED.allocation.xreplace({b: profit}),
    payment=Max(0, FMMRA_REPAIRED.payment.xreplace({b: profit})),
)
