"""The setting of a menu: what the item meant for one type is worth to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from mechanism.setting import Setting


@dataclass(frozen=True)
class MenuSetting(Setting):
    """What a menu is about. OWNER is the true type, HOLDER the reported one, EXTRA the first report.

    Parameters
    ----------
    theta : expression over OWNER
        The type's number; a higher one is more willing.
    payoff : expression over the letters of `mechanism.contracts.payoff`
    first : expression over OWNER and HOLDER
        The payoff of a type from the (first-period) item of another.
    quality, reward : expression over HOLDER
    second : expression over EXTRA, OWNER and HOLDER
        The payoff of a second-period type from the item of another, after a first report.
    quality2, reward2 : expression over EXTRA and HOLDER
    chance : expression over OWNER and HOLDER
        The chance that the type OWNER becomes HOLDER.
    prior : expression over OWNER
    discount : expression
    limit : expression
        The budget for expected rewards.
    two_periods, limited : bool
        Whether there is a second period, and a budget.
    """

    kind: str = "menu"
    theta: Any = sp.S.Zero
    payoff: Any = sp.S.Zero
    first: Any = sp.S.Zero
    quality: Any = sp.S.Zero
    reward: Any = sp.S.Zero
    second: Any = sp.S.Zero
    quality2: Any = sp.S.Zero
    reward2: Any = sp.S.Zero
    chance: Any = sp.S.Zero
    prior: Any = sp.S.Zero
    discount: Any = sp.S.Zero
    limit: Any = sp.S.Zero
    two_periods: bool = False
    limited: bool = False
