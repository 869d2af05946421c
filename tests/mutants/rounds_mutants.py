"""Mistakes in the step rule of an auction of several rounds."""

from mutant import Mutant
from sympy import And, Not

from mechanism.fmmra.rounds import E, bids, free, open_, paid, price
from mechanism.fmmra.rounds import i as agent
from mechanism.fmmra.rounds import t as task
from mechanism.language import Cases, Computed, Exists, Rounds
from mechanism.registry import rule

MULTI = "fmmra-multi-round"
STEP = rule(MULTI).rounds


def with_states(**changes):
    """The step rule with (initial, update) changed for some states; None leaves one of them."""
    states = []
    for entry, initial, update in STEP.states:
        first, after = changes.get(entry.family.name, (None, None))
        states.append(
            (entry, initial if first is None else first, update if after is None else after)
        )
    return step(states=states)


def step(**parts):
    kept = {
        n: getattr(STEP, n)
        for n in ("states", "terms", "guard", "allocation", "payment", "falling")
    }
    kept |= {"invariants": STEP.invariants} | parts
    rounds = Rounds(agent, task, **kept)
    return {
        "allocation": Computed(rounds, "allocation", agent, task),
        "payment": Computed(rounds, "payment", agent),
    }


lost = Cases((price[agent, task], bids[agent, task]), (paid[agent, task], True))
gives_up = And(free[agent], Not(Exists(bids[agent, task], task)))

MUTANTS = (
    Mutant(
        MULTI, "bids-twice-the-profit", "ex-post-ir", with_states(bid=(2 * E[agent, task], None))
    ),
    Mutant(
        MULTI,
        "bids-above-the-report",
        "pay-at-most-bid",
        with_states(bid=(E[agent, task] + 1, None)),
    ),
    Mutant(MULTI, "task-stays-open", "feasibility", with_states(open=(None, open_[task]))),
    Mutant(MULTI, "winner-stays-free", "feasibility", with_states(free=(None, free[agent]))),
    Mutant(MULTI, "winner-stays-free", "termination", with_states(free=(None, free[agent]))),
    Mutant(MULTI, "losers-give-up", "non-wastefulness", with_states(free=(None, gives_up))),
    Mutant(MULTI, "losers-pay", "losers-pay-nothing", with_states(paid=(None, lost))),
    Mutant(MULTI, "pays-agents", "no-positive-transfers", step(payment=-STEP.payment)),
    Mutant(MULTI, "pays-agents", "no-deficit", step(payment=-STEP.payment)),
)
