"""The supremum of the gain from a misreport."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from mechanism.rule import Rule
from properties.incentives.dsic import define as gain
from properties.property import Check, Property
from properties.roles import LIE, TRUTH, I


def define(t: Any, i: Index) -> Check:
    return Check(gain(t, i).margin, premises=(t.within_unit(),))


def applies(rule: Rule) -> str:
    unbounded = [f.name for f in rule.reports if f.domain.boolean]
    return f"the report {unbounded[0]} is not a number" if unbounded else ""


REGRET = Property(
    id="regret",
    title="ex-post regret on values in [0, 1]",
    statement="The supremum, over profiles with values in [0, 1], of what an agent gains by a misreport in [0, 1].",
    define=define,
    roles=(I,),
    worlds=(TRUTH, LIE),
    applies=applies,
    numeric=True,
    story="agent {i} gains {margin} by misreporting",
    references=(
        "Duetting, Feng, Narasimhan, Parkes, Ravindranath, Optimal Auctions through Deep Learning, 2019, Sec. 2.2",
    ),
)
