"""Generalised second-price auction, with click-through rates that do not rise from slot to slot."""

from mechanism.language import ForAll, KthHighest, Rank, agents, parameter, report, slots
from mechanism.rule import Rule
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
    references=("Edelman, Ostrovsky, Schwarz, Internet Advertising and the Generalized Second-Price Auction, AER 97, 2007",),
)
