"""FMMRA with one task: chosen by cost-effectiveness, charged by the list of bids.

The published formulas are not at hand; the price is read from the prose ("the bid which is second only to
the winning bid"), and that reading is a choice, with its alternatives. The weights are any positive ones.
Agents bid their whole expected profit here.
"""

from __future__ import annotations

from sympy import And, Eq, Ne, Or

from mechanism.bibliography import works
from mechanism.choice import Choice
from mechanism.fmmra.choices import PRICE
from mechanism.language import (
    ArgMax,
    Cases,
    ForAll,
    Highest,
    KthHighest,
    Max,
    agents,
    parameter,
    report,
)
from mechanism.rule import Claim, Rule, fails, holds

ZHOU, MYERSON = "Zhou et al. 2026", "Myerson 1981"
DEFINITION = f"the definition in {ZHOU}"

i, j = agents("i j")
b = report("b")
fitness = parameter("fitness", over="agent", at_least=0)
w1, w2 = parameter("w1", above=0), parameter("w2", at_least=0)
merit = lambda k: w1 * b[k] + w2 * fitness[k]  # noqa: E731
winner = ArgMax(merit(j), j)
others = Ne(j, i)
PRICES = {
    "next-lower-bid": Highest(b[j], j, where=And(others, b[j] <= b[i])),
    "second-highest-bid": KthHighest(2, b[j], j),
    "highest-losing-bid": Highest(b[j], j, where=others),
    "runner-up-bid": b[ArgMax(merit(j), j, where=others)],
    "critical-value": Max(0, (Highest(merit(j), j, where=others) - w2 * fitness[i]) / w1),
}
CHOICE = Choice("price", {name: PRICE.options[name] for name in PRICES})
# Fitness plays no part in who wins.
ALIKE = Or(Eq(w2, 0), ForAll(Eq(fitness[i], Highest(fitness[j], j)), i))


def make(price: str = "next-lower-bid") -> Rule:
    """The auction for one reading of the price."""
    return Rule(
        id="fmmra-one-task",
        title="FMMRA, one task",
        summary=f"The agent with the highest w1*bid + w2*fitness wins the task and pays the {_words(price)}.",
        agent=i,
        reports=b,
        allocation=Cases((1, Eq(i, winner)), (0, True)),
        payment=Cases((PRICES[price], Eq(i, winner)), (0, True)),
        min_agents=2,
        choices=(CHOICE,),
        remake=make,
        claims=_claims(price),
        references=works(ZHOU, MYERSON),
    )


def _words(price: str) -> str:
    names = {
        "runner-up-bid": "bid of the runner-up by that sum",
        "critical-value": "lowest bid with which it would still win",
    }
    return names.get(price, price.replace("-", " "))


def _claims(price: str) -> tuple[Claim, ...]:
    critical = price == "critical-value"
    claims = [
        holds("feasibility", ZHOU),
        holds("totality", ZHOU),
        holds("dsic", MYERSON)
        if critical
        else holds("dsic", f"{ZHOU}, who claim incentive compatibility"),
        holds("dsic", f"{DEFINITION}: then it is a second-price auction", when=ALIKE),
        holds("ex-post-ir", f"{ZHOU}, who claim individual rationality"),
        holds("no-deficit", DEFINITION),
        fails("strong-budget-balance", DEFINITION),
        holds("no-positive-transfers", DEFINITION),
        holds("losers-pay-nothing", ZHOU),
        holds("pay-at-most-bid", f"{ZHOU}: the price is below the winning bid"),
        fails("efficiency", DEFINITION),
        holds("monotone-allocation", MYERSON),
        holds("critical-payment", MYERSON) if critical else fails("critical-payment", DEFINITION),
        fails("anonymity", DEFINITION),
    ]
    if price == CHOICE.default:
        claims += [
            fails("non-bossiness", DEFINITION),
            fails("envy-freeness", DEFINITION),
            fails("revenue-monotonicity", DEFINITION),
            fails("bid-revenue-monotonicity", DEFINITION),
        ]
    return tuple(claims)


FMMRA_ONE_TASK = make()
