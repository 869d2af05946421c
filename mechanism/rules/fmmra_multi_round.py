"""FMMRA with all its tasks: the multi-round auction in which each agent chooses the task to bid on.

The step rule is `mechanism.fmmra.rounds`; what is quoted from the paper and what is reconstructed stands
in `mechanism.fmmra.choices`. Agents report their expected profits, and the procedure bids for them as the
paper prescribes: half the expected profit first, on the task that promises most. So a misreport is any
other way of bidding that follows from some expected profits.
"""

from __future__ import annotations

from mechanism.bibliography import works
from mechanism.fmmra.choices import CHOICES
from mechanism.fmmra.rounds import E, fmmra, i, t
from mechanism.language import Computed, ForAll
from mechanism.rule import Claim, Rule, fails, holds
from mechanism.setting_goods import assignment, shared

ZHOU = "Zhou et al. 2026"
DEFINITION = f"the definition in {ZHOU}"


def make(**chosen: str) -> Rule:
    """The auction for some options of `mechanism.fmmra.choices`."""
    rounds = fmmra(**chosen)
    return Rule(
        id="fmmra-multi-round",
        title="FMMRA, choose your task",
        summary="In each round every agent without a task bids on the open task that promises it most; "
        "the highest w1*bid + w2*fitness wins it and pays the next lower bid; losers raise their bids.",
        agent=i,
        good=t,
        reports=E,
        setting_of=shared if chosen.get("closure") == "keep-open" else assignment,
        allocation=Computed(rounds, "allocation", i, t),
        payment=Computed(rounds, "payment", i),
        min_agents=2,
        sizes={"good": (1, 3)},
        choices=CHOICES,
        remake=make,
        claims=_claims(),
        references=works(ZHOU),
    )


EVERYBODY = ForAll(ForAll(E.truth[i, t] > 0, t), i)  # everybody expects something of every task


def _claims() -> tuple[Claim, ...]:
    return (
        holds("feasibility", f"{ZHOU}: constraint 16"),
        holds("totality", DEFINITION),
        holds("dsic", f"{ZHOU}, who claim incentive compatibility"),
        fails("dsic", f"{DEFINITION}: the first bid is half the profit", when=EVERYBODY),
        holds("ex-post-ir", f"{ZHOU}, who claim individual rationality"),
        holds("no-deficit", DEFINITION),
        fails("strong-budget-balance", DEFINITION),
        holds("no-positive-transfers", DEFINITION),
        holds("losers-pay-nothing", ZHOU),
        holds("pay-at-most-bid", f"{ZHOU}: the price is below the winning bid"),
        fails("efficiency", DEFINITION),
        fails("scaling-proofness", DEFINITION, when=EVERYBODY),
        fails("withholding-proofness", DEFINITION, when=EVERYBODY),
        holds("termination", f"{ZHOU}: in every round a task is allocated"),
        holds("coverage", f"{ZHOU}: constraint 22"),
        fails("coverage", f"{DEFINITION}: there may be fewer agents than tasks", when=EVERYBODY),
        holds("non-wastefulness", f"{DEFINITION}: who has no task bids where it expects something"),
    )


FMMRA_MULTI_ROUND = make()
