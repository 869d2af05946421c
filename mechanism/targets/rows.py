"""Outcomes of many profiles as tables, rows last."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.evaluate.arrays import Array
from mechanism.evaluate.profiles import as_exact
from mechanism.outcome import Outcome

SMALL = 2**31  # up to here, whole numbers are computed with as such


def tables(
    found: list[Outcome | None], agents: int, goods: int, there: Array | None
) -> tuple[Array, Array]:
    """What everybody gets and pays; meaningless where there is no outcome.

    Parameters
    ----------
    found : list of Outcome or None
        Among those who take part, one for each row.
    agents, goods : int
        How many there are; goods 0 where outcomes are not by good (or by partner).
    there : array, optional
        Who takes part, by row.
    """
    empty = _nothing(agents, goods, next((o for o in found if o is not None), None))
    rows = [
        empty if o is None else _spread(o, agents, None if there is None else there[n])
        for n, o in enumerate(found)
    ]
    return _table([gets for gets, _ in rows]), _table([pays for _, pays in rows])


def _nothing(agents: int, goods: int, told: Any) -> tuple[Any, Any]:
    zero = (Fraction(0),) * agents
    if told is not None and not isinstance(told.allocation, tuple):
        return 0, zero
    return ((Fraction(0),) * goods,) * agents if goods else zero, zero


def _spread(outcome: Any, agents: int, there: Array | None) -> tuple[Any, Any]:
    """An outcome over all agents, with zeros for those who do not take part."""
    gets, pays = outcome.allocation, outcome.payments
    if there is None or there.all():
        return gets, pays
    places = np.flatnonzero(there)
    zero = (
        (Fraction(0),) * len(gets[0])
        if isinstance(gets, tuple) and gets and isinstance(gets[0], tuple)
        else Fraction(0)
    )
    wide = [zero] * agents
    paid = [Fraction(0)] * agents
    for agent, place in enumerate(places):
        paid[place] = pays[agent]
        if isinstance(gets, tuple):
            wide[place] = gets[agent]
    return (tuple(wide) if isinstance(gets, tuple) else gets), tuple(paid)


def _table(rows: list[Any]) -> Array:
    """Rows last; as whole numbers where they are."""
    exact = np.asarray(as_exact(np.array(rows, dtype=object)), dtype=object)
    small = all(type(x) is int and abs(x) < SMALL for x in exact.flat)
    return np.ascontiguousarray(np.moveaxis(exact.astype(np.int64) if small else exact, 0, -1))
