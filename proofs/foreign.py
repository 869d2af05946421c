"""One finding about foreign code: a quick search, symbolic execution, then everything a search can do.

What is refuted is replayed in the code itself; what is found is made small by looking at small profiles first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np

from mechanism.instance import Instance
from mechanism.language import Observed
from mechanism.targets.conduct import SEEN
from mechanism.targets.constants import CENTS, FRACTIONS, LARGE, LOST, TEXTUAL, boundaries
from mechanism.targets.foreign import foreign_of
from mechanism.targets.session import HURRY, GaveUp
from proofs import matchings
from proofs.engines import random_tests
from proofs.engines.conduct import observe
from proofs.engines.grids import grid
from proofs.engines.matched import FINDERS
from proofs.engines.search import Tried, grid_rows, search, violations
from proofs.enumerate import smallest_on_grid
from proofs.lowering.obligation import size_choices
from proofs.minimise import Smallest
from proofs.question import LATE, Question, answer
from proofs.refute import TELLING, refutation
from proofs.report.story import troubles
from proofs.verdict import Finding, Search, Verdict, counted
from properties.check import check
from properties.property import Obligation

# Engines that prove something of code, tried in this order: a question in; out a finding, or why there is
# none.
ENGINES: dict[str, str] = {"paths": "proofs.engines.paths.engine"}
QUICK = 600  # profiles of the first look
SECONDS = 6.0  # of calls that one finding may take
EXAMPLES = 100


def decide_foreign(question: Question) -> Finding:
    """Decide one obligation about foreign code."""
    code = foreign_of(question.obligation.rule)
    assert code is not None
    # Each question has its own patience, and less of it where others have met hangs.
    code.session.losses, code.session.deaths = min(code.session.losses, HURRY), 0
    try:
        return _decide(question)
    except GaveUp as error:
        return answer(question, Verdict.UNDECIDED, reason=str(error))


def _decide(question: Question) -> Finding:
    sizes = question.sizes
    if question.obligation.property.id in FINDERS:
        return matchings.exhausted(question)
    slow = [n.what for n in question.obligation.violation.atoms(Observed) if n.what not in SEEN]
    if slow:
        return _observed(question, slow[0])
    if question.obligation.rule.setting.id == "matching":
        return matchings.looked(question)
    quick = search(question.obligation, sizes, QUICK, question.budget.seed)
    for values in (CENTS, TEXTUAL):  # symbols are not rounded, nor written as text
        if quick.instance is None:
            more = lattice(question.obligation, sizes, QUICK, values, question.budget.seed)
            quick = replace(quick, profiles=quick.profiles + more.profiles, instance=more.instance)
    if quick.instance is not None:
        return _refuted(question, quick.instance)
    why: list[str] = []
    code = foreign_of(question.obligation.rule)
    assert code is not None
    if question.late:
        return _searched(question, quick, LATE)
    if question.apart:  # an engine runs the code in this very process
        return _searched(question, quick, "not run on symbols, since that ended the process")
    for name in ENGINES:
        if time.monotonic() < question.deadline:
            found = engine(name)(question)
            if isinstance(found, Finding):
                return _further(question, quick, found)
            why.append(found)
    return _searched(question, quick, "; ".join(filter(None, why)))


def _observed(question: Question, what: str) -> Finding:
    """What needs processes of its own is looked at on a few profiles."""
    code = foreign_of(question.obligation.rule)
    assert code is not None
    matched = question.obligation.rule.setting.id == "matching"
    numbers = range(2, 3) if matched else question.sizes[:3]
    tried, odd = observe(question.obligation, code, what, numbers, question.budget.seed)
    if tried.instance is not None:
        return refutation(question, Smallest(tried.instance, False, (TELLING,)))
    detail = "" if matched else f"up to {counted(numbers.stop - 1, 'agent')}"
    evidence = Search(tried.profiles, detail)
    if odd:
        why = f"answers to {odd} profiles depended on what was asked before, but none shows it by itself"
        return answer(question, Verdict.UNDECIDED, evidence, reason=why)
    return answer(question, Verdict.UNREFUTED, evidence)


def _further(question: Question, quick: Tried, found: Finding) -> Finding:
    """A proof for fewer agents than were asked about, unless a search among the others refutes it."""
    if found.verdict is not Verdict.PROVED or found.scope.agents[1] == question.sizes.stop - 1:
        return found
    searched = _searched(question, quick)
    return searched if searched.verdict is Verdict.REFUTED else found


def engine(name: str) -> Callable[[Question], Finding | str]:
    """An engine of the registry, imported when first asked for."""
    return import_module(ENGINES[name]).decide


def _searched(question: Question, quick: Tried, why: str = "") -> Finding:
    """Everything a search can do: values from the code, thirds and tenths, larger grids, and Hypothesis."""
    obligation, budget, sizes = question.obligation, question.budget, question.sizes
    code = foreign_of(obligation.rule)
    assert code is not None
    profiles = min(budget.profiles, max(code.session.affordable(SECONDS) // 3, QUICK))
    steps = (
        lambda: lattice(obligation, sizes, profiles, boundaries(code.target), budget.seed),
        lambda: lattice(obligation, sizes, profiles // 2, FRACTIONS, budget.seed),
        lambda: _large(obligation, sizes, profiles // 2, budget.seed),
        lambda: search(obligation, sizes, profiles, budget.seed),
        lambda: random_tests.search(
            obligation, (sizes.start, sizes.stop - 1), EXAMPLES, budget.seed
        ),
    )
    tried, whole, reached = quick.profiles, quick.whole, quick.reached
    for step in steps:
        if time.monotonic() > question.deadline:
            break
        found = step()
        tried, whole = tried + found.profiles, found.whole or whole
        reached |= found.reached
        if found.instance is not None:
            return _refuted(question, found.instance)
    beyond = [
        f"none with {counted(n, 'agent')} meets the premises" for n in sizes if n not in reached
    ]
    most = f"up to {counted(sizes.stop - 1, 'agent')}"
    evidence = Search(tried, "; ".join((most, *beyond, *whole)))
    if not tried:
        return answer(question, Verdict.UNDECIDED, evidence, reason="no profile meets the premises")
    return answer(question, Verdict.UNREFUTED, evidence, reason=why)


def lattice(
    obligation: Obligation,
    numbers: range,
    profiles: int,
    values: Sequence[int | Fraction],
    seed: int,
    confirmed: Callable[[Obligation, Instance], bool] = lambda of, at: check(of, at).violated,
) -> Tried:
    """Profiles of given values: all where they are few, else some of them, the smaller numbers of agents first."""
    rng = np.random.default_rng(seed)
    tried = 0
    for n in numbers:
        for sizes in size_choices(obligation, n):
            rows = max(profiles // (2 * len(numbers)), 50)
            batch = grid(obligation, sizes, 1, rows, values) or grid_rows(
                obligation, sizes, values, rows, rng
            )
            admitted, instance = violations(obligation, sizes, *batch, confirmed=confirmed)
            tried += admitted
            if instance is not None:
                return Tried(tried, instance)
    return Tried(tried)


def _large(obligation: Obligation, numbers: range, profiles: int, seed: int) -> Tried:
    """Numbers that code which no engine could read may keep in too few bits, cut off, or sort as text."""
    tried = 0
    for values in LARGE:
        more = lattice(obligation, numbers, profiles // len(LARGE), values, seed, _beyond_doubles)
        tried += more.profiles
        if more.instance is not None:
            return Tried(tried, more.instance)
    return Tried(tried)


def _beyond_doubles(obligation: Obligation, instance: Instance) -> bool:
    """Whether a violation is more than what computing in doubles may lose on numbers as large."""
    checked = check(obligation, instance)
    if not checked.violated or obligation.violation != (obligation.margin > 0):
        return checked.violated
    largest = max((abs(v) for _, _, v in entries(instance) if v is not None), default=0)
    return bool(checked.margin is not None and checked.margin > LOST * largest)


def _refuted(question: Question, instance: Instance) -> Finding:
    """The finding for a violation: the smallest on a grid where there is one, replayed by a fresh process."""
    obligation = question.obligation
    small, why = _smallest(question, instance)
    found = refutation(question, Smallest(small, False, (why,)))
    if found.verdict is not Verdict.REFUTED:
        return found
    if obligation.property.numeric:
        margin = check(obligation, small).margin
        return answer(
            question,
            Verdict.UNDECIDED,
            reason=f"it is at least {margin}; a search finds no upper bound",
        )
    told = [line for line in troubles(obligation, small) if line]
    return replace(found, reason="; ".join((why, *told)))


def _smallest(question: Question, instance: Instance) -> tuple[Instance, str]:
    obligation = question.obligation
    for n in range(question.sizes.start, instance.sizes["agent"] + 1):
        for sizes in size_choices(obligation, n):
            if (small := smallest_on_grid(obligation, sizes)) is not None:
                return small, "no smaller one in small whole numbers"
    return simpler(obligation, instance), "found by search, and made smaller step by step"


def simpler(obligation: Obligation, instance: Instance) -> Instance:
    """The same violation with simpler numbers: each is tried as 0, as 1, as a whole number, as a half."""
    progress = True
    while progress:
        progress = False
        for name, place, value in list(entries(instance)):
            for other in _simpler_than(value):
                changed = put(instance, name, place, other)
                if check(obligation, changed).violated:
                    instance, progress = changed, True
                    break
    return instance


def _simpler_than(value: Any) -> list[Fraction]:
    """Simpler numbers, the simplest first."""
    if not isinstance(value, Fraction):
        return []
    whole = Fraction(int(value))
    options = [
        Fraction(0),
        Fraction(1),
        Fraction(2),
        whole,
        whole + 1,
        Fraction(int(2 * value), 2),
        Fraction(round(10 * value), 10),
    ]
    size = lambda f: (f != 0, f.denominator, abs(f.numerator))  # noqa: E731
    return [o for o in dict.fromkeys(options) if size(o) < size(value)]


def entries(instance: Instance) -> Iterator[tuple[str, tuple[int, ...], Any]]:
    """Every number of an instance with the name of its table and its place in it."""

    def walk(table: Any, place: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Any]]:
        if isinstance(table, tuple):
            for n, part in enumerate(table):
                yield from walk(part, (*place, n))
        else:
            yield place, table

    for name, table in instance.tables.items():
        for place, value in walk(table, ()):
            yield name, place, value


def put(instance: Instance, name: str, place: tuple[int, ...], value: Any) -> Instance:
    """The instance with one number changed."""

    def changed(table: Any, rest: tuple[int, ...]) -> Any:
        if not rest:
            return value
        return tuple(changed(t, rest[1:]) if n == rest[0] else t for n, t in enumerate(table))

    return replace(
        instance, tables={**instance.tables, name: changed(instance.tables[name], place)}
    )
