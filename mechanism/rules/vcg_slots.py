"""VCG for slots, with click-through rates that do not rise from slot to slot."""

from mechanism.language import ForAll, KthHighest, Rank, Sum, agents, parameter, report, slots
from mechanism.rule import Rule
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
    references=("Aggarwal, Goel, Motwani, Truthful Auctions for Pricing Search Keywords, EC 2006", "Varian, Position Auctions, IJIO 25, 2007",),
)
