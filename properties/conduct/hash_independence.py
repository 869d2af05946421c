"""Conduct of code: independent of the hash seed."""

from __future__ import annotations

from typing import Any

import sympy as sp

from properties.conduct.terms import CodeTerms
from properties.property import Check, Property


def define(t: Any) -> Check:
    return Check(sp.Integer(1), violation=t.observed("truth", "hashes"))


HASH_INDEPENDENCE = Property(
    id="hash-independence",
    title="independent of the hash seed",
    statement="What the code answers does not depend on the order of sets, which changes with Python's hash seed.",
    define=define,
    vocabulary=CodeTerms,
    story="under another PYTHONHASHSEED, the code answers differently",
    references=(
        "Caminati, Kerber, Lange, Rowat, Sound Auction Specification and Implementation, EC 2015",
    ),
)
