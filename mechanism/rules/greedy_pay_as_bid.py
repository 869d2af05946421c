"""The greedy auction for single-minded bidders in which winners pay their bids."""

from dataclasses import replace

from mechanism.bibliography import works
from mechanism.language import Cases
from mechanism.rule import fails, holds
from mechanism.rules.greedy_single_minded import GREEDY_SINGLE_MINDED, b, i, wins

GREEDY_PAY_AS_BID = replace(
    GREEDY_SINGLE_MINDED,
    id="greedy-pay-as-bid",
    title="Greedy auction for single-minded bidders, pay as bid",
    summary="Bids are taken in the order of value per good; a winner pays its bid.",
    payment=Cases((b[i], wins), (0, True)),
    claims=(
        holds("feasibility", "Borodin, Lucier 2010"),
        holds("totality", "Borodin, Lucier 2010"),
        fails("dsic", "Borodin, Lucier 2010"),
        holds("ex-post-ir", "the definition in Borodin, Lucier 2010"),
        holds("no-deficit", "Borodin, Lucier 2010"),
        fails("strong-budget-balance", "the definition in Borodin, Lucier 2010"),
        holds("no-positive-transfers", "Borodin, Lucier 2010"),
        holds("losers-pay-nothing", "Borodin, Lucier 2010"),
        holds("pay-at-most-bid", "Borodin, Lucier 2010"),
        fails("efficiency", "Borodin, Lucier 2010: an approximation"),
        holds("monotone-allocation", "Lehmann, O'Callaghan, Shoham 2002, Sec. 4"),
        fails("critical-payment", "Myerson 1981: with dsic it would be"),
        holds("anonymity", "Borodin, Lucier 2010"),
        holds("non-bossiness", "the definition in Borodin, Lucier 2010"),
        holds("envy-freeness", "the definition in Borodin, Lucier 2010"),
        fails("revenue-monotonicity", "the definition in Borodin, Lucier 2010"),
        fails("bid-revenue-monotonicity", "the definition in Borodin, Lucier 2010"),
    ),
    references=works("Borodin, Lucier 2010", "Lehmann, O'Callaghan, Shoham 2002", "Myerson 1981"),
)
