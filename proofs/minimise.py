"""The smallest counterexample, and the proof that there is no smaller one.

Smaller means, in this order: fewer agents; smaller sizes of the other sorts; fewer non-zero entries,
parameters included; a smaller largest denominator; a smaller largest numerator; a smaller sum of
absolute values; and then lexicographically, entry by entry. Each step asks the solver for less until
there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from mechanism.instance import Instance
from mechanism.language import Count, agents, at
from proofs.engines import ranked
from proofs.engines.engine import Budget
from proofs.enumerate import DEAR, MAX_PROFILES, entries, nonzero, smallest_on_grid, smallest_with
from proofs.lowering.obligation import size_choices
from proofs.verdict import counted
from proofs.violations import Violations
from properties.property import Obligation

LARGEST = 1_000  # whole number up to which a grid is laid out
FEW = 2  # numbers of agents that are ruled out one by one
_ANYBODY = agents("anybody")


@dataclass(frozen=True)
class Smallest:
    """A violation.

    Parameters
    ----------
    minimal : bool
        Every smaller one was ruled out.
    below : tuple of str
        What kept it from being shown, where it is not.
    """

    instance: Instance
    minimal: bool
    below: tuple[str, ...] = ()


def smallest(
    obligation: Obligation,
    budget: Budget,
    numbers: Sequence[int],
    deadline: float = float("inf"),
    known: Mapping[str, int] | None = None,
) -> Smallest | None:
    """The smallest violation with one of these numbers of agents, or None if none was found.

    Parameters
    ----------
    known : mapping of str to int, optional
        Sizes for which there is a violation.
    """
    doubts: list[str] = []
    for n in _not_ruled_out(obligation, budget, numbers):
        for sizes in size_choices(obligation, n):
            relaxed = Violations(obligation, sizes, budget, deadline, relaxed=True)
            if relaxed.options and sizes != known and relaxed.check() == "unsat":
                continue
            search = partial(_whole, obligation, sizes, budget, deadline, relaxed)
            found = _from_grids(obligation, sizes, relaxed, search)
            if found is None:
                whole = search()
                status = whole.check()
                if status == "unknown":
                    doubts.append(f"not ruled out: {counted(n, 'agent')}")
                found = _descend(whole) if status == "sat" else None
            if found is not None:
                below = (*doubts, *found.below)
                return Smallest(found.instance, found.minimal and not below, below)
    return None


def _not_ruled_out(obligation: Obligation, budget: Budget, numbers: Sequence[int]) -> Sequence[int]:
    """The numbers of agents without those below the last, if one proof shows that these are too few."""
    if len(numbers) <= FEW:
        return numbers
    everybody = at("everybody", Count(True, _ANYBODY), {})
    bounded = replace(obligation, premises=(*obligation.premises, everybody <= numbers[-1] - 1))
    return numbers[-1:] if ranked.prove(bounded, budget).status == "proved" else numbers


def _from_grids(
    obligation: Obligation,
    sizes: dict[str, int],
    relaxed: Violations,
    search: Callable[[], Violations],
) -> Smallest | None:
    """The smallest violation of a grid, or the one with fewer non-zero entries that lies beyond it."""
    # The relaxed question shows where to look.
    limit = DEAR if relaxed.options else MAX_PROFILES
    instance, count = smallest_on_grid(obligation, sizes, limit), None
    if instance is not None:
        count = nonzero(obligation, instance)
        if count == 0 or (relaxed.options and relaxed.fewer(count) == "unsat"):
            return Smallest(instance, True)
    if relaxed.options and (guided := _guided(obligation, sizes, relaxed, count)) is not None:
        least, instance = guided
        count = nonzero(obligation, instance)
        if count == least:
            return Smallest(instance, True)
    if instance is None or count is None:
        return None
    whole = search()
    status = whole.fewer(count)
    if status == "sat":
        return _descend(whole)
    doubts = ("fewer non-zero entries were not ruled out",) if status == "unknown" else ()
    return Smallest(instance, not doubts, doubts)


def _guided(
    obligation: Obligation, sizes: dict[str, int], relaxed: Violations, count: int | None
) -> tuple[int, Instance] | None:
    """How many non-zero entries the relaxed question needs, and the smallest violation that has so many, in
    whole numbers hardly larger than it needs, or a few more.

    Parameters
    ----------
    count : int, optional
        Fewer non-zero entries than these are wanted.
    """
    before = list(relaxed.base)
    try:
        if (relaxed.check() if count is None else relaxed.fewer(count)) != "sat":
            return None
        relaxed.fewest_entries()
        relaxed.smallest_numbers()
        values = [v for v in relaxed.values() if v not in (0, False)]
        if relaxed.doubts or any(v.denominator > 1 for v in values if v is not True):
            return None
        top = max((abs(int(v)) for v in values), default=0)
        if top > LARGEST:
            return None
        least = len(values)
        tried = ((least, top), (least, max(top, 2)), (least + 1, top), (least + 2, top))
        for many, high in dict.fromkeys(tried):
            if count is None or many < count:
                found = smallest_with(obligation, sizes, many, high)
                if found is not None:
                    return least, found
        return None
    finally:
        relaxed.base, relaxed.doubts = before, []


def _whole(
    obligation: Obligation,
    sizes: dict[str, int],
    budget: Budget,
    deadline: float,
    relaxed: Violations,
) -> Violations:
    search = Violations(obligation, sizes, budget, deadline)
    search.relaxed = relaxed if relaxed.options else None
    return search


def _descend(search: Violations) -> Smallest:
    """The smallest violation that the solver finds its way down to."""
    search.fewest_entries()
    search.smallest_numbers()
    instance = _of_as_many(search.obligation, search.sizes, search.instance())
    if instance is None:
        search.smallest_sum()
        instance = search.instance()
    return Smallest(instance, not search.doubts, tuple(search.doubts))


def _of_as_many(obligation: Obligation, sizes: dict[str, int], like: Instance) -> Instance | None:
    """The smallest violation in whole numbers that has as many non-zero entries as another, and none that is
    larger; None where the other has fractions, or there are too many.
    """
    values = [value for value in entries(obligation, like) if value]
    if any(not isinstance(v, (bool, Fraction)) or Fraction(v).denominator > 1 for v in values):
        return None
    top = max((abs(Fraction(v)) for v in values), default=Fraction(0))
    return smallest_with(obligation, sizes, len(values), int(top)) if top <= LARGEST else None
