"""Allocative efficiency."""

from __future__ import annotations

from typing import Any

from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(t.optimum("truth") - t.welfare("truth"))


EFFICIENCY = Property(
    id="efficiency",
    title="efficient",
    statement="Under truthful reports the allocation has the highest total value of all feasible ones.",
    define=define,
    story="another feasible allocation is worth {margin} more in total",
    references=(
        "Nisan, Roughgarden, Tardos, Vazirani (eds.), Algorithmic Game Theory, 2007, Sec. 9.3",
    ),
)
