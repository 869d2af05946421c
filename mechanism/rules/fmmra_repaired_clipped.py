"""FMMRA for many tasks, repaired, with negative payments cut off at 0: no longer truthful.

Expected profits are not negative here; with negative ones, an agent might be given a task at a loss.
"""

from dataclasses import replace

from mechanism.bibliography import works
from mechanism.claim import fails, holds, revised
from mechanism.language import Max, report
from mechanism.rules.fmmra_repaired import FMMRA_REPAIRED, b

profit = report("b", over=("agent", "good"), at_least=0)

FMMRA_REPAIRED_CLIPPED = replace(
    FMMRA_REPAIRED,
    id="fmmra-repaired-clipped",
    title="FMMRA for many tasks, repaired, payments cut off at 0",
    summary="As fmmra-repaired, but nobody is paid: a negative payment becomes 0.",
    reports=profit,
    solver="mechanism.fmmra.repaired:run_clipped",
    allocation=FMMRA_REPAIRED.allocation.xreplace({b: profit}),
    payment=Max(0, FMMRA_REPAIRED.payment.xreplace({b: profit})),
    claims=revised(
        FMMRA_REPAIRED.claims,
        fails("dsic", "Myerson 1981: the payment is not the pivot where it is cut off"),
        holds("no-deficit", "the definition in Nisan et al. 2007, Def. 9.30"),
        holds("no-positive-transfers", "the definition in Nisan et al. 2007, Def. 9.30"),
        fails("revenue-monotonicity", "the definition in Zhou et al. 2026: fitness counts"),
        fails("weak-group-strategyproofness", "Myerson 1981: it would imply dsic"),
        fails("false-name-proofness", "the definition in Zhou et al. 2026: fitness counts"),
    ),
    references=works(
        "Zhou et al. 2026",
        "Nisan et al. 2007",
        "Leonard 1983",
        "Green, Laffont 1979b",
        "Beck, Ott 2013",
        "Myerson 1981",
    ),
)
