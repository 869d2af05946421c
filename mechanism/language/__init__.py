"""The rule language: sympy with bound agents, goods and outcomes."""

from mechanism.language.arithmetic import Cases, Max, Min, constant
from mechanism.language.family import (
    Applied,
    Domain,
    Entry,
    Family,
    Flag,
    Inverse,
    increasing_function,
    parameter,
    report,
)
from mechanism.language.index import (
    Index,
    agents,
    bundles,
    goods,
    indices,
    matchings,
    outcomes,
    partitions,
    ranks,
    slots,
)
from mechanism.language.numbers import exact
from mechanism.language.operators import (
    ArgMax,
    ArgMin,
    Awards,
    Binder,
    Contains,
    Count,
    Exists,
    First,
    ForAll,
    Greedy,
    Highest,
    KthHighest,
    KthLowest,
    Lowest,
    Nth,
    Rank,
    Sum,
)
from mechanism.language.procedure import Answered, Computed, Observed, Procedure
from mechanism.language.rounds import Rounds, state
from mechanism.language.world import At, Truth, World, at, is_index

__all__ = [
    "Answered", "Applied", "ArgMax", "ArgMin", "At", "Awards", "Binder", "Cases", "Computed", "Contains", "Count", "Domain", "Entry",
    "Exists", "Family", "First", "Flag", "ForAll", "Greedy", "Highest", "Index", "Inverse",
    "KthHighest", "KthLowest", "Lowest", "Max", "Min", "Nth", "Observed", "Procedure", "Rank", "Rounds", "Sum", "Truth", "World", "agents", "at", "bundles",
    "constant", "exact", "goods", "increasing_function", "indices", "is_index", "matchings",
    "outcomes", "parameter", "partitions", "ranks", "report", "slots", "state",
]  # fmt: skip
