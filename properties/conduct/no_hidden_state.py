"""Conduct of code: without hidden state."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.conduct.terms import CodeTerms
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=t.observed("truth", "remembers"))


NO_HIDDEN_STATE = Property(
    id="no-hidden-state",
    title="without hidden state",
    statement="What the code answers does not depend on earlier calls.",
    define=define,
    vocabulary=CodeTerms,
    story="after other calls, the code answers differently",
    references=(
        "Caminati, Kerber, Lange, Rowat, Sound Auction Specification and Implementation, EC 2015",
    ),
)
