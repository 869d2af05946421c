"""What a mechanism decides: who gets what, and who pays what."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """The outcome of one auction; from `Rule.run_batch`, of many: arrays with the rows first.

    Parameters
    ----------
    allocation : tuple
        One entry for each agent: the quantity it gets or sells (or its click-through rate), or a
        tuple with one quantity for each good. For a public decision, the number of the outcome.
    payments : tuple of number
        What each agent pays; negative when it receives. In the unit of the reports.

    Examples
    --------
    >>> Outcome((Fraction(1), Fraction(0)), (Fraction(7), Fraction(0))).winners
    (0,)
    """

    allocation: Any
    payments: Any

    @property
    def winners(self) -> tuple[int, ...]:
        """The agents that get (or sell) something."""
        if not isinstance(self.allocation, tuple):
            return ()
        return tuple(
            agent
            for agent, got in enumerate(self.allocation)
            if (any(got) if isinstance(got, tuple) else got)
        )

    @property
    def revenue(self) -> Any:
        """The sum of the payments (of each row)."""
        if hasattr(self.payments, "sum"):
            return self.payments.sum(axis=-1)
        return sum(self.payments, Fraction(0))
