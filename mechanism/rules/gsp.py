"""Generalised second-price auction, with click-through rates that do not rise from slot to slot."""

from mechanism.bibliography import works
from mechanism.language import ForAll, KthHighest, Rank, agents, parameter, report, slots
from mechanism.rule import Rule, fails, holds
from mechanism.setting import positions

i, j = agents("i j")
q = slots("q")
b = report("b")
rate = parameter("rate", over="slot", at_least=0)
place = Rank(b[j], j, at=i)

GSP = Rule(
    id="gsp",
    title="Generalised second-price auction",
    summary="Bidders are ranked by bid; each pays, per click, the next lower bid.",
    agent=i,
    reports=b,
    setting_of=lambda rule: positions(rule, rate, place),
    allocation=rate[place],
    payment=rate[place] * KthHighest(place + 1, b[j], j),
    assumptions=(ForAll(rate[q] >= rate[q + 1], q),),
    sizes={"slot": (1, 3)},
    claims=(
        holds("feasibility", "Edelman, Ostrovsky, Schwarz 2007"),
        holds("totality", "Edelman, Ostrovsky, Schwarz 2007"),
        fails("dsic", "Edelman, Ostrovsky, Schwarz 2007, Sec. II"),
        holds("ex-post-ir", "Edelman, Ostrovsky, Schwarz 2007"),
        holds("no-deficit", "Edelman, Ostrovsky, Schwarz 2007"),
        fails("strong-budget-balance", "the definition in Edelman, Ostrovsky, Schwarz 2007"),
        holds("no-positive-transfers", "Edelman, Ostrovsky, Schwarz 2007"),
        holds("losers-pay-nothing", "Edelman, Ostrovsky, Schwarz 2007"),
        holds("pay-at-most-bid", "Edelman, Ostrovsky, Schwarz 2007"),
        holds("efficiency", "Varian 2007"),
        holds("monotone-allocation", "Aggarwal, Goel, Motwani 2006"),
        holds("anonymity", "Edelman, Ostrovsky, Schwarz 2007"),
        fails("non-bossiness", "the definition in Edelman, Ostrovsky, Schwarz 2007"),
        fails(
            "envy-freeness", "Edelman, Ostrovsky, Schwarz 2007: truthful bids are no equilibrium"
        ),
        holds("revenue-monotonicity", "the definition in Edelman, Ostrovsky, Schwarz 2007"),
        holds("bid-revenue-monotonicity", "the definition in Edelman, Ostrovsky, Schwarz 2007"),
        fails("false-name-proofness", "the definition in Edelman, Ostrovsky, Schwarz 2007"),
    ),
    references=works(
        "Edelman, Ostrovsky, Schwarz 2007", "Varian 2007", "Aggarwal, Goel, Motwani 2006"
    ),
)
