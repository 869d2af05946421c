"""Budgets of seconds, as times of the monotonic clock at which they are spent."""

from __future__ import annotations

import time

from mechanism.errors import InputError


def ending(budget_seconds: float | None) -> float:
    """When `time.monotonic` is there, a budget that begins now is spent.

    Raises
    ------
    InputError
        When it is not positive.
    """
    if budget_seconds is not None and budget_seconds <= 0:
        raise InputError(f"the budget must be positive, not {budget_seconds}")
    return float("inf") if budget_seconds is None else time.monotonic() + budget_seconds


def left(deadline: float) -> float | None:
    """What is left of a budget; a moment at least."""
    return None if deadline == float("inf") else max(deadline - time.monotonic(), 0.001)
