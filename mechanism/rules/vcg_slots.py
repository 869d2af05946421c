"""VCG for slots, with click-through rates that do not rise from slot to slot."""

from mechanism.bibliography import works
from mechanism.language import ForAll, KthHighest, Rank, Sum, agents, parameter, report, slots
from mechanism.rule import Rule, fails, holds
from mechanism.setting import positions

i, j = agents("i j")
q = slots("q")
b = report("b")
rate = parameter("rate", over="slot", at_least=0)
place = Rank(b[j], j, at=i)
harm = (rate[q] - rate[q + 1]) * KthHighest(q + 1, b[j], j)

VCG_SLOTS = Rule(
    id="vcg-slots",
    title="VCG for slots",
    summary="Bidders are ranked by bid; each pays the clicks that the lower ones lose, at their bids.",
    agent=i,
    reports=b,
    setting_of=lambda rule: positions(rule, rate, place),
    allocation=rate[place],
    payment=Sum(harm, q, where=q >= place),
    assumptions=(ForAll(rate[q] >= rate[q + 1], q),),
    sizes={"slot": (1, 3)},
    claims=(
        holds("feasibility", "Edelman, Ostrovsky, Schwarz 2007"),
        holds("totality", "Edelman, Ostrovsky, Schwarz 2007"),
        holds("dsic", "Clarke 1971; Aggarwal, Goel, Motwani 2006"),
        holds("ex-post-ir", "Edelman, Ostrovsky, Schwarz 2007"),
        holds("no-deficit", "Aggarwal, Goel, Motwani 2006"),
        fails("strong-budget-balance", "Green, Laffont 1979b"),
        holds("no-positive-transfers", "Aggarwal, Goel, Motwani 2006"),
        holds("losers-pay-nothing", "Aggarwal, Goel, Motwani 2006"),
        holds("pay-at-most-bid", "Aggarwal, Goel, Motwani 2006"),
        holds("efficiency", "Varian 2007"),
        holds("monotone-allocation", "Aggarwal, Goel, Motwani 2006"),
        holds("anonymity", "Edelman, Ostrovsky, Schwarz 2007"),
        fails("non-bossiness", "the definition in Aggarwal, Goel, Motwani 2006"),
        holds("envy-freeness", "Edelman, Ostrovsky, Schwarz 2007, Sec. II; Leonard 1983"),
        holds("revenue-monotonicity", "Ausubel, Milgrom 2002: substitutes"),
        holds("bid-revenue-monotonicity", "the definition in Aggarwal, Goel, Motwani 2006"),
        holds("weak-group-strategyproofness", "Demange, Gale 1985"),
        fails("strong-group-strategyproofness", "the definition in Aggarwal, Goel, Motwani 2006"),
        fails("collusion-proofness", "the definition in Aggarwal, Goel, Motwani 2006"),
        fails("false-name-proofness", "the definition in Aggarwal, Goel, Motwani 2006"),
    ),
    references=works(
        "Aggarwal, Goel, Motwani 2006",
        "Varian 2007",
        "Edelman, Ostrovsky, Schwarz 2007",
        "Clarke 1971",
        "Green, Laffont 1979b",
        "Leonard 1983",
        "Ausubel, Milgrom 2002",
        "Demange, Gale 1985",
    ),
)
