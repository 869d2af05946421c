"""What the double auctions share: the two sides, their order, and the efficient number of trades."""

from typing import Any

from sympy import And

from mechanism.language import (
    Cases,
    Count,
    KthHighest,
    KthLowest,
    Rank,
    agents,
    parameter,
    ranks,
    report,
)

i, j = agents("i j")
q = ranks("q")
b = report("b")
buyer = parameter("buyer", over="agent", boolean=True)
buyers, sellers = Count(buyer[j], j), Count(~buyer[j], j)


def high(k: Any) -> Any:
    """The k-th highest bid of a buyer."""
    return KthHighest(k, b[j], j, buyer[j])


def low(k: Any) -> Any:
    """The k-th lowest ask of a seller."""
    return KthLowest(k, b[j], j, ~buyer[j])


K = Count(And(q <= buyers, q <= sellers, high(q) >= low(q)), q)
place = Cases((Rank(b[j], j, i, buyer[j]), buyer[i]), (Rank(-b[j], j, i, ~buyer[j]), True))


def trades(number: Any) -> Any:
    """The allocation in which the best `number` of each side trade."""
    return Cases((1, place <= number), (0, True))


def payments(number: Any, bid: Any, ask: Any) -> Any:
    """Buyers that trade pay `bid`, sellers that trade receive `ask`."""
    return Cases((0, place > number), (bid, buyer[i]), (-ask, True))
