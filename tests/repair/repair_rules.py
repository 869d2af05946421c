"""Rules of users: some can be repaired, some cannot, and one is beyond the tool."""

from sympy import And, Eq, Ne, Or

from mechanism import ArgMax, Cases, Count, Max, Rank, Rule, Sum, agents, parameter, report
from mechanism.setting import units, unlimited

i, j, k = agents("i j k")
b = report("b")
r, s = parameter("r", at_least=0), parameter("s", at_least=0)
w, above = parameter("w", at_least=0), parameter("above", above=0)
vip = parameter("vip", over="agent", boolean=True)


def pay_your_bid(name, wins, setting=unlimited, **extra):
    return Rule(
        id=name, agent=i, reports=b, setting_of=setting,
        allocation=Cases((1, wins), (0, True)), payment=Cases((b[i], wins), (0, True)), **extra,
    )  # fmt: skip


def one_winner(name, winner, **extra):
    return Rule(
        id=name, agent=i, reports=b, min_agents=2,
        allocation=Cases((1, Eq(i, winner)), (0, True)),
        payment=Cases((b[i], Eq(i, winner)), (0, True)), **extra,
    )  # fmt: skip


SECOND_WINS = one_winner("second-highest-wins", ArgMax(b[j], j, where=Ne(j, ArgMax(b[k], k))))
LOWEST_WINS = one_winner("lowest-wins", ArgMax(-b[j], j))
TAXED = one_winner("bid-less-a-fee", ArgMax(above * b[j] - r, j))
DOOR = pay_your_bid("door", Or(And(vip[i], b[i] >= r), b[i] > s))
CAPPED = pay_your_bid("capped", b[i] <= r)
SQUARE = pay_your_bid("square", b[i] ** 2 >= r)
MAYBE_FLAT = pay_your_bid("maybe-flat", w * b[i] >= r)
ABOVE_AVERAGE = pay_your_bid("above-average", b[i] * Count(True, j) > Sum(b[j], j), min_agents=2)
BEST_TWO = pay_your_bid(
    "best-two-above",
    And(Rank(b[j], j, i) <= 2, b[i] >= Max(r, s)),
    setting=lambda rule: units(rule, 2),
)
STEPS = Rule(
    id="steps", agent=i, reports=b, setting_of=unlimited,
    allocation=Cases((1, b[i] >= r + s), ("1/2", b[i] >= r), (0, True)), payment=0 * b[i],
)  # fmt: skip
