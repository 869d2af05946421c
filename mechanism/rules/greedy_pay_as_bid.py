"""The greedy auction for single-minded bidders in which winners pay their bids."""

from dataclasses import replace

from mechanism.language import Cases
from mechanism.rules.greedy_single_minded import GREEDY_SINGLE_MINDED, b, i, wins

GREEDY_PAY_AS_BID = replace(
    GREEDY_SINGLE_MINDED,
    id="greedy-pay-as-bid",
    title="Greedy auction for single-minded bidders, pay as bid",
    summary="Bids are taken in the order of value per good; a winner pays its bid.",
    payment=Cases((b[i], wins), (0, True)),
    claims=(),
    references=("Borodin, Lucier, Price of Anarchy for Greedy Auctions, SODA 2010",),
)
