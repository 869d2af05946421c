"""Critical values: from an allocation, the lowest report with which an agent would still win, as a formula."""

from mechanism.critical.payment import critical_payment
from mechanism.critical.report import NotDerived

__all__ = ["NotDerived", "critical_payment"]
