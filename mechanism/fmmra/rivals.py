"""The auctions that the paper compares FMMRA with, as step rules.

The first-price and the second-price auction and FMMRA by fitness only are readings of the same step rule.
MSSCA, the multi-round sealed sequential combinational auction of Zhang, Guo, Ji and Zhu 2017, is
reconstructed: a seller has room for several buyers, so that a loser can meet the same seller again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sympy import And

from mechanism.fmmra import rounds as step
from mechanism.fmmra.choices import options
from mechanism.fmmra.rounds import bid, bids, fmmra, free, i, j, price, t, wins
from mechanism.language import Count, Exists, Rank, Rounds, parameter, state

room = state("room", over="good")
capacity = parameter("capacity", over="good", integer=True, at_least=1)


def mssca(**chosen: str) -> Rounds:
    """MSSCA: no fitness; each seller accepts its highest bids as long as it has room.

    *Unit demand*: every buyer needs one unit of a seller's `capacity`. In the original a buyer needs a
    combination of resources, and a seller accepts the next lower bid for which there is room; the paper
    compares it where an agent does one task and no task has resources, so that one unit is all there is to
    need. With a capacity of one each, this is FMMRA that chooses by the bid alone. A winner pays the next
    lower bid in the seller's list.

    Parameters
    ----------
    **chosen : str
        Options of `mechanism.fmmra.choices`; ``closure`` and ``chosen_by`` have no part in it.
    """
    option = options({**chosen, "chosen_by": "bid"})
    first = Rank(bid[j, t], j, i, bids[j, t]) <= room[t]
    return Rounds(
        i,
        t,
        states=(
            *step.remembered(option),
            (room[t], capacity[t], room[t] - Count(wins[i, t], i)),
        ),
        terms=(
            (bids[i, t], step.places_bid(lambda task: room[task] > 0)),
            (wins[i, t], And(bids[i, t], first)),
            (
                price[i, t],
                step.price_of(option["price"], option["lone_bidder"], step.merit_of("bid")),
            ),
        ),
        guard=Exists(Exists(bids[i, t], i), t),
        allocation=step.ALLOCATION,
        payment=step.PAYMENT,
        falling=(free[i],),
        invariants=step.invariants(),
        telling=step.TELLING,
    )


fitness_only = partial(fmmra, chosen_by="fitness")
first_price = partial(fmmra, chosen_by="bid", raise_form="none", price="own-bid")
second_price = partial(fmmra, chosen_by="bid", raise_form="none")

RIVALS: dict[str, Callable[..., Rounds]] = {
    "FMMRA": fmmra,
    "FMMRA by fitness only": fitness_only,
    "MSSCA": mssca,
    "second-price": second_price,
    "first-price": first_price,
}
