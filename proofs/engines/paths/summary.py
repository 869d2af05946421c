"""The exploration of a procedure, made once in a process for each number of agents."""

from __future__ import annotations

from contextlib import nullcontext
from functools import lru_cache, partial
from importlib import reload
from typing import Any

from mechanism.language.family import Domain
from mechanism.language.procedure import Procedure
from mechanism.targets.values import plain
from proofs.engines.engine import NotAccepted
from proofs.engines.paths.explorer import explore
from proofs.engines.paths.leaves import Exploration
from proofs.engines.paths.memory import audited
from proofs.engines.paths.proxy import Proxy


@lru_cache(maxsize=64)
def summary(
    procedure: Procedure,
    agents: int,
    over: tuple[int, ...],
    domain: Domain,
    first: tuple[bool, ...] = (),
) -> Exploration:
    """What the code of a procedure does with the reports of some agents.

    Parameters
    ----------
    first : tuple of bool
        Of a procedure with two sides, who is on the first; it takes the reports of each side.

    Raises
    ------
    NotAccepted
        Where the procedure is not code that runs in this process, or the reports are not numbers.
    """
    call: Any = getattr(procedure, "call", None)
    if call is None:
        raise NotAccepted(f"{type(procedure).__name__} is no code that can be run on symbols")
    if str(getattr(getattr(procedure, "target", None), "place", "")).startswith("exec:"):
        raise NotAccepted("a program of its own cannot be run on symbols")
    if domain.boolean or domain.integer:
        raise NotAccepted("only reports that are real numbers can be symbols")
    whole = partial(call, number=_kept)

    def by_side(reports: list[Any]) -> Any:
        sides = [[r for r, f in zip(reports, first) if f is side] for side in (True, False)]
        return whole(tuple(sides))

    with getattr(procedure, "importing", nullcontext)():
        while True:
            files = procedure.sources
            told = explore(by_side if first else whole, agents, domain, over=over, files=files)
            late = frozenset(procedure.sources) - frozenset(files)
            if not late:
                return told
            # Imported on the way: known from now on, as they were before they were called.
            for module in audited(late):
                reload(module)


def _kept(value: Any) -> Any:
    return value if isinstance(value, Proxy) else plain(value)
