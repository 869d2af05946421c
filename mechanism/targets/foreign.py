"""Foreign code as a procedure of the rule language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import sympy as sp
from sympy.core.symbol import Str

from mechanism.errors import NoOutcome
from mechanism.language import ForAll, Observed, agents
from mechanism.language.procedure import Outcomes, Procedure
from mechanism.outcome import Outcome
from mechanism.targets.conduct import CRASHES, SEEN, observe
from mechanism.targets.pareto import DOMINATED, dominated
from mechanism.targets.place import importing_as_served
from mechanism.targets.rows import tables
from mechanism.targets.session import Session, session
from mechanism.targets.target import Target
from mechanism.targets.values import plain

if TYPE_CHECKING:
    from mechanism.evaluate.block import Block
    from mechanism.evaluate.exact import Exact
    from mechanism.language.world import World
    from mechanism.rule import Rule

WHO, RIVAL = agents("a a'")


class Foreign(Procedure):
    """Code that somebody else wrote.

    Parameters
    ----------
    target : Target, or the Str of its text
    reports : expression over `WHO`
        What an agent reports: an entry of its report; a flag that says on which side it is.
    """

    def __new__(cls, target: Any, *reports: Any) -> Foreign:
        text = target if isinstance(target, Str) else Str(target.text())
        return sp.Basic.__new__(cls, text, *reports)

    @property
    def session(self) -> Session:
        """The worker that runs the code, with its memory of answers."""
        return session(self.args[0].name)

    @property
    def called(self) -> str:
        return f"the code {self.target.place}"

    @property
    def target(self) -> Target:
        return self.session.target

    # --- in a worker, behind limits ------------------------------------------------------------

    def request(self, read: Exact, world: World) -> tuple:
        """What the agents report in a world, in their order; of two sides, those of each."""
        entry, *flags = self.args[1:]
        agents = read.domain("agent", world)
        made = tuple(self._row(read, entry, {WHO: a}, world, entry.index[1:]) for a in agents)
        if not flags:
            return made
        return _sides(made, [read.read(flags[0], {WHO: a}, world) for a in agents])

    def _row(self, read: Exact, entry: Any, env: dict, world: World, rest: tuple) -> Any:
        if not rest:
            return read.read(entry, env, world)
        return tuple(
            self._row(read, entry, {**env, rest[0]: e}, world, rest[1:])
            for e in read.domain(rest[0].sort, world)
        )

    def outcome(self, read: Exact, world: World) -> Outcome:
        return self.session.outcome(self.request(read, world))

    def outcomes(self, block: Block, world: World) -> Outcomes:
        """All rows in one conversation with the worker."""
        found = [a.outcome for a in self.session.answers(self.requests(block, world))]
        sizes, kind = block.profiles.sizes, self.target.kind
        width = sizes["agent"] if kind.id == "matching" else sizes["good"] if kind.by_good else 0
        made = tables(found, sizes["agent"], width, self._there(block, world))
        return Outcomes(*made, np.array([o is not None for o in found]))

    def requests(self, block: Block, world: World) -> list[tuple]:
        """What the agents report in a world, for each row of a block."""
        entry, *flags = self.args[1:]
        said = _rows(block.said(entry.family, world), block.length)
        there = self._there(block, world)
        made = [_nested(row if there is None else row[there[n]]) for n, row in enumerate(said)]
        if not flags:
            return made
        sides = _rows(block.table(flags[0].family, None), block.length)
        return [
            _sides(row, list(side if there is None else side[there[n]]))
            for n, (row, side) in enumerate(zip(made, sides))
        ]

    def _there(self, block: Block, world: World) -> Any:
        """Who takes part, by row; None for everybody."""
        present = block.present("agent", 0, world)
        if present is None:
            return None
        return np.broadcast_to(present.data, (len(present.data), block.length)).T

    def defined(self) -> Any:
        return sp.Not(Observed(self, CRASHES))

    def observed(self, what: str, read: Exact, world: World) -> bool:
        reports = self.request(read, world)
        if what == DOMINATED:
            found = self.session.outcome(reports).allocation
            return dominated(reports, found, self.target.seats or (1,) * len(reports[1]))
        return observe(self.session, what, reports)

    def observed_rows(self, what: str, block: Block, world: World) -> Any:
        answers = self.session.answers(self.requests(block, world))
        return np.array([SEEN[what](a) for a in answers])

    def untied(self, rule: Rule) -> Any:
        """All reports differ: nothing else is known of how the code breaks ties."""
        entry = self.args[1]
        other = entry.xreplace({WHO: RIVAL})
        apart = sp.Ne(entry, other)
        for index in entry.index[1:]:
            apart = ForAll(apart, index)
        return ForAll(ForAll(apart, RIVAL, sp.Ne(RIVAL, WHO)), WHO)

    # --- in this process, for symbolic execution -----------------------------------------------

    def call(self, reports: Sequence[Any], number: Callable[[Any], Any] = plain) -> Outcome:
        """Run the code in this process on numbers of any kind, and read what it returns."""
        return self.session.callee.call(reports, number)

    def importing(self) -> AbstractContextManager[None]:
        """While it is entered, what the code imports is found where its worker finds it."""
        return importing_as_served(self.target.place)

    @property
    def function(self) -> Callable[..., Any]:
        return self.session.callee.function

    @property
    def module(self) -> ModuleType | None:
        return self.session.callee.module

    @property
    def sources(self) -> tuple[str, ...]:
        """The files of the audited project."""
        return self.session.callee.sources


def _sides(reports: tuple, first: list[Any]) -> tuple:
    """The reports of the first side, and those of the second; of preferences, only those about the other side."""
    if first != sorted(first, reverse=True):
        raise NoOutcome("the agents of the first side come first")
    if reports and isinstance(reports[0], tuple):
        reports = tuple(
            tuple(p for p, g in zip(r, first) if g != f) for r, f in zip(reports, first)
        )
    return tuple(r for r, f in zip(reports, first) if f), tuple(
        r for r, f in zip(reports, first) if not f
    )


def _rows(table: Any, length: int) -> Any:
    """A table with its rows first, for every row."""
    return np.moveaxis(np.broadcast_to(table, (*table.shape[:-1], length)), -1, 0)


def _nested(row: Any) -> tuple:
    return tuple(_nested(r) for r in row) if row.ndim > 1 else tuple(map(_number, row.tolist()))


@lru_cache(maxsize=4096)
def _number(value: Any) -> Fraction:
    return Fraction(value)


def foreign_of(rule: Rule) -> Foreign | None:
    """The foreign code that a rule stands for, if it does."""
    return next((p for p in rule.procedures if isinstance(p, Foreign)), None)


__all__ = ["WHO", "Foreign", "foreign_of"]
