"""Conduct of code: independent of the random state."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.conduct.terms import CodeTerms
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=t.observed("truth", "randomised"))


SEED_INDEPENDENCE = Property(
    id="seed-independence",
    title="independent of the random state",
    statement="What the code answers does not depend on the global random state.",
    define=define,
    vocabulary=CodeTerms,
    story="under another random seed, the code answers differently",
    references=(
        "Caminati, Kerber, Lange, Rowat, Sound Auction Specification and Implementation, EC 2015",
    ),
)
