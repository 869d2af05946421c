"""Ex-post individual rationality."""

from __future__ import annotations

from typing import Any

from mechanism.language import Index
from properties.property import Check, Property
from properties.roles import I


def define(t: Any, i: Index) -> Check:
    return Check(-t.utility("truth", i))


EX_POST_IR = Property(
    id="ex-post-ir",
    title="ex-post individually rational",
    statement="No truthful agent ends with less than nothing.",
    define=define,
    roles=(I,),
    story="agent {i} reports truthfully and loses {margin}",
    references=(
        "Nisan, Roughgarden, Tardos, Vazirani (eds.), Algorithmic Game Theory, 2007, Def. 9.17",
    ),
    aliases=("individual-rationality",),
)
